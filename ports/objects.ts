import type { Page } from './tables.ts'

/** What a listing says of an object; S3's says no more. */
export type ObjectEntry = { key: string; size: number; etag: string }
export type ObjectMeta = ObjectEntry & { type: string; cacheControl?: string; fileName?: string }
export type StoredObject = ObjectMeta & { bytes: Uint8Array }

/**
 * `fileName` is what whoever downloads the object is offered to save it as, in any language; an edge sends it as RFC 6266 has it. S3 keeps it
 * as the object's `Content-Disposition`.
 */
export type PutOptions = { type: string; cacheControl?: string; fileName?: string }

/** Unicode code points in a file's name. */
const MOST_NAME_CHARACTERS = 200

/** Control characters, line and paragraph separators, halves of surrogate pairs: nothing that could end a header, nothing that is no text. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u

/** Whether a store takes this as a file's name. It is no path: what it holds of slashes and dots leads nowhere. */
export const isFileName = (name: string): boolean => name !== '' && [...name].length <= MOST_NAME_CHARACTERS && !UNPRINTABLE.test(name)

export type Part = { number: number; size: number; etag: string }

/** `sha256` of the part's bytes in base64, as S3's `x-amz-checksum-sha256` has it: a body with another digest is answered 400 and not kept. */
export type PartToSign = { key: string; upload: string; number: number; size: number; sha256?: string }

/** Bounds of a multipart upload, S3's: parts 1 … 10,000, each of 5 MiB … 5 GiB save the last. */
export const UPLOAD_LIMITS = { parts: 10_000, minPartBytes: 5 * 1024 * 1024, maxPartBytes: 5 * 1024 ** 3 } as const

/** So many days after the last part of an upload arrived, or after it began when none has, a store may forget it; never before. */
export const UPLOAD_KEPT_DAYS = 7

/**
 * Blobs under keys such as `media/vid_…/master.m3u8`. Keys are `/`-separated names of [A-Za-z0-9._-], with no empty,
 * `.` or `..` segment, and at most 1024 bytes.
 *
 * @throws ObjectsRefusal `bad-key` for any other key, in every method; `bad-name` for a file name that `isFileName` does not take.
 */
export type Objects = {
  /** Replaces what was there, whole or not at all. */
  put(key: string, body: Uint8Array | string, options: PutOptions): Promise<ObjectMeta>
  get(key: string): Promise<StoredObject | undefined>
  head(key: string): Promise<ObjectMeta | undefined>
  /** Bytes `start` … `end`, both included, cut to the object's size; undefined when there is no object. */
  range(key: string, start: number, end: number): Promise<Uint8Array | undefined>
  /** By key, ascending. At most 1000 a page. */
  list(prefix: string, page?: string): Promise<Page<ObjectEntry>>
  /** Gives an object another file name; its bytes stay, and what is not there is no error. */
  nameFile(key: string, fileName: string): Promise<void>
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>
  /** Begins a multipart upload; the key holds nothing until it is finished. It is kept for `UPLOAD_KEPT_DAYS`, and longer while parts arrive. */
  startUpload(key: string, options: PutOptions): Promise<string>
  /**
   * A URL a browser may PUT exactly this part to, until it expires. A part sent again replaces the first, and leaves the others as they are.
   * @throws ObjectsRefusal `digest-missing` where the store takes no part without its digest.
   */
  signPart(part: PartToSign, ttlSeconds: number): Promise<string>
  /** Parts that have arrived, by number. Empty when the upload is unknown. */
  listParts(key: string, upload: string): Promise<Part[]>
  /**
   * Joins the parts 1 … n in order.
   * @throws ObjectsRefusal `part-missing` when one of them has not arrived, `part-too-small` when one but the last is below the bound (the upload stays),
   * `upload-unknown` when there is none.
   */
  finishUpload(key: string, upload: string, parts: number): Promise<ObjectMeta>
  cancelUpload(key: string, upload: string): Promise<void>
  /** How much more fits in; undefined where nothing bounds the store. */
  freeBytes(): Promise<number | undefined>
}

export class ObjectsRefusal extends Error {
  readonly code: 'bad-key' | 'bad-name' | 'digest-missing' | 'part-missing' | 'part-too-small' | 'upload-unknown'
  constructor(code: ObjectsRefusal['code'], message: string) {
    super(message)
    this.code = code
  }
}

const KEY = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/

/** What every home asks of a key, before anything else. */
export const checkedKey = (key: string): string => {
  const isFine = key.length <= 1024 && KEY.test(key) && !key.split('/').some((name) => name === '.' || name === '..')
  if (!isFine) throw new ObjectsRefusal('bad-key', `Not a key: ${JSON.stringify(key.slice(0, 80))}`)
  return key
}

/** What every home asks of a file name, where there is one. */
export const checkedOptions = ({ fileName, ...how }: PutOptions): PutOptions => {
  if (fileName === undefined) return how
  if (!isFileName(fileName)) throw new ObjectsRefusal('bad-name', `Not a name for a file: ${JSON.stringify(fileName.slice(0, 80))}`)
  return { ...how, fileName }
}
