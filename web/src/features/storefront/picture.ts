import { fitted } from '../media/poster.ts'

export type Use = 'logo' | 'icon' | 'picture'

/** Pixels on the longer side, and how it is written: what has edges keeps them, what is a photograph gets small. */
const KINDS: Record<Use, { most: number; type: string }> = {
  logo: { most: 640, type: 'image/png' },
  icon: { most: 512, type: 'image/png' },
  picture: { most: 1600, type: 'image/webp' },
}

const QUALITIES = [0.86, 0.7, 0.5]

const drawn = (picture: ImageBitmap, use: Use): HTMLCanvasElement => {
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('This browser cannot draw.')
  const { most } = KINDS[use]
  const { width, height } = fitted(picture, most)
  if (use !== 'icon') {
    Object.assign(canvas, { width, height })
    pen.drawImage(picture, 0, 0, width, height)
    return canvas
  }
  // A square whatever it was, with nothing of it cut off.
  Object.assign(canvas, { width: most, height: most })
  const scale = most / Math.max(picture.width, picture.height)
  const [wide, high] = [picture.width * scale, picture.height * scale]
  pen.drawImage(picture, (most - wide) / 2, (most - high) / 2, wide, high)
  return canvas
}

/** A file as the school takes it, in base64 and no larger than `mostBytes` where that can be; undefined for what is no picture. */
export const pictureFor = async (use: Use, file: Blob, mostBytes: number): Promise<string | undefined> => {
  const picture = await createImageBitmap(file).catch(() => undefined)
  if (!picture) return undefined
  const canvas = drawn(picture, use)
  picture.close()
  const written = QUALITIES.map((quality) => canvas.toDataURL(KINDS[use].type, quality)).map((data) => data.slice(data.indexOf(',') + 1))
  return written.find((base64) => (base64.length * 3) / 4 <= mostBytes) ?? written.at(-1)
}
