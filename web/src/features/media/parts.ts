import type { Upload } from '#contract/media.ts'
import { delayMs, MOST_ATTEMPTS, mayPass, persist, UploadFailure } from './persistence.ts'
import type { UploadWorld } from './upload-world.ts'

/** A URL lives an hour: few enough at a time that the last is still good on a slow line. */
const SIGNED_AT_ONCE = 8
/** As many parts as one upload keeps on the wire; the lanes bound all uploads together. */
const PARTS_AT_ONCE = 4

/** `sentBytes` counts what is on its way too. */
export type PartsProgress = { sentBytes: number; arrivedBytes: number; isRetrying: boolean }

type Delivery = { file: File; upload: Upload; signal: AbortSignal; onProgress(progress: PartsProgress): void }

const bounds = (upload: Upload, number: number): { start: number; end: number } => {
  const start = (number - 1) * upload.partBytes
  return { start, end: Math.min(start + upload.partBytes, upload.sizeBytes) }
}

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

/** Signs parts a few at a time; several that ask at once share a call. */
const signer = ({ upload, signal }: Delivery, missing: () => number[], { api, wait, random }: UploadWorld) => {
  const urls = new Map<number, string>()
  let signing: Promise<void> | undefined
  const sign = async (number: number): Promise<void> => {
    const parts = [number, ...missing().filter((other) => other !== number && !urls.has(other))].slice(0, SIGNED_AT_ONCE)
    const signed = await persist(() => api.signParts({ upload: upload.id, parts }), { wait, random, signal })
    for (const part of signed.parts) urls.set(part.number, part.url)
    if (!urls.has(number)) throw new UploadFailure('refused', `part ${number} was not signed`)
  }
  const urlOf = async (number: number): Promise<string> => {
    for (;;) {
      const url = urls.get(number)
      if (url !== undefined) return url
      signing ??= sign(number).finally(() => {
        signing = undefined
      })
      await signing
    }
  }
  return {
    urlOf,
    /** One URL refused means its whole batch is too old, unless it has been replaced since. */
    refused(number: number, url: string): void {
      if (urls.get(number) === url) urls.clear()
    },
  }
}

/** A file that was moved, changed or unplugged looks like a broken connection; reading a byte tells them apart. */
const stillReadable = async (file: File, start: number): Promise<void> => {
  try {
    await file.slice(start, start + 1).arrayBuffer()
  } catch (error) {
    throw new UploadFailure('unreadable', '', { cause: error })
  }
}

/**
 * Sends every part the server does not have, several at a time.
 * @throws UploadFailure, or what the API refused with
 */
export const sendParts = async (delivery: Delivery, world: UploadWorld): Promise<void> => {
  const { file, upload } = delivery
  // One part given up stops the others too.
  const failed = new AbortController()
  const signal = AbortSignal.any([delivery.signal, failed.signal])
  const book = ledger(delivery)
  const signed = signer({ ...delivery, signal }, book.missing, world)

  /** Decides what a part that did not arrive is worth; throws when it is given up. */
  const recover = async (number: number, { url, status, attempt }: { url: string; status: number; attempt: number }): Promise<void> => {
    book.lost(number)
    const isRefused = status === 403
    if (isRefused) signed.refused(number, url)
    else if (!mayPass(status)) throw new UploadFailure('refused', `HTTP ${status}`)
    await stillReadable(file, bounds(upload, number).start)
    if (attempt >= MOST_ATTEMPTS) throw isRefused ? new UploadFailure('refused', 'HTTP 403') : new UploadFailure('network')
    // A URL that was merely old needs no waiting; one refused again and again does.
    if (!isRefused || attempt > 1) await world.wait(delayMs(attempt, world.random()), signal)
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
