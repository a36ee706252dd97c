import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Course } from '#contract/courses.ts'
import { type Cue, writeCaptions } from '#contract/cues.ts'
import type { Help } from '#contract/helpers.ts'
import { USUAL_RULES } from '#contract/quizzes.ts'
import { rolesWith } from '#contract/roles.ts'
import { assignments } from '#core/assignments/assignments.ts'
import { captions } from '#core/captions/captions.ts'
import { certificates } from '#core/certificates/certificates.ts'
import { courses } from '#core/courses/courses.ts'
import { files } from '#core/files/files.ts'
import { helpers } from '#core/helpers/helpers.ts'
import { media } from '#core/media/media.ts'
import { quizzes } from '#core/quizzes/quizzes.ts'
import type { Person, Role } from '#ports/identity.ts'
import { randomIds } from '../clock.ts'
import { hasCode } from '../error-code.ts'
import { makeLecture } from '../ffmpeg/lecture.ts'
import type { Home } from '../home.ts'
import { DEMO_COURSES } from './content.ts'
import { handout } from './handout.ts'
import type { DemoCourse, DemoHandout, DemoLesson, DemoSlide } from './lesson.ts'
import { liveUntilNow, watchUntilNow } from './living.ts'
import { ensureTalk } from './talk.ts'

const ASSISTANT = 'assistant@lectern.test'
const TEACHER = 'teacher@lectern.test'
const ACCOUNTS: { email: string; name: string; roles: Role[]; says: string }[] = [
  { email: 'owner@lectern.test', name: 'Olive Owner', roles: rolesWith('owner'), says: 'runs the school' },
  { email: TEACHER, name: 'Theo Marlow', roles: rolesWith('instructor'), says: 'teaches the demo courses' },
  { email: ASSISTANT, name: 'Aino Salo', roles: rolesWith(), says: 'helps with a course: grades, and answers questions' },
  { email: 'support@lectern.test', name: 'Sam Osei', roles: rolesWith('support'), says: 'looks after people and orders' },
  { email: 'learner@lectern.test', name: 'Lena Larsen', roles: ['learner'], says: 'follows two courses, and holds a certificate' },
]
export const demoAccounts: readonly { email: string; says: string }[] = ACCOUNTS

const { handlers } = courses

/** Asks for the same thing again when someone else's write came between; the seed shares its courses with the pipeline. */
const insist = async <T>(act: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act()
    } catch (error) {
      if (attempt >= 5 || !hasCode(error, 'conflict')) throw error
    }
  }
}

const ensureAccounts = async ({ world, secrets }: Home): Promise<Person> => {
  for (const { email, name, roles } of ACCOUNTS) {
    if (!(await world.identity.findByEmail(email))) await world.identity.create({ email, name, roles, password: secrets.demoPassword })
  }
  const teacher = await world.identity.findByEmail(TEACHER)
  if (!teacher) throw new Error('The demo teacher was not made.')
  return teacher
}

const ensureCourse = async ({ world }: Home, teacher: Person, demo: DemoCourse): Promise<Course> => {
  const { courses: mine } = await handlers.mine(world, teacher, {})
  const before = mine.find(({ title }) => title === demo.title)
  if (before) return handlers.get(world, teacher, { course: before.id })
  const { id } = await handlers.create(world, teacher, { title: demo.title })
  const { summary, description, outcomes, amountMinor, sales } = demo
  const asked = { amountMinor, currency: world.settings.currency }
  // Where 49 is too little to be charged (forints), 4,900 is a price.
  const price = amountMinor === 0 || world.payments.canCharge(asked) ? asked : { ...asked, amountMinor: amountMinor * 100 }
  return handlers.update(world, teacher, { course: id, summary, description, outcomes, price, ...(sales && { sales }) })
}

const ensureSection = async ({ world }: Home, teacher: Person, course: string, title: string): Promise<string> => {
  const find = (whole: Course): string | undefined => whole.sections.find((section) => section.title === title)?.id
  const found = find(await handlers.get(world, teacher, { course }))
  if (found !== undefined) return found
  const made = find(await insist(() => handlers.addSection(world, teacher, { course, title })))
  if (made === undefined) throw new Error(`Section ${title} was not made.`)
  return made
}

type Place = { course: string; section: string }

const ensureLesson = async ({ world }: Home, teacher: Person, { course, section }: Place, demo: DemoLesson): Promise<{ id: string; hasVideo: boolean }> => {
  const find = (whole: Course) => whole.sections.find(({ id }) => id === section)?.lessons.find(({ title }) => title === demo.title)
  const { title, kind, text, isPreview = false } = demo
  const found =
    find(await handlers.get(world, teacher, { course })) ?? find(await insist(() => handlers.addLesson(world, teacher, { course, section, title, kind })))
  if (!found) throw new Error(`Lesson ${title} was not made.`)
  if (!found.hasText) await insist(() => handlers.updateLesson(world, teacher, { lesson: found.id, text, isPreview }))
  if (demo.kind === 'quiz' && !found.hasText) {
    const rules = { ...USUAL_RULES, passPercent: 75 }
    await insist(() => quizzes.handlers.write(world, teacher, { lesson: found.id, questions: demo.questions, rules }))
  }
  if (demo.kind === 'assignment' && !found.hasText) await insist(() => assignments.handlers.write(world, teacher, { lesson: found.id, rules: demo.rules }))
  return { id: found.id, hasVideo: found.video !== undefined && found.video.state !== 'uploading' }
}

