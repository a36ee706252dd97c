import { missing, Refusal } from '#core/refusal.ts'
import { ObjectsRefusal, UPLOAD_KEPT_DAYS, UPLOAD_LIMITS } from '#ports/objects.ts'
import type { World } from '#ports/world.ts'

/** A file on its way in parts: where it goes, the store's ticket, and how it is cut. */
export type Parted = { key: string; ticket: string; sizeBytes: number; partBytes: number; parts: number }

const PART_URL_SECONDS = 3600
const TOUCH_MS = 3600_000
/** As long as a store keeps parts that nobody goes on with. */
const STALE_MS = UPLOAD_KEPT_DAYS * 24 * 3600_000

/** How a file of a size is cut. */
export const cut = ({ settings }: Pick<World, 'settings'>, sizeBytes: number): { partBytes: number; parts: number } => {
  const partBytes = Math.max(settings.upload.partBytes, Math.ceil(sizeBytes / UPLOAD_LIMITS.parts))
  return { partBytes, parts: Math.ceil(sizeBytes / partBytes) }
}

/** Whether going on with an upload is to be written down: once an hour at most, so that whoever is still sending is not taken for gone. */
export const isTouchDue = ({ clock }: Pick<World, 'clock'>, at: string): boolean => clock.now().getTime() - Date.parse(at) >= TOUCH_MS

/** Nobody has gone on with it for a week. */
export const isLeft = ({ clock }: Pick<World, 'clock'>, at: string): boolean => Date.parse(at) <= clock.now().getTime() - STALE_MS

/** Numbers of the parts that have arrived. */
export const arrivedParts = async ({ objects }: Pick<World, 'objects'>, { key, ticket }: Parted): Promise<number[]> =>
  (await objects.listParts(key, ticket)).map(({ number }) => number)

type Asked = { parts: readonly number[]; hashes?: readonly string[] | undefined }
export type SignedPart = { number: number; size: number; url: string }

/** URLs to PUT parts to, each with its digest where there are any. */
export const signedParts = async ({ objects }: Pick<World, 'objects'>, upload: Parted, { parts, hashes }: Asked): Promise<SignedPart[]> => {
  if (parts.some((number) => number < 1 || number > upload.parts)) throw new Refusal('bad-input', `This upload has parts 1 to ${upload.parts}.`)
  if (hashes && hashes.length !== parts.length) throw new Refusal('bad-input', 'There is one hash for each part.')
  const sizeOf = (number: number): number => (number === upload.parts ? upload.sizeBytes - (upload.parts - 1) * upload.partBytes : upload.partBytes)
  const signed = parts.map(async (number, index) => {
    const [size, sha256] = [sizeOf(number), hashes?.[index]]
    const part = { key: upload.key, upload: upload.ticket, number, size, ...(sha256 !== undefined && { sha256 }) }
    return { number, size, url: await objects.signPart(part, PART_URL_SECONDS) }
  })
  try {
    return await Promise.all(signed)
  } catch (error) {
    if (error instanceof ObjectsRefusal && error.code === 'digest-missing') throw new Refusal('bad-input', 'This school takes parts with their SHA-256 only.')
    throw error
  }
}

/** Joins what has arrived; a second call after a lost answer finds it joined. Who signs parts by keys of their own may have sent more than was announced. */
export const joinParts = async ({ objects }: Pick<World, 'objects'>, { key, ticket, parts, sizeBytes }: Parted): Promise<void> => {
  try {
    const { size } = await objects.finishUpload(key, ticket, parts)
    if (size !== sizeBytes) throw new Refusal('bad-input', 'What has arrived is of another size than the file that was announced. Choose it again.')
  } catch (error) {
    if (!(error instanceof ObjectsRefusal)) throw error
    if (error.code === 'part-missing') throw new Refusal('upload-incomplete', 'A part of the file has not arrived. Go on with the upload.')
    if ((await objects.head(key))?.size !== sizeBytes) throw missing('upload')
  }
}
