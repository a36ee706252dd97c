import { USUAL_RULES } from '#contract/quizzes.ts'
import type { Someone } from './people.ts'
import { eventually, type Program } from './program.ts'

const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })

const QUESTION = {
  kind: 'single' as const,
  prompt: 'Which is soft?',
  options: [
    { text: 'A window', isRight: true },
    { text: 'A spark', isRight: false },
  ],
  explanation: '',
}

/** A course with a lesson to read, a quiz and an assignment, which somebody has enrolled in and handed work in to. */
const theLongCourse = async (teacher: Someone, learner: Someone) => {
  const { courses, quizzes, assignments, announcements } = teacher.client
  const { id: course, slug } = await courses.create({ title: 'Painting with light' })
  await courses.update({ course, summary: 'Where to put the window.', description: 'A **slow** course.', outcomes: ['See light'] })
  const section = (await courses.addSection({ course, title: 'At the window' })).sections[0]?.id ?? ''
  const add = async (title: string, kind: 'article' | 'quiz' | 'assignment'): Promise<string> =>
    (await courses.addLesson({ course, section, title, kind })).sections[0]?.lessons.at(-1)?.id ?? ''
  const [article, quiz, assignment] = [await add('Why light is soft', 'article'), await add('What you know', 'quiz'), await add('A portrait', 'assignment')]
  await courses.updateLesson({ lesson: article, text: '## Soft\n\nA large window is a *soft* lamp.', isPreview: true })
  await courses.updateLesson({ lesson: assignment, text: 'Paint somebody beside a window.' })
  await quizzes.write({ lesson: quiz, questions: [QUESTION], rules: USUAL_RULES })
  await courses.publish({ course })
  await learner.client.learning.enrol({ course })
  await learner.client.assignments.handIn({ lesson: assignment, text: 'Here it is.' })
  await announcements.write({ course, subject: 'Next week', body: 'Bring a lamp.' })
  await learner.client.notes.add({ lesson: article, body: 'Large means soft.' })
  const { id: thread } = await learner.client.talk.begin({
    course,
    lesson: article,
    title: 'Which window?',
    body: 'Does it matter?',
    isQuestion: true,
    mentions: [],
  })
  const handing = (await assignments.queue({ course })).handings[0]?.id ?? ''
  return { course, slug, section, article, quiz, assignment, handing, thread }
}

/** A course that has been completed, and the certificate of it. */
const theShortCourse = async (teacher: Someone, learner: Someone): Promise<string> => {
  const { courses, certificates } = teacher.client
  const { id: course } = await courses.create({ title: 'A single page' })
  await courses.update({ course, summary: 'Read it.', price: EUR(0) })
  const section = (await courses.addSection({ course, title: 'Here' })).sections[0]?.id ?? ''
  const lesson = (await courses.addLesson({ course, section, title: 'The page', kind: 'article' })).sections[0]?.lessons[0]?.id ?? ''
  await courses.updateLesson({ lesson, text: 'Some words.' })
  await certificates.putRules({ course, isOn: true, signature: '', text: '' })
  await courses.publish({ course })
  await learner.client.learning.enrol({ course })
  await learner.client.learning.complete({ lesson, isCompleted: true })
  const { certificate } = await eventually('a certificate', () => learner.client.certificates.claim({ course }).catch(() => undefined))
  return certificate
}

/** What somebody has ordered and not paid. */
const theOrder = async (teacher: Someone, learner: Someone): Promise<{ order: string; offer: string }> => {
  const { courses, offers } = teacher.client
  const { id: course } = await courses.create({ title: 'One lamp and a wall' })
  await courses.update({ course, summary: 'All about it.', price: EUR(3900) })
  const section = (await courses.addSection({ course, title: 'Here' })).sections[0]?.id ?? ''
  const lesson = (await courses.addLesson({ course, section, title: 'The lamp', kind: 'article' })).sections[0]?.lessons[0]?.id ?? ''
  await courses.updateLesson({ lesson, text: 'Some words.' })
  await courses.publish({ course })
  const { id: offer } = await offers.create({
    ...{
      title: 'The studio',
      summary: 'All of it.',
      terms: { kind: 'once' },
      prices: [{ every: 'once', price: EUR(6900) }],
      courses: [course],
      isOnSale: true,
    },
  })
  const { id: order } = await learner.client.payments.checkout({ item: { kind: 'course', course }, recipient: { kind: 'me' }, shown: EUR(3900) })
  return { order, offer }
}

const theSeries = async ({ client }: Someone, { course, section }: { course: string; section: string }): Promise<string> => {
  const { id } = await client.series.create({
    ...{
      title: 'Week by week',
      course,
      section,
      audience: 'People who paint',
      outline: ['Why a window is soft'],
      tone: '',
      language: 'en',
      examples: '',
      sources: [],
    },
    ...{ minutes: 5, questions: 2, licence: 'CC-BY-4.0', schedule: { cron: '0 8 * * 1', zone: 'UTC' } },
    budget: { runTokens: 100_000, runMicros: 1_000_000, monthTokens: 1_000_000, monthMicros: 10_000_000 },
  })
  return id
}

/** Somebody is invited into the staff, and the letter has come. */
const theInvitation = async (school: Pick<Program, 'url'>, { client }: Someone): Promise<string> => {
  await client.accounts.inviteStaff({ email: 'tessa@lectern.test', role: 'instructor' })
  const answer = await fetch(`${school.url}/sandbox/mail/api/messages?to=tessa@lectern.test&wait=10`)
  return /stf_[0-9a-z]+/.exec(await answer.text())?.[0] ?? ''
}

/** A school with something on every page, as far as a few calls can bring it there. */
export const aFullSchool = async (school: Pick<Program, 'url'>, teacher: Someone, learner: Someone) => {
  const made = await theLongCourse(teacher, learner)
  const certificate = await theShortCourse(teacher, learner)
  const { order, offer } = await theOrder(teacher, learner)
  const series = await theSeries(teacher, made)
  await teacher.client.storefront.putLegal({ page: 'imprint', version: 0, text: '# Who we are\n\nOne room in Bath.' })
  await eventually('the catalogue', async () => ((await (await fetch(`${school.url}/catalogue/offers.json`)).text()).includes(offer) ? true : undefined))
  return { ...made, certificate, order, offer, series, joining: await theInvitation(school, teacher) }
}
export type FullSchool = Awaited<ReturnType<typeof aFullSchool>>
