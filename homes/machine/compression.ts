import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { recent } from './recent.ts'

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
  const kept = recent<{ size: number; bytes: Promise<Uint8Array> }>(MOST_KEPT_BYTES, ({ size }) => size)
  return (id, encoding, read) => {
    const key = `${encoding} ${id}`
    const found = kept.get(key)
    if (found) return found.bytes
    const bytes = read().then((plain) => compress(plain, encoding))
    kept.set(key, { size: 0, bytes })
    const isKept = (): boolean => kept.get(key)?.bytes === bytes
    bytes.then(
      ({ length }) => isKept() && kept.set(key, { size: length, bytes }),
      () => isKept() && kept.forget(key),
    )
    return bytes
  }
}
