import { attachment } from '#core/delivery/disposition.ts'
import { checkedOptions, type PutOptions } from '#ports/objects.ts'

/** S3 keeps 2 KB of an object's own headers; the other ones want some of it. */
const MOST_DISPOSITION_BYTES = 1600

/**
 * What a browser saves the object as. A name of two hundred letters outside of Latin would not fit in once it is encoded: it is
 * cut before its ending, and whole in the metadata.
 */
const dispositionOf = (fileName: string): string => {
  const dot = fileName.lastIndexOf('.')
  const hasEnding = dot > 0 && fileName.length - dot <= 12
  const [stem, ending] = hasEnding ? [fileName.slice(0, dot), fileName.slice(dot)] : [fileName, '']
  const letters = [...stem]
  while (letters.length > 1 && attachment(letters.join('') + ending).length > MOST_DISPOSITION_BYTES) letters.pop()
  return attachment(letters.join('') + ending)
}

/** S3 sends it in quotes. */
export const bare = (etag: string | undefined): string => (etag ?? '').replaceAll('"', '')

const NAME = 'file-name'

export type ObjectHeaders = { ContentType: string; CacheControl?: string; ContentDisposition?: string; Metadata?: Record<string, string> }

/**
 * An object's type, caching and name as S3 keeps them. `Content-Disposition` is what browsers are sent, and has slashes and long
 * names altered; the name as it was given lies beside it, in base64url, for metadata travels as plain letters.
 */
export const headersOf = (options: PutOptions): ObjectHeaders => {
  const { type, cacheControl, fileName } = checkedOptions(options)
  return {
    ContentType: type,
    ...(cacheControl !== undefined && { CacheControl: cacheControl }),
    ...(fileName !== undefined && { ContentDisposition: dispositionOf(fileName), Metadata: { [NAME]: Buffer.from(fileName).toString('base64url') } }),
  }
}

type Answered = { ContentType?: string | undefined; CacheControl?: string | undefined; Metadata?: Record<string, string> | undefined }

export const optionsOf = ({ ContentType, CacheControl, Metadata }: Answered): PutOptions => {
  const name = Metadata?.[NAME]
  return {
    type: ContentType ?? 'application/octet-stream',
    ...(CacheControl !== undefined && { cacheControl: CacheControl }),
    ...(name !== undefined && { fileName: Buffer.from(name, 'base64url').toString() }),
  }
}
