import { createHash } from 'node:crypto'
import { MOST_PICTURE_BYTES } from '#contract/storefront.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'

/** Bytes by which a picture is known, and what it is then called. Never SVG: it is a program. */
const KINDS = [
  { extension: 'png', type: 'image/png', begins: (bytes: Buffer) => bytes.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n' },
  { extension: 'jpg', type: 'image/jpeg', begins: (bytes: Buffer) => bytes.subarray(0, 3).toString('latin1') === '\xff\xd8\xff' },
  {
    extension: 'webp',
    type: 'image/webp',
    begins: (bytes: Buffer) => bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP',
  },
] as const

const LEAST_ICON_PIXELS = 192

/** Width and height of a PNG, as its first chunk has them (PNG, 11.2.1). */
const sizeOfPng = (bytes: Buffer): { width: number; height: number } | undefined =>
  bytes.length >= 24 && bytes.subarray(12, 16).toString('latin1') === 'IHDR' ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : undefined

const refuseIcon = (bytes: Buffer, extension: string): void => {
  const size = extension === 'png' ? sizeOfPng(bytes) : undefined
  if (!size || size.width !== size.height || size.width < LEAST_ICON_PIXELS)
    throw new Refusal('wrong-type', `An icon is a square PNG of at least ${LEAST_ICON_PIXELS} pixels.`)
}

/** A year: its name is made of its bytes. */
const FOR_GOOD = 'public, max-age=31536000, immutable'

/**
 * Puts a picture of the school's own pages where everybody may read it; the same one twice is one. What it is says its first bytes.
 * @throws Refusal `wrong-type` for what is no PNG, JPEG or WebP, `too-large`, `bad-input` for what is no base64
 */
export const putPicture = async ({ objects }: World, { use, base64 }: { use: 'logo' | 'icon' | 'picture'; base64: string }): Promise<{ url: string }> => {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new Refusal('bad-input', 'That is no base64.')
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > MOST_PICTURE_BYTES) throw new Refusal('too-large', 'That picture is too large.')
  const kind = KINDS.find(({ begins }) => begins(bytes))
  if (!kind) throw new Refusal('wrong-type', 'Send a PNG, a JPEG or a WebP.')
  if (use === 'icon') refuseIcon(bytes, kind.extension)
  const key = `catalogue/school/${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${kind.extension}`
  await objects.put(key, bytes, { type: kind.type, cacheControl: FOR_GOOD })
  return { url: `/${key}` }
}
