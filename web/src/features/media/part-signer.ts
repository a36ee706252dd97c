import { bounds } from './part-bytes.ts'
import { persist, UploadFailure } from './persistence.ts'
import type { Line, Parted, PartsWorld } from './upload-world.ts'

/** A URL lives an hour: few enough at a time that the last is still good on a slow line. */
const SIGNED_AT_ONCE = 8
/** With so few left the next are asked for, so that no lane waits for an answer; and so few are enough to begin with. */
const FEW = 4

/** So often the school signs a batch all the same: it gives up an upload of which it has heard nothing for a week. */
const BATCHES_BETWEEN = 16

type Signing = { file: File; upload: Parted; signal: AbortSignal; missing(): number[] }

/** One after the other: no more than one part is held in memory. */
const hashesOf = async ({ file, upload, signal }: Signing, parts: readonly number[], hash: Line['hash']): Promise<string[] | undefined> => {
  const hashes: string[] = []
  for (const number of parts) {
    signal.throwIfAborted()
    const { start, end } = bounds(upload, number)
    const hashed = await hash(file.slice(start, end)).catch((cause: unknown) => {
      throw new UploadFailure('unreadable', '', { cause })
    })
    if (hashed === undefined) return undefined
    hashes.push(hashed)
  }
  return hashes
}

/** Signs by keys of the page's own, until that fails once: from then on the school signs what is left. */
const pageSigner = ({ upload }: Signing, signOwn: Line['signOwn']) => {
  let { straight } = upload
  const made = new Set<string>()
  let batches = 0
  return {
    async sign(parts: readonly number[], hashes: readonly string[]): Promise<string[] | undefined> {
      batches += 1
      if (!straight || batches % BATCHES_BETWEEN === 0) return undefined
      const asked = parts.map((number, index) => {
        const { start, end } = bounds(upload, number)
        return { number, size: end - start, sha256: hashes[index] ?? '' }
      })
      const urls = await signOwn(straight, asked).catch(() => undefined)
      if (!urls) straight = undefined
      for (const url of urls ?? []) made.add(url)
      return urls
    },
    /** The store may have taken the keys back, or never have let them in. */
    refused(url: string): void {
      if (made.has(url)) straight = undefined
    },
  }
}

/**
 * Hashes and signs parts a few at a time, ahead of their sending; several that ask at once share a call. Signed by the page where the store
 * gives it keys, and by the school otherwise.
 */
export const partSigner = (job: Signing, { api, hash, signOwn, wait, random }: PartsWorld) => {
  const { upload, signal, missing } = job
  /** By part; one that has been handed out stays until it is refused, for its part may be sent again. */
  const urls = new Map<number, string>()
  const handedOut = new Set<number>()
  let signing: Promise<void> | undefined
  const own = pageSigner(job, signOwn)

  const unsigned = (): number[] => missing().filter((number) => !urls.has(number))
  const sign = async (parts: number[]): Promise<void> => {
    const hashes = await hashesOf(job, parts, hash)
    const byPage = hashes && (await own.sign(parts, hashes))
    if (byPage) {
      for (const [index, url] of byPage.entries()) urls.set(parts[index] ?? 0, url)
      return
    }
    const signed = await persist(() => api.signParts({ upload: upload.id, parts, ...(hashes && { hashes }) }), { wait, random, signal })
    for (const part of signed.parts) urls.set(part.number, part.url)
    for (const number of parts) if (!urls.has(number)) throw new UploadFailure('refused', `part ${number} was not signed`)
  }
  const begin = (parts: number[]): Promise<void> => {
    signing = sign(parts).finally(() => {
      signing = undefined
    })
    // Whoever needs these parts is told when they ask for them.
    signing.catch(() => undefined)
    return signing
  }
  const signAhead = (): void => {
    const ready = [...urls.keys()].filter((number) => !handedOut.has(number)).length
    const next = unsigned().slice(0, SIGNED_AT_ONCE)
    if (!signing && ready < FEW && next.length > 0) void begin(next)
  }

  return {
    async urlOf(number: number): Promise<string> {
      for (;;) {
        const url = urls.get(number)
        if (url !== undefined) {
          handedOut.add(number)
          signAhead()
          return url
        }
        await (signing ?? begin([number, ...unsigned().filter((other) => other !== number)].slice(0, FEW)))
      }
    },
    /** One URL refused means its whole batch is too old, unless it has been replaced since. */
    refused(url: string): void {
      if (![...urls.values()].includes(url)) return
      own.refused(url)
      urls.clear()
      handedOut.clear()
    },
    /** The hash may be what was wrong: it is made anew. */
    damaged(number: number): void {
      urls.delete(number)
      handedOut.delete(number)
    },
  }
}
