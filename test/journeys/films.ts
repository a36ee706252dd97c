import { appendFile, readFile } from 'node:fs/promises'
import { makeLecture } from '#homes/machine/ffmpeg/lecture.ts'
import type { Someone } from './people.ts'
import { eventually } from './program.ts'

const SLIDES = ['What the camera sees', 'Where the light falls', 'The first take', 'What to keep', 'The second take', 'An ending']

/** A real film: H.264 and AAC, made with the school's own encoder. */
export const aFilm = async (
  path: string,
  { seconds = 60, width = 1920, height = 1080 }: { seconds?: number; width?: number; height?: number } = {},
): Promise<string> => {
  const each = seconds / SLIDES.length
  const slides = SLIDES.map((heading, index) => ({
    heading,
    lines: ['A line to read.', 'And another one below it.'],
    seconds: index === 0 ? seconds - each * (SLIDES.length - 1) : each,
  }))
  await makeLecture({ path, title: 'A film', slides, width, height })
  return path
}

/** A film made 40 MB longer by a box that players skip (ISO 14496-12 §8.1.2): it has several upload parts. */
export const aLongFile = async (path: string): Promise<string> => {
  const box = Buffer.alloc(40 * 1024 * 1024)
  box.writeUInt32BE(box.length, 0)
  box.write('free', 4)
  await appendFile(path, box)
  return path
}

/** Sends a film in through the API and finishes the upload, as the browser does. */
export const sendFilm = async ({ client }: Someone, lesson: string, path: string): Promise<string> => {
  const bytes = await readFile(path)
  const upload = await client.media.startUpload({ lesson, fileName: 'film.mp4', sizeBytes: bytes.length, type: 'video/mp4' })
  const numbers = Array.from({ length: upload.parts }, (_, index) => index + 1)
  const { parts } = await client.media.signParts({ upload: upload.id, parts: numbers })
  for (const { number, url, size } of parts) {
    const start = (number - 1) * upload.partBytes
    const answer = await fetch(url, { method: 'PUT', body: bytes.subarray(start, start + size) })
    if (!answer.ok) throw new Error(`Part ${number} was answered ${answer.status}.`)
  }
  await client.media.finishUpload({ upload: upload.id })
  return upload.video
}

/** Waits until a video can be watched; one that failed says why at once. */
export const untilReady = ({ client }: Someone, video: string): Promise<true> =>
  eventually(
    'the video to be ready',
    async () => {
      const { state, reason } = await client.media.video({ video })
      if (state === 'failed') throw new Error(`The video failed: ${reason}`)
      return state === 'ready' ? true : undefined
    },
    240,
  )
