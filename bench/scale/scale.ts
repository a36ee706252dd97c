import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { heardFrom, type Part, percentile, start } from '../parts.ts'
import { type Bench, type BenchOptions, type Entry, row } from '../rows.ts'
import { asked, type Call } from './asking.ts'
import type { Opened, School, Told } from './messages.ts'
import { built, searching } from './searching.ts'

const FEW = 1000
const LEARNERS = 10_000
const LESSONS = 300
/** Both schools take turns, so that what else goes on upon the machine falls on both. */
const ROUNDS = 12
const REQUESTS_A_ROUND = 120
const TEACHERS_ROUNDS = 40
const PUBLISHED = 3

const opened = async (open: Part[], ...folders: string[]): Promise<School> => {
  const host = start(new URL('./host.ts', import.meta.url), ...folders)
  open.push(host)
  // The script sends this first.
  const school = (await heardFrom(host.child)) as Opened
  const ask: School['ask'] = async (what) => {
    host.child.send(what)
    // It answers each question with one of these.
    const told = (await heardFrom(host.child)) as Told
    if (told.what === 'failed') throw new Error(told.why)
    return told
  }
  return { ...school, ask }
}

const timed = async (doing: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await doing()
  return (performance.now() - began) / 1000
}

const lessonsOf = async ({ port, lesson, tokens }: School, count: number): Promise<number[]> => {
  const taken: number[] = []
  for (let place = 0; place < count; place += 1) {
    const call = { path: `/api/lessons/${lesson}`, token: tokens[place % tokens.length] ?? '' }
    taken.push((await asked(port, call)).milliseconds)
  }
  return taken
}

/** One lesson page’s request, by learners of a school with few enrolments and of one with many. */
const lesson = async ([small, large]: readonly [School, School], { enrolments, say }: BenchOptions): Promise<Entry[]> => {
  const seconds = await timed(async () => {
    await small.ask({ what: 'enrolments', count: FEW })
    await large.ask({ what: 'enrolments', count: enrolments })
  })
  say(`${enrolments} enrolments written in ${seconds.toFixed(0)} s`)
  for (const school of [small, large]) await lessonsOf(school, 300)
  const [few, many]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    few.push(...(await lessonsOf(small, REQUESTS_A_ROUND)))
    many.push(...(await lessonsOf(large, REQUESTS_A_ROUND)))
  }
  const told = (values: number[]): string => `p50 ${percentile(values, 50).toFixed(2)} ms, p95 ${percentile(values, 95).toFixed(2)} ms`
  say(`a lesson at ${FEW} enrolments: ${told(few)}; at ${enrolments}: ${told(many)}`)
  const [ours, theirs] = [percentile(many, 50), percentile(few, 50)]
  return [row({ name: 'scale.lesson.p50', unit: 'ms', ours, yardstick: `ours at ${FEW} enrolments, here ${enrolments}`, theirs, goal: 1.3 })]
}

const teachersCalls = ({ course, teacher: token }: School, { next, person }: { next: string; person: string }): Record<string, Call> => {
  const learners = (query: string): Call => ({ path: `/api/courses/${course}/learners${query}`, token })
  return {
    insights: { path: `/api/courses/${course}/insights`, token },
    revenue: { path: `/api/courses/${course}/revenue`, token },
    'last seen': learners(''),
    furthest: learners('?order=most'),
    'by name': learners('?order=name'),
    'next page': learners(`?order=name&page=${encodeURIComponent(next)}`),
    'a name looked for': learners('?search=greta'),
    'two words looked for': learners('?search=ja%20su'),
    'one learner': { path: `/api/courses/${course}/learners/${person}`, token },
  }
}

const teacher = async (school: School, { say }: BenchOptions): Promise<Entry[]> => {
  const seconds = await timed(() => school.ask({ what: 'learners', count: LEARNERS }))
  say(`${LEARNERS} learners of one course counted in ${seconds.toFixed(0)} s`)
  const first = await asked(school.port, { path: `/api/courses/${school.course}/learners?order=name`, token: school.teacher })
  // The endpoint’s own output.
  const page = JSON.parse(first.text) as { learners: { id: string }[]; total: number; next?: string }
  if (page.total < LEARNERS) throw new Error(`Only ${page.total} learners were counted.`)
  const calls = teachersCalls(school, { next: page.next ?? '', person: page.learners[0]?.id ?? '' })
  const taken = new Map<string, number[]>(Object.keys(calls).map((name) => [name, []]))
  for (let turn = 0; turn < TEACHERS_ROUNDS; turn += 1)
    for (const [name, call] of Object.entries(calls)) taken.get(name)?.push((await asked(school.port, call)).milliseconds)
  for (const [name, values] of taken) say(`${name}: p50 ${percentile(values, 50).toFixed(1)} ms, p95 ${percentile(values, 95).toFixed(1)} ms`)
  const slowest = [...taken].map(([name, values]) => ({ name, p95: percentile(values, 95) })).toSorted((one, other) => other.p95 - one.p95)[0]
  return [
    row({
      name: 'scale.teacher.p95',
      unit: 'ms',
      ours: slowest?.p95 ?? Number.NaN,
      yardstick: `limit: 300 ms with ${LEARNERS} learners, the slowest (${slowest?.name})`,
      theirs: 300,
      goal: 1,
    }),
  ]
}

type Published = { slug: string; hasUnpublishedChanges: boolean }

/** From the press of the button until visitors are served what was published. */
const publish = async (school: School, { say }: BenchOptions): Promise<Entry[]> => {
  const { port, teacher: token } = school
  const answered: number[] = []
  const shown: number[] = []
  for (let turn = 0; turn < PUBLISHED; turn += 1) {
    const { id = '' } = await school.ask({ what: 'lessons', count: LESSONS })
    const began = performance.now()
    const { milliseconds, text } = await asked(port, { path: `/api/teach/courses/${id}/publish`, method: 'POST', token })
    answered.push(milliseconds / 1000)
    // The endpoint’s own output.
    const { slug } = JSON.parse(text) as Published
    while (!(await isShown(port, slug))) await new Promise((resolve) => setTimeout(resolve, 5))
    shown.push((performance.now() - began) / 1000)
  }
  say(
    `${LESSONS} lessons published: answered after ${percentile(answered, 50).toFixed(2)} s, shown after ${percentile(shown, 50).toFixed(2)} s (worst ${Math.max(...shown).toFixed(2)} s)`,
  )
  return [
    row({
      name: 'scale.publish',
      unit: 's',
      ours: percentile(shown, 50),
      yardstick: `limit: 2 s for ${LESSONS} lessons, until visitors see them`,
      theirs: 2,
      goal: 1,
    }),
  ]
}

const isShown = async (port: number, slug: string): Promise<boolean> => {
  const answer = await fetch(`http://127.0.0.1:${port}/catalogue/${slug}.json`)
  if (!answer.ok) return false
  // What publishing writes.
  const { lessons } = (await answer.json()) as { lessons: number }
  return lessons === LESSONS
}

/** What a school comes to when it grows: the machine home over HTTP and on its disk, in a process of its own. */
export const scale: Bench = async (options) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-bench-scale-'))
  const open: Part[] = []
  try {
    const [small, large] = [await opened(open, join(folder, 'small')), await opened(open, join(folder, 'large'))]
    const lessons = await lesson([small, large], options)
    const taught = await teacher(large, options)
    const published = await publish(large, options)
    const looked = await searching(await opened(open, join(folder, 'broad'), await built()), options)
    return [...lessons, ...taught, ...published, ...looked]
  } finally {
    for (const part of open.toReversed()) await part.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
