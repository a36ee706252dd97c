import { bounds, stillReadable } from './part-bytes.ts'
import { partSigner } from './part-signer.ts'
import { delayMs, MOST_ATTEMPTS, mayPass, UploadFailure } from './persistence.ts'
import type { Parted, PartsWorld } from './upload-world.ts'

/** As many parts as one upload keeps on the wire; the lanes bound all uploads together. */
const PARTS_AT_ONCE = 4

/** `sentBytes` counts what is on its way too. */
export type PartsProgress = { sentBytes: number; arrivedBytes: number; isRetrying: boolean }

type Delivery = { file: File; upload: Parted; signal: AbortSignal; onProgress(progress: PartsProgress): void }

/** Counts what has arrived and what is on its way, and who is waiting to try again. */
const ledger = ({ upload, onProgress }: Delivery) => {
  const arrived = new Set(upload.arrived)
  const onItsWay = new Map<number, number>()
  const retrying = new Set<number>()
  const size = (number: number): number => bounds(upload, number).end - bounds(upload, number).start
  const tell = (): void => {
    const arrivedBytes = [...arrived].reduce((sum, number) => sum + size(number), 0)
    const sentBytes = [...onItsWay.values()].reduce((sum, bytes) => sum + bytes, arrivedBytes)
    onProgress({ sentBytes, arrivedBytes, isRetrying: retrying.size > 0 })
  }
  return {
    missing: (): number[] => Array.from({ length: upload.parts }, (_, index) => index + 1).filter((number) => !arrived.has(number)),
    sent(number: number, bytes: number): void {
      retrying.delete(number)
      onItsWay.set(number, Math.min(bytes, size(number)))
      tell()
    },
    lost(number: number): void {
      onItsWay.delete(number)
      retrying.add(number)
      tell()
    },
    arrived(number: number): void {
      onItsWay.delete(number)
      retrying.delete(number)
      arrived.add(number)
      tell()
    },
    tell,
  }
}

/**
 * Sends every part the server does not have, several at a time.
 * @throws UploadFailure, or what the API refused with
 */
export const sendParts = async (delivery: Delivery, world: PartsWorld): Promise<void> => {
  const { file, upload } = delivery
  // One part given up stops the others too.
  const failed = new AbortController()
  const signal = AbortSignal.any([delivery.signal, failed.signal])
  const book = ledger(delivery)
  const signed = partSigner({ file, upload, signal, missing: book.missing }, world)

  /** Decides what a part that did not arrive is worth; throws when it is given up. */
  const recover = async (number: number, { url, status, attempt }: { url: string; status: number; attempt: number }): Promise<void> => {
    book.lost(number)
    const isOld = status === 403
    // What arrived is not what was hashed, or not all of it.
    const isDamaged = status === 400
    if (isOld) signed.refused(url)
    else if (isDamaged) signed.damaged(number)
    else if (!mayPass(status)) throw new UploadFailure('refused', `HTTP ${status}`)
    await stillReadable(file, bounds(upload, number).start)
    if (attempt >= MOST_ATTEMPTS) throw isOld || isDamaged ? new UploadFailure('refused', `HTTP ${status}`) : new UploadFailure('network')
    // A URL that was merely old needs no waiting; one refused again and again does.
    if (!isOld || attempt > 1) await world.wait(delayMs(attempt, world.random()), signal)
  }
  const sendOne = async (number: number): Promise<void> => {
    const { start, end } = bounds(upload, number)
    for (let attempt = 1; ; attempt += 1) {
      const url = await signed.urlOf(number)
      const status = await world.send({ url, body: file.slice(start, end), signal, onSent: (bytes) => book.sent(number, bytes) })
      signal.throwIfAborted()
      if (status >= 200 && status < 300) return book.arrived(number)
      await recover(number, { url, status, attempt })
    }
  }

  book.tell()
  const queue = book.missing()
  const worker = async (): Promise<void> => {
    for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
      const release = await world.lanes.take(signal)
      try {
        await sendOne(number)
      } finally {
        release()
      }
    }
  }
  const workers = Array.from({ length: PARTS_AT_ONCE }, worker)
  try {
    await Promise.all(workers)
  } catch (error) {
    failed.abort(error)
    await Promise.allSettled(workers)
    throw error
  }
}
