import type { SeriesBrief } from '#contract/series.ts'
import { courseRecords, lessonRecords, NOTHING_SAID, type StoredLesson } from '#core/courses/records.ts'
import type { Person } from '#ports/identity.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { aCourse } from '#test/builders.ts'
import { aRepository } from '#test/repository.ts'
import { openSchool } from '#test/school.ts'
import type { BusNews } from './bus.ts'
import { tellBusNews, tellTaskEnd } from './news.ts'
import { type Brief, keepDraft, readBrief } from './papers.ts'

export const DAY_SECONDS = 24 * 3600

/** A lesson about light every morning at nine in Berlin. */
export const aBrief = (of: Partial<SeriesBrief> & Pick<SeriesBrief, 'course' | 'section'>): SeriesBrief => ({
  ...{ title: 'Light, daily', audience: 'People who begin to take pictures.', outline: ['Aperture', 'Shutter', 'Film speed'], tone: 'Calm' },
  ...{ language: 'en', examples: '', sources: [], minutes: 5, questions: 2, licence: 'CC-BY-4.0' },
  schedule: { cron: '0 9 * * *', zone: 'Europe/Berlin' },
  budget: { runTokens: 20_000, runMicros: 100_000, monthTokens: 200_000, monthMicros: 1_000_000 },
  ...of,
})

const TEXT = 'Light falls through the hole in the lens. How wide it is decides how much of it does, and how deep the picture is sharp.'

const showing = ({ tables }: World, { course: id, section }: { course: string; section: string }) => {
  const write = async (lesson: string, { isThere, changes = [] }: { isThere: boolean; changes?: Change[] }): Promise<void> => {
    const course = await courseRecords.get(tables, { id })
    if (!course) throw new Error(`There is no ${id}.`)
    const without = course.value.sections.map((each) => ({ ...each, lessons: each.lessons.filter((one) => one !== lesson) }))
    const sections = without.map((each) => (isThere && each.id === section ? { ...each, lessons: [...each.lessons, lesson] } : each))
    await tables.commit([courseRecords.replace(course, { ...course.value, sections }), ...changes])
  }
  return {
    show: (lesson: string, { title, path }: { title: string; path: string }): Promise<void> => {
      const empty = { isPreview: false, text: '', files: [], about: NOTHING_SAID, questions: [] }
      const stored: StoredLesson = { id: lesson, course: id, title, kind: 'article', ...empty, kept: { path, blob: 'b' } }
      return write(lesson, { isThere: true, changes: [lessonRecords.put(stored)] })
    },
    hide: (lesson: string): Promise<void> => write(lesson, { isThere: false }),
  }
}

export type Desk = Awaited<ReturnType<typeof openDesk>>

/** A school with a repository and a course, and whatever one does to its series from outside: its timers, its programs, the bus. */
export const openDesk = async () => {
  const school = await openSchool()
  const { world } = school
  const repository = aRepository({ clock: school.clock })
  world.repository = repository
  const teacher = await school.person('Theo', 'instructor')
  const place = await aCourse(teacher)
  const turn = async (name: string): Promise<void> => {
    const timer = school.timers.find((each) => each.name === name)
    if (!timer) throw new Error(`There is no timer ${name}.`)
    await timer.run(world)
    await school.settle()
  }
  const briefOf = async (run: string): Promise<Brief> => {
    const brief = await readBrief(world, run)
    if (!brief) throw new Error(`${run} has no brief.`)
    return brief
  }
  const say = async (news: BusNews): Promise<void> => {
    await tellBusNews(world, news)
    await school.settle()
  }
  const paid = { tokens: { input: 1000, output: 2000 }, costMicros: 1500, model: 'test-model-1' }
  const seriesOf = (by: Person & { client: typeof teacher.client }) => by.client.series
  return {
    ...{ school, world, repository, teacher, place, turn, briefOf, say, paid },
    series: seriesOf(teacher),
    aSeries: async (of: Partial<SeriesBrief> = {}) => teacher.client.series.create(aBrief({ ...place, ...of })),
    runs: async (series: string) => (await teacher.client.series.runs({ series })).runs,
    /** As the clock of a home would, once a minute. */
    fire: () => turn('series.start-due'),
    look: () => turn('series.look-after'),
    pass: (seconds: number) => school.clock.pass(seconds),
    /** What the school does with a file that has come into its repository, and with one that has gone: its draft is kept aside. */
    ...showing(world, place),
    /** What the writer does when all goes well. */
    write: async (run: string, { title = 'What an aperture is', text = TEXT, isUntold = false } = {}): Promise<void> => {
      const { attempt, isTrial, lesson, series } = await briefOf(run)
      const about = { summary: `Of ${title}`, objectives: [], sources: [], language: series.language }
      await keepDraft(world, { run, attempt, title, about, text, questions: [], ...paid, writtenAt: school.clock.now().toISOString() })
      if (!isUntold) await say({ type: 'draft.written', detail: { run, attempt, ...paid, title, path: lesson.path, toPropose: !isTrial } })
    },
    /** What the publisher does. */
    propose: async (run: string): Promise<number> => {
      const { attempt, lesson } = await briefOf(run)
      const pull = await repository.propose({ branch: `lectern/${run}`, title: 'A lesson', body: '', files: [{ path: lesson.path, text: '' }] })
      await say({ type: 'draft.proposed', detail: { run, attempt, pull: { number: pull.number, url: pull.url }, findings: [] } })
      return pull.number
    },
    fail: async (run: string, of: Partial<Extract<BusNews, { type: 'draft.failed' }>['detail']> = {}): Promise<void> => {
      const { attempt } = await briefOf(run)
      const reason = { code: 'chatbot-unreachable' as const, detail: 'connection refused' }
      await say({ type: 'draft.failed', detail: { run, attempt, ...paid, by: 'writer', reason, isFinal: false, ...of } })
    },
    end: async (run: string, name: 'writer' | 'publisher'): Promise<void> => {
      const { attempt } = await briefOf(run)
      await tellTaskEnd(world, { name, id: `${run}.${attempt}.${name}`, run, fault: 'It ended with SIGKILL.' })
      await school.settle()
    },
  }
}
