import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLecture } from '#homes/machine/ffmpeg/lecture.ts'
import { SCHOOL } from './plan.ts'
import type { Stage } from './stage.ts'
import { type Client, signUp } from './viewer.ts'

/** More than one part of 8 MiB, by a box that players skip (ISO 14496-12 §8.1.2). */
const PADDING_BYTES = 9 * 1024 * 1024

/** A few seconds of H.264 and AAC, which are sent in two parts. */
export const aFilm = async (): Promise<Buffer> => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-film-'))
  try {
    const path = join(folder, 'film.mp4')
    await makeLecture({ path, title: 'Openings', slides: [{ heading: 'The first move', lines: ['e4'], seconds: 4 }], width: 640, height: 360 })
    const box = Buffer.alloc(PADDING_BYTES)
    box.writeUInt32BE(box.length, 0)
    box.write('free', 4)
    await appendFile(path, box)
    return await readFile(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export type Someone = { client: Client; cookies: string[]; idToken: string }

/** Somebody who has signed up on the pool's pages, with the school's client and whatever cookies it was given. */
export const someone = async (stage: Stage, name: string, group?: string): Promise<Someone> => {
  const email = `${name.toLowerCase()}@school.example`
  const { access_token: token, id_token: idToken } = await signUp(stage.cloud, { url: SCHOOL, email, name, ...(group !== undefined && { group }) })
  const cookies: string[] = []
  const client = stage.browser.client(SCHOOL, token, (response) => {
    const set = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
    if (set.length > 0) cookies.splice(0, cookies.length, ...set)
  })
  return { client, cookies, idToken }
}

/** What the journeys leave for each other. */
export type Scene = {
  stage: Stage
  film: Buffer
  teacher?: Someone
  learner?: Someone
  course?: string
  slug?: string
  lesson?: string
  video?: string
  masterUrl?: string
  series?: string
  run?: string
  pull?: number
}

export const needed = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`There is no ${what}: the step that makes it has not gone well.`)
  return value
}

export const expect = (isSo: boolean, says: string): void => {
  if (!isSo) throw new Error(says)
}
