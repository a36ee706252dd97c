import { looksLikeMedia, SNIFF_BYTES } from '#core/media/sniff.ts'
import type { Objects } from '#ports/objects.ts'
import type { SourceFault } from '#ports/transcoder.ts'

export type Unusable = { fault: SourceFault; detail: string }

/** Boxes beside each other in a film, fragmented ones aside, which are not followed further. */
const MOST_BOXES = 32
const MOST_INDEX_BYTES = 32 * 1024 ** 2

type Box = { type: string; at: number; size: number }

const boxAt = (bytes: Buffer, at: number, fileBytes: number): Box | undefined => {
  if (bytes.length < 8) return undefined
  const small = bytes.readUInt32BE(0)
  if (small === 1 && bytes.length < 16) return undefined
  const size = small === 1 ? Number(bytes.readBigUInt64BE(8)) : small === 0 ? fileBytes - at : small
  return size < 8 ? undefined : { type: bytes.toString('latin1', 4, 8), at, size }
}

type Stored = { objects: Objects; key: string; size: number }

const outerBoxes = async ({ objects, key, size }: Stored): Promise<Box[]> => {
  const found: Box[] = []
  for (let at = 0; at < size && found.length < MOST_BOXES; ) {
    const box = boxAt(Buffer.from((await objects.range(key, at, at + 15)) ?? []), at, size)
    if (!box) break
    found.push(box)
    at += box.size
  }
  return found
}

/** Common Encryption, ISO/IEC 14496-12 §8.12: the true codec is named in a `frma` inside a `sinf`. */
const PROTECTED = /sinf[\s\S]{4}frma/

const judgeFilm = async (stored: Stored): Promise<Unusable | undefined> => {
  const boxes = await outerBoxes(stored)
  const last = boxes.at(-1)
  if (last && last.at + last.size > stored.size)
    return { fault: 'incomplete', detail: `A box (${last.type}) ends at ${last.at + last.size}, and the file at ${stored.size}.` }
  const index = boxes.find(({ type }) => type === 'moov')
  if (!index) return boxes.length < MOST_BOXES ? { fault: 'incomplete', detail: 'The index of the file (moov) is missing.' } : undefined
  if (index.size > MOST_INDEX_BYTES) return undefined
  const bytes = await stored.objects.range(stored.key, index.at, index.at + index.size - 1)
  return PROTECTED.test(Buffer.from(bytes ?? []).toString('latin1')) ? { fault: 'encrypted', detail: 'The file is protected (sinf).' } : undefined
}

/**
 * What MediaConvert does not look at before it is paid to: that a file is a film at all and no playlist that names others (it would
 * read them), that an MP4 is as long as it says, and that it is not protected.
 */
export const judgeSource = async ({ objects, key }: Pick<Stored, 'objects' | 'key'>): Promise<Unusable | undefined> => {
  const size = (await objects.head(key))?.size
  if (size === undefined) return { fault: 'internal', detail: 'The source is not there.' }
  const first = (await objects.range(key, 0, SNIFF_BYTES - 1)) ?? new Uint8Array()
  if (!looksLikeMedia(first)) return { fault: 'not-a-video', detail: 'The file begins like no video container.' }
  const isFilm = /^[a-z]{4}$/.test(Buffer.from(first).toString('latin1', 4, 8))
  return isFilm ? judgeFilm({ objects, key, size }) : undefined
}
