import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

export type Encoding = 'br' | 'gzip'

const TEXT = /^(text\/|application\/(json|javascript|xml|wasm|manifest\+json|ld\+json)|image\/svg\+xml)/
const LEAST_BYTES = 1024
/** Of compressed copies kept in memory: a web app and the catalogue of a large school. */
const MOST_KEPT_BYTES = 64 * 1024 * 1024
/** Brotli's 9 of 11: within a few per cent of the best at a fifth of its time, and each text is done once. */
const BROTLI_QUALITY = 9

const accepts = (header: string, encoding: Encoding): boolean =>
  header.split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    return name === encoding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })

/** The encoding to answer in, or undefined for plain bytes. A part of a text (Range) is a part of its plain bytes. */
export const encodingFor = (
  headers: { 'accept-encoding'?: string | string[] | undefined; range?: string | undefined },
  type: string,
  size: number,
): Encoding | undefined => {
  if (!isText(type) || size < LEAST_BYTES || headers.range !== undefined) return undefined
  const header = String(headers['accept-encoding'] ?? '')
  return accepts(header, 'br') ? 'br' : accepts(header, 'gzip') ? 'gzip' : undefined
}

export const isText = (type: string): boolean => TEXT.test(type)

const compress = (bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> =>
  encoding === 'gzip'
    ? promisify(gzip)(bytes, { level: 9 })
    : promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })

/** Compresses each text once, whoever asks at the same time, and forgets those unused for longest. */
export const compressor = (): ((id: string, encoding: Encoding, read: () => Promise<Uint8Array>) => Promise<Uint8Array>) => {
  const kept = new Map<string, { size: number; bytes: Promise<Uint8Array> }>()
  let keptBytes = 0
  const forget = (key: string): void => {
    keptBytes -= kept.get(key)?.size ?? 0
    kept.delete(key)
  }
  return (id, encoding, read) => {
    const key = `${encoding} ${id}`
    const found = kept.get(key)
    if (found) {
      // A Map keeps the order of insertion: what was used last goes to the end.
      kept.delete(key)
      kept.set(key, found)
      return found.bytes
    }
    const entry = { size: 0, bytes: read().then((bytes) => compress(bytes, encoding)) }
    kept.set(key, entry)
    const settled = (size: number): void => {
      if (kept.get(key) !== entry) return
      entry.size = size
      keptBytes += size
      for (const oldest of kept.keys()) {
        if (keptBytes <= MOST_KEPT_BYTES) break
        forget(oldest)
      }
    }
    entry.bytes.then(
      (bytes) => settled(bytes.length),
      () => kept.delete(key),
    )
    return entry.bytes
  }
}
