import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { courses } from '#core/courses/courses.ts'
import { type Enrolment, enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { keep } from '#core/insights/keeping.ts'
import { gatheringRecords, SHARDS, shardOf } from '#core/insights/records.ts'
import { learning } from '#core/learning/learning.ts'
import { progressRecords } from '#core/learning/progress.ts'
import { chunks } from '#core/records.ts'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { type Home, openHome } from '#homes/machine/home.ts'
import { schoolServer } from '#homes/machine/http.ts'
import { silentLog } from '#homes/machine/log.ts'
import { readSettings } from '#homes/machine/settings.ts'
import type { Person } from '#ports/identity.ts'
import type { Change } from '#ports/tables.ts'
import type { Asked, Opened, Told } from './messages.ts'

/** A process with the whole machine home in it, on the disk. Everybody but a few exists only by what the school keeps of them. */
const [folder = '', app = join(folder, 'dist')] = process.argv.slice(2)

const ASKERS = 60
const COURSES = 100
const CHANGES_A_COMMIT = 100
const COMMITS_AT_ONCE = 8
const LESSONS = ['Red', 'Yellow', 'Blue']
const { handlers } = courses

const someone = async ({ world }: Home, name: string): Promise<Person> => {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@lectern.test`
  const made = await world.identity.create({ email, name, password: 'a long enough password', roles: ['instructor', 'learner'] })
  if (made === 'taken') throw new Error(`${name} is there already.`)
  return made
}

const addLessons = async ({ world }: Home, teacher: Person, { course, titles }: { course: string; titles: readonly string[] }): Promise<void> => {
  const { sections } = await handlers.addSection(world, teacher, { course, title: 'All of it' })
  for (const title of titles) {
    const after = await handlers.addLesson(world, teacher, { course, section: sections[0]?.id ?? '', title, kind: 'article' })
    const lesson = after.sections[0]?.lessons.at(-1)?.id ?? ''
    await handlers.updateLesson(world, teacher, { lesson, text: `${title} is what this lesson is about. `.repeat(40) })
  }
}

const aCourse = async (home: Home, teacher: Person, { title, titles }: { title: string; titles: readonly string[] }): Promise<string> => {
  const { id: course } = await handlers.create(home.world, teacher, { title })
  await handlers.update(home.world, teacher, { course, summary: 'Seeing colour.', description: 'All of it.' })
  await addLessons(home, teacher, { course, titles })
  return course
}

const open = async () => {
  await mkdir(join(folder, 'dist'), { recursive: true })
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><title>School</title>')
  const home = await openHome({ settings: readSettings({ LECTERN_DATA: folder }), clock: systemClock, ids: randomIds(systemClock), log: silentLog })
  await home.start()
  const teacher = await someone(home, 'Tina')
  const course = await aCourse(home, teacher, { title: 'Colour', titles: LESSONS })
  const { sections } = await handlers.publish(home.world, teacher, { course })
  const tokens: string[] = []
  for (let place = 0; place < ASKERS; place += 1) {
    const learner = await someone(home, `Asker ${place}`)
    await learning.handlers.enrol(home.world, learner, { course })
    tokens.push(await home.identity.mint(learner.id, 6 * 3600))
  }
  await home.world.events.drain()
  const server = schoolServer(home, app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo
  const lessons = sections.flatMap((section) => section.lessons.map(({ id }) => id))
  const opened: Opened = { port, course, lesson: lessons[1] ?? '', tokens, teacher: await home.identity.mint(teacher.id, 6 * 3600) }
  return { home, server, teacher, course, lessons, opened }
}

const { home, server, teacher, course, lessons, opened } = await open()
const { world } = home

type Portion = { most: number; of(number: number): Change[] }

/** In portions as large as a commit may be, some of them on their way at once; of each number come at most so many changes. */
const write = async (count: number, { most, of }: Portion): Promise<void> => {
  const each = Math.floor(CHANGES_A_COMMIT / most)
  const firsts = Array.from({ length: Math.ceil(count / each) }, (_, place) => place * each)
  const commit = (first: number): Promise<unknown> =>
    world.tables.commit(Array.from({ length: Math.min(each, count - first) }, (_, place) => of(first + place)).flat())
  for (const some of chunks(firsts, COMMITS_AT_ONCE)) await Promise.all(some.map(commit))
}

const enrolment = (learner: string, of: string): Enrolment => {
  const at = new Date(Date.UTC(2026, 0, 1) + Number(learner.slice(-6)) * 1000).toISOString()
  return { learner, course: of, since: at, facts: [{ id: `fct_${learner}`, kind: 'enrolled', at }] }
}

const numbered = (number: number): string => String(number).padStart(7, '0')

/** Spread over a hundred courses, of which the one that is asked for is one. */
const enrolments = (count: number): Promise<void> => {
  const courseOf = (number: number): string => (number % COURSES === 0 ? course : `crs_bench${number % COURSES}`)
  return write(count - ASKERS, { most: 1, of: (number) => [enrolmentRecords.add(enrolment(`prs_bench${numbered(number)}`, courseOf(number)))] })
}

const FIRST = ['Amara', 'Björn', 'Chiara', 'Daniel', 'Elif', 'Farid', 'Greta', 'Hana', 'Ivo', 'Jonas', 'Kavya', 'Liam']
const LAST = ['Okafor', 'Lindqvist', 'Ricci', 'Weiss', 'Haddad', 'Holm', 'Suzuki', 'Meyer', 'Raman', 'Byrne', 'Dubois', 'Nowak', 'Nair']

const personOf = (id: string): Person => {
  const number = Number(id.slice(-7))
  const name = `${FIRST[number % FIRST.length]} ${LAST[number % LAST.length]}`
  return { id, name, email: `learner${number}@example.com`, roles: ['learner'], isVerified: true, isDisabled: false }
}

/** What the school counts of them is counted by its own listener’s function; accounts they have none, so that no thousand passwords are hashed. */
const learners = async (count: number): Promise<void> => {
  const ids = Array.from({ length: count }, (_, number) => `prs_class${numbered(number)}`)
  const at = systemClock.now().toISOString()
  const of = (number: number): Change[] => {
    const learner = ids[number] ?? ''
    const begun = lessons.slice(0, number % (lessons.length + 1))
    const progress = begun.map((lesson) => progressRecords.add({ learner, course, lesson, positionSeconds: 0, isCompleted: true, at }))
    return [enrolmentRecords.add(enrolment(learner, course)), ...progress]
  }
  await write(count, { most: 1 + lessons.length, of })
  const known = { ...world, identity: { ...world.identity, find: async (id: string) => personOf(id) } }
  const lanes = Array.from({ length: SHARDS }, (_, shard) => ids.filter((id) => shardOf(id) === shard))
  await Promise.all(
    lanes.map(async (lane) => {
      for (const learner of lane) await keep(known, { learner, course })
    }),
  )
  await world.tables.commit([gatheringRecords.put({ course, startedAt: at, doneAt: at })])
}

const answer = async ({ what, count }: Asked): Promise<Told> => {
  if (what === 'lessons')
    return {
      what: 'done',
      id: await aCourse(home, teacher, { title: 'Everything', titles: Array.from({ length: count }, (_, place) => `Lesson ${place + 1}`) }),
    }
  await (what === 'enrolments' ? enrolments(count) : learners(count))
  return { what: 'done' }
}

process.send?.(opened)
process.on('message', (asked: Asked) => {
  answer(asked).then(
    (told) => process.send?.(told),
    (error: unknown) => process.send?.({ what: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
process.on('disconnect', () => {
  server.closeAllConnections()
  server.close()
  void home.stop().then(() => process.exit(0))
})