const cuesOf = (slides: DemoSlide[]): Cue[] => {
  let at = 0
  return slides.flatMap(({ heading, lines, seconds }) => {
    const each = seconds / (lines.length + 1)
    return [heading, ...lines].map((text) => {
      const startSeconds = at
      at += each
      return { startSeconds, endSeconds: at, text }
    })
  })
}

/** Put in place once: a start that was cut short finds them there. */
const ensureCaptions = async ({ world }: Home, teacher: Person, video: string, cues: Cue[]): Promise<void> => {
  const { tracks } = await captions.handlers.all(world, teacher, { video })
  if (tracks.some(({ language }) => language === 'en')) return
  await insist(() => captions.handlers.upload(world, teacher, { video, language: 'en', label: 'English', text: writeCaptions(cues) }))
}

/** Makes the lecture with the school's own FFmpeg and sends it in the way a teacher's browser would. */
const uploadLecture = async (home: Home, teacher: Person, lesson: { id: string; title: string; slides: DemoSlide[] }): Promise<void> => {
  const { world, objects, settings } = home
  const folder = join(settings.data, 'demo')
  const path = join(folder, `${lesson.id}.mp4`)
  await mkdir(folder, { recursive: true })
  await makeLecture({ path, title: lesson.title, slides: lesson.slides })
  const { size } = await stat(path)
  const fileName = `${lesson.title}.mp4`
  const upload = await insist(() => media.handlers.startUpload(world, teacher, { lesson: lesson.id, fileName, sizeBytes: size, type: 'video/mp4' }))
  const missing = Array.from({ length: upload.parts }, (_, index) => index + 1).filter((part) => !upload.arrived.includes(part))
  for (const number of missing) {
    const { parts } = await media.handlers.signParts(world, teacher, { upload: upload.id, parts: [number] })
    const start = (number - 1) * upload.partBytes
    for (const part of parts) await objects.receivePart(new URL(part.url), createReadStream(path, { start, end: start + part.size - 1 }))
  }
  await ensureCaptions(home, teacher, upload.video, cuesOf(lesson.slides))
  await media.handlers.finishUpload(world, teacher, { upload: upload.id })
  await rm(path, { force: true })
}

/** Sends a page to take home, in the way a teacher's browser would. */
const ensureHandout = async ({ world, objects }: Home, teacher: Person, lesson: string, { name, title, lines }: DemoHandout): Promise<void> => {
  const before = await files.handlers.ofLesson(world, teacher, { lesson })
  if (before.files.some((file) => file.name === name)) return
  const bytes = handout(title, lines)
  const { id: file } = await files.handlers.startUpload(world, teacher, { lesson, name, sizeBytes: bytes.length, type: 'application/pdf' })
  const { parts } = await files.handlers.signParts(world, teacher, { file, parts: [1] })
  for (const { url } of parts) await objects.receivePart(new URL(url), Readable.from([bytes]))
  await files.handlers.finishUpload(world, teacher, { file })
}

const publish = ({ world }: Home, teacher: Person, course: string): Promise<Course> => insist(() => handlers.publish(world, teacher, { course }))

/** Its words have been there for as long as anybody has learned from them. */
const COURSES_DAYS = 96

const longAgo = ({ world, ...home }: Home): Home => {
  const clock = { now: () => new Date(world.clock.now().getTime() - COURSES_DAYS * 24 * 3600_000) }
  return { ...home, world: { ...world, clock, ids: randomIds(clock) } }
}

const ensureCertificates = async ({ world }: Home, teacher: Person, course: string): Promise<void> => {
  await certificates.handlers.putRules(world, teacher, { course, isOn: true, signature: '', text: '' })
}

/** Once: whoever looks around may have sent them away since. */
const ensureAssistant = async ({ world }: Home, teacher: Person, course: string): Promise<void> => {
  const { helpers: there } = await helpers.handlers.list(world, teacher, { course })
  const help: Help = { as: 'assistant', rights: ['grade', 'talk', 'learners'] }
  if (there.length === 0) await helpers.handlers.add(world, teacher, { course, email: ASSISTANT, help })
}

