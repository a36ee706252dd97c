import assert from 'node:assert/strict'
import { Playback } from '#contract/watching.ts'
import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { aCourse, anUploadedVideo, encode } from '#test/builders.ts'
import type { School } from '#test/school.ts'
import { edgeServer } from './edge-server.fixture.ts'
import type { Wait } from './pace.ts'

export type Film = { course: string; section: string; lesson: string; video: string }

/** A course with a film, published; both are new each time. */
export const aFilm = async (school: School, teacher: Awaited<ReturnType<School['person']>>, { isPreview = false } = {}): Promise<Film> => {
  const place = await aCourse(teacher, { title: school.world.ids.make('title') })
  const made = await anUploadedVideo(school, teacher, place)
  await encode(school, made)
  await school.settle()
  if (isPreview) await teacher.client.courses.updateLesson({ lesson: made.lesson, isPreview })
  await teacher.client.courses.publish({ course: place.course })
  await school.settle()
  return { ...place, lesson: made.lesson, video: made.video }
}

/** Somebody who has paid for a film’s course. */
export const aPayer = async (school: School, name: string, { course }: Film) => {
  const payer = await school.person(name)
  const at = school.clock.now().toISOString()
  const facts = [{ id: school.world.ids.make('fct'), kind: 'paid' as const, at, order: `ord_${name.toLowerCase()}` }]
  await school.world.tables.commit([enrolmentRecords.put({ learner: payer.id, course, since: at, facts })])
  return payer
}

type Opening = { token?: string | undefined; lesson: string; stream?: string; browser?: string }

/** What a browser gets that opens a film: its stream, and the cookies it sends from then on. */
export const aPlayer = async (school: School, { token, lesson, ...rest }: Opening): Promise<{ stream: string; cookie: string }> => {
  const headers: Record<string, string> = { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) }
  const path = `http://school.test/api/lessons/${lesson}/playback`
  const answer = await school.api(new Request(path, { method: 'POST', headers, body: JSON.stringify(rest) }))
  assert.equal(answer.status, 200)
  const { stream } = Playback.parse(await answer.json())
  return {
    stream,
    cookie: answer.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; '),
  }
}

/** The edge of a school, asked as players ask it; answers the status. */
export const edgeOf = async (school: School, options: { wait?: Wait; stalledMs?: number } = {}) => {
  const server = await edgeServer(school, options)
  const segment = async ({ cookie }: { cookie: string }, { video }: Film, name = '720p/00000.m4s'): Promise<number> =>
    (await server.ask(`/media/${video}/${name}`, { headers: { cookie } })).status
  return { ...server, segment }
}
