import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { sendFilm } from '#test/journeys/films.ts'
import type { Pausing } from './pausing.ts'
import { type Desk, untilMade } from './scene.ts'
import type { Tally } from './tally.ts'

export type Work = { transcodes: number; uploads: number }
type Busy = { pausing: Pausing; tally: Tally; work: Work }

/** Bytes a second, of a line of 40 Mb/s. */
const LINE = 5_000_000
const AT_ONCE = 2
const PIECE = 256 * 1024

/** Again and again until all is over; what goes wrong is told, and tried again a little later. */
const onAndOn = async (name: string, { pausing, tally }: Busy, once: () => Promise<void>): Promise<void> => {
  while (!pausing.isOver()) {
    await once().catch(async (error: unknown) => {
      tally.failed(name, error instanceof Error ? error.message : String(error))
      await pausing.seconds(5)
    })
  }
}

/** One film is being made all the while: the next takes the place of the one before. */
export const makes = (desk: Desk, busy: Busy): Promise<void> =>
  onAndOn('making a film', busy, async () => {
    const video = await sendFilm(desk.teacher, desk.lesson, desk.film)
    if (await untilMade(desk.teacher, video, busy.pausing)) busy.work.transcodes += 1
  })

/** As fast as a line carries it. */
const put = (url: string, body: Buffer, { pausing }: Busy): Promise<void> =>
  new Promise((resolve, reject) => {
    const sending = request(url, { method: 'PUT', headers: { 'content-length': body.length } }, (answer) => {
      answer
        .resume()
        .once('end', () => (answer.statusCode === 200 || answer.statusCode === 204 ? resolve() : reject(new Error(`a part was answered ${answer.statusCode}`))))
    })
    sending.once('error', reject)
    const send = async (): Promise<void> => {
      for (let at = 0; at < body.length; at += PIECE) {
        sending.write(body.subarray(at, at + PIECE))
        await pausing.seconds((PIECE * AT_ONCE) / LINE)
        // Given up, as by a page that is closed.
        if (pausing.isOver()) return void sending.destroy(new Error('over'))
      }
      sending.end()
    }
    send().catch(reject)
  })

/** A short film made long by a box that players skip (ISO 14496-12 §8.1.2), which begins behind it and is nothing but noughts. */
const partOf = (film: Buffer, sizeBytes: number, { start, size }: { start: number; size: number }): Buffer => {
  const part = Buffer.alloc(size)
  const box = Buffer.alloc(8)
  box.writeUInt32BE(sizeBytes - film.length, 0)
  box.write('free', 4)
  const head = Buffer.concat([film, box])
  if (start < head.length) head.copy(part, 0, start, Math.min(head.length, start + size))
  return part
}

const send = async (desk: Desk, busy: Busy, sizeBytes: number): Promise<void> => {
  const { client } = desk.teacher
  const film = await readFile(desk.film)
  const {
    id: upload,
    video,
    parts: count,
    partBytes,
  } = await client.media.startUpload({ lesson: desk.lesson, fileName: 'long.mp4', sizeBytes, type: 'video/mp4' })
  const left = Array.from({ length: count }, (_, index) => index + 1)
  const lane = async (): Promise<void> => {
    for (let number = left.shift(); number !== undefined && !busy.pausing.isOver(); number = left.shift()) {
      const start = (number - 1) * partBytes
      const body = partOf(film, sizeBytes, { start, size: Math.min(partBytes, sizeBytes - start) })
      const { parts } = await client.media.signParts({ upload, parts: [number], hashes: [createHash('sha256').update(body).digest('base64')] })
      await put(parts[0]?.url ?? '', body, busy)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  if (busy.pausing.isOver()) return
  await client.media.finishUpload({ upload })
  if (await untilMade(desk.teacher, video, busy.pausing)) busy.work.uploads += 1
}

/** One large file is being sent all the while, in parts, as a teacher's page sends it. */
export const sends = (desk: Desk, busy: Busy, sizeBytes: number): Promise<void> =>
  onAndOn('sending a film', busy, async () => {
    await send(desk, busy, sizeBytes).catch((error: unknown) => {
      if (!busy.pausing.isOver()) throw error
    })
  })