/** A course's words, published at once where they can stand alone; its videos follow. */
const seedCourse = async (home: Home, teacher: Person, demo: DemoCourse): Promise<() => Promise<void>> => {
  const before = longAgo(home)
  const { id: course } = await ensureCourse(before, teacher, demo)
  for (const section of demo.sections) {
    const place = { course, section: await ensureSection(before, teacher, course, section.title) }
    for (const lesson of section.lessons) {
      if (lesson.kind === 'video') continue
      const { id } = await ensureLesson(before, teacher, place, lesson)
      // Its URLs hold by today's clock.
      if (lesson.handout) await ensureHandout(home, teacher, id, lesson.handout)
    }
  }
  const whole = await handlers.get(home.world, teacher, { course })
  // Where lectures follow, nobody has learned all of it before they are there.
  if (!hasVideos(demo)) await ensureCertificates(before, teacher, course)
  if (demo.isPublished && whole.status === 'draft') await publish(before, teacher, course)
  if (demo === DEMO_COURSES[0]) await ensureAssistant(home, teacher, course)
  if (demo.isPublished) await ensureTalk(before.world, teacher, { course, lesson: whole.sections[0]?.lessons[0]?.id })
  return () => (hasVideos(demo) ? addVideos(home, teacher, { course, demo }) : Promise.resolve())
}

const hasVideos = ({ sections }: DemoCourse): boolean => sections.some(({ lessons }) => lessons.some(({ kind }) => kind === 'video'))

const addVideos = async (home: Home, teacher: Person, { course, demo }: { course: string; demo: DemoCourse }): Promise<void> => {
  for (const section of demo.sections) {
    const place = { course, section: await ensureSection(home, teacher, course, section.title) }
    for (const lesson of section.lessons) {
      const { id, hasVideo } = await ensureLesson(home, teacher, place, lesson)
      if (lesson.kind !== 'video' || hasVideo) continue
      await uploadLecture(home, teacher, { id, title: lesson.title, slides: lesson.slides })
    }
  }
  // Asked of the course itself: an earlier start may have been cut short after the last upload.
  const { hasUnpublishedChanges } = await handlers.get(home.world, teacher, { course })
  if (!hasUnpublishedChanges) return
  await arrangeAsWritten(home, teacher, { course, demo })
  await ensureCertificates(home, teacher, course)
  if (demo.isPublished) await publish(home, teacher, course)
}

/** Articles were there before the videos: put each section in the order it is written in. */
const arrangeAsWritten = async ({ world }: Home, teacher: Person, { course, demo }: { course: string; demo: DemoCourse }): Promise<void> => {
  const place = (section: string, lesson: string): number =>
    demo.sections.find(({ title }) => title === section)?.lessons.findIndex(({ title }) => title === lesson) ?? 0
  await insist(async () => {
    const whole = await handlers.get(world, teacher, { course })
    const sections = whole.sections.map(({ id, title, lessons }) => ({
      id,
      lessons: lessons.toSorted((a, b) => place(title, a.title) - place(title, b.title)).map((lesson) => lesson.id),
    }))
    return handlers.arrange(world, teacher, { course, sections })
  })
}

/** Whether every lecture can be watched, or never will be. */
const areWatchable = async ({ world }: Home, teacher: Person): Promise<boolean> => {
  const { courses: mine } = await handlers.mine(world, teacher, {})
  const all = await Promise.all(mine.map(({ id }) => handlers.get(world, teacher, { course: id })))
  const lessons = all.flatMap(({ sections }) => sections.flatMap((section) => section.lessons))
  return lessons.every(({ kind, video }) => kind !== 'video' || (video !== undefined && SETTLED.has(video.state)))
}
const SETTLED: ReadonlySet<string> = new Set(['ready', 'failed', 'cancelled', 'held'])

/**
 * The demo school, made once: what a crash interrupts is taken up at the next start, and a school whose owner has removed a
 * demo course after that keeps it removed. `rest` goes on while the school is
 * open: what has happened in it, then the lectures, and what was watched of them.
 */
export const seedDemo = async (home: Home): Promise<{ rest: Promise<void> }> => {
  const { tables } = home.world
  const key = { pk: 'demo', sk: 'seed' }
  const isDone = (await tables.get(key))?.body['isDone'] === true
  const teacher = isDone ? await home.world.identity.findByEmail(TEACHER) : await ensureAccounts(home)
  if (!teacher) return { rest: Promise.resolve() }
  const watched = (): Promise<void> => watchUntilNow(home, teacher, () => areWatchable(home, teacher))
  if (isDone) return { rest: watched() }
  const lectures: { amountMinor: number; make: () => Promise<void> }[] = []
  for (const demo of DEMO_COURSES) lectures.push({ amountMinor: demo.amountMinor, make: await seedCourse(home, teacher, demo) })
  const rest = async (): Promise<void> => {
    await liveUntilNow(home, teacher)
    // What costs nothing comes first: whoever looks around can watch it at once.
    for (const { make } of lectures.toSorted((a, b) => a.amountMinor - b.amountMinor)) await make()
    await tables.commit([{ kind: 'put', key, body: { isDone: true } }])
    await watched()
  }
  return { rest: rest() }
}
