import type { PictureType } from '#contract/pictures.ts'

/** What the bytes are, whatever they are called. */
export type Measured = { type: PictureType; width: number; height: number }

const text = (bytes: Uint8Array, start: number, length: number): string => String.fromCharCode(...bytes.subarray(start, start + length))
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const png = (bytes: Uint8Array): Measured | undefined => {
  if (text(bytes, 0, 8) !== '\x89PNG\r\n\x1a\n' || text(bytes, 12, 4) !== 'IHDR') return undefined
  const view = viewOf(bytes)
  return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
}

const gif = (bytes: Uint8Array): Measured | undefined => {
  if (!/^GIF8[79]a$/.test(text(bytes, 0, 6))) return undefined
  const view = viewOf(bytes)
  return { type: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) }
}

/** Markers that begin a frame (ITU T.81, table B.1): C0 … CF without tables, a reserved one and arithmetic conditioning. */
const beginsFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

const jpeg = (bytes: Uint8Array): Measured | undefined => {
  if (text(bytes, 0, 3) !== '\xff\xd8\xff') return undefined
  const view = viewOf(bytes)
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1] ?? 0
    if (beginsFrame(marker)) return { type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    // A marker may be filled up with more of the same byte.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return undefined
}

const uint24 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)

const webp = (bytes: Uint8Array): Measured | undefined => {
  if (text(bytes, 0, 4) !== 'RIFF' || text(bytes, 8, 4) !== 'WEBP') return undefined
  const [view, chunk, type] = [viewOf(bytes), text(bytes, 12, 4), 'image/webp'] as const
  if (chunk === 'VP8X') return { type, width: uint24(bytes, 24) + 1, height: uint24(bytes, 27) + 1 }
  if (chunk === 'VP8 ') return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  if (chunk !== 'VP8L') return undefined
  const packed = view.getUint32(21, true)
  return { type, width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 }
}

/** How far into an AVIF its sizes stand; they are among its first boxes. */
const SEARCHED_BYTES = 65_536

const avif = (bytes: Uint8Array): Measured | undefined => {
  if (text(bytes, 4, 4) !== 'ftyp' || !/^avi[fs]$/.test(text(bytes, 8, 4))) return undefined
  const [view, head] = [viewOf(bytes), new TextDecoder('latin1').decode(bytes.subarray(0, SEARCHED_BYTES))]
  // A thumbnail or a plane of transparency has one as well: the largest is the picture.
  const sizes = [...head.matchAll(/ispe/g)].flatMap(({ index }) =>
    index + 16 <= bytes.length ? [{ width: view.getUint32(index + 8), height: view.getUint32(index + 12) }] : [],
  )
  const [largest] = sizes.sort((a, b) => b.width * b.height - a.width * a.height)
  return largest && { type: 'image/avif', ...largest }
}

/** The kind and size of a picture by its own bytes; undefined for everything else. Sizes are as stored, before a camera's turn. */
export const measured = (bytes: Uint8Array): Measured | undefined => {
  if (bytes.length < 32) return undefined
  return png(bytes) ?? jpeg(bytes) ?? webp(bytes) ?? gif(bytes) ?? avif(bytes)
}
