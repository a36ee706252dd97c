/** On the longer side; a poster is a picture for a page, not a print. */
const MOST_PIXELS = 1280
const QUALITY = 0.85

/** A size within a square of `most`, of the same shape, never enlarged. */
export const fitted = ({ width, height }: { width: number; height: number }, most: number = MOST_PIXELS): { width: number; height: number } => {
  const share = Math.min(1, most / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) }
}

/** A picture as the school takes it: a JPEG in base64. */
const jpegOf = (picture: CanvasImageSource, size: { width: number; height: number }): string => {
  const { width, height } = fitted(size)
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('This browser cannot draw.')
  // A JPEG has no transparency; black would show through.
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, width, height)
  pen.drawImage(picture, 0, 0, width, height)
  const data = canvas.toDataURL('image/jpeg', QUALITY)
  return data.slice(data.indexOf(',') + 1)
}

/** The picture a `<video>` shows. */
export const frameOf = (video: HTMLVideoElement): string => jpegOf(video, { width: video.videoWidth, height: video.videoHeight })

/** Undefined for what this browser cannot read as a picture. */
export const pictureOf = async (file: Blob): Promise<string | undefined> => {
  const bitmap = await createImageBitmap(file).catch(() => undefined)
  if (!bitmap) return undefined
  const jpeg = jpegOf(bitmap, bitmap)
  bitmap.close()
  return jpeg
}
