import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { SectionOpening } from '#contract/opening.ts'
import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { servedTo, touchStream } from '#core/watching/streams.ts'
import { aCourse, aLesson, aLessonFile, anUploadedVideo, encode } from '#test/builders.ts'
import { caseOf, openSchool, refusalOf } from '#test/school.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const owner = await school.person('Olive', 'admin')
const DAY_SECONDS = 24 * 3600
type Someone = Awaited<ReturnType<typeof school.person>>

const enrolled = async (name: string, course: string): Promise<Someone> => {
  const person = await school.person(name)
  await person.client.learning.enrol({ course })
  return person
}

/** A course of two sections, the second with a film and a file, opening as said. */
const dripped = async (title: string, opens: SectionOpening) => {
  const { course, section } = await aCourse(teacher, { title })
  const first = await aLesson(teacher, { course, section, title: 'First' })
  const { sections } = await teacher.client.courses.addSection({ course, title: 'Later' })
  const later = sections[1]?.id ?? ''
  const film = await anUploadedVideo(school, teacher, { course, section: later, title: 'Film' })
  await encode(school, film)
  const file = await aLessonFile(school, teacher, { lesson: film.lesson })
  await teacher.client.courses.openSection({ course, section: later, opens })
  await teacher.client.courses.publish({ course })
  await school.settle()
  return { course, first, later, lesson: film.lesson, video: film.video, file }
}

/** Every way to a lesson’s words and bytes, and how each is answered. */
const ways = async ({ client }: Pick<Someone, 'client'>, { lesson, file }: { lesson: string; file: string }): Promise<string[]> =>
  Promise.all([
    refusalOf(client.learning.lesson({ lesson })),
    refusalOf(client.watching.open({ lesson })),
    refusalOf(client.files.download({ lesson, file })),
    refusalOf(client.watching.wish({ lesson, seconds: 1 })),
    refusalOf(client.learning.check({ lesson, answers: [{ question: 'qst_nosuchone', answer: { chosen: [0] } }] })),
  ])

const OPEN = ['answered', 'answered', 'answered', 'answered', 'bad-input']
const SHUT = ['not-yet', 'not-yet', 'not-yet', 'not-yet', 'not-yet']

test('a section opens so many days after somebody enrolled, by page, film, file and answer alike, to the second', async () => {
  const place = await dripped('By days', { by: 'days', days: 7 })
  const lena = await enrolled('Lena', place.course)
  assert.equal(await refusalOf(lena.client.learning.lesson({ lesson: place.first })), 'answered')
  assert.deepEqual(await ways(lena, place), SHUT)
  assert.equal(await refusalOf(lena.client.learning.complete({ lesson: place.lesson, isCompleted: true })), 'not-yet')
  assert.deepEqual(await ways(teacher, place), OPEN)
  const { sections } = await lena.client.learning.curriculum({ course: place.course })
  const waits = sections[1]?.lessons[0]?.waits
  const opensAt = new Date(school.clock.now().getTime() + 7 * DAY_SECONDS * 1000).toISOString()
  assert.deepEqual([sections[1]?.lessons[0]?.isOpen, waits?.because], [false, 'not-yet'])
  assert.ok(Math.abs(Date.parse(waits?.opensAt ?? '') - Date.parse(opensAt)) < 1000)
  school.clock.pass(7 * DAY_SECONDS - 1)
  assert.deepEqual(await ways(lena, place), SHUT)
  school.clock.pass(1)
  assert.deepEqual(await ways(lena, place), OPEN)
})

test('whoever came later waits longer, and the refusal says until when', async () => {
  const place = await dripped('In turn', { by: 'days', days: 2 })
  const early = await enrolled('Early', place.course)
  school.clock.pass(DAY_SECONDS)
  const late = await enrolled('Late', place.course)
  school.clock.pass(DAY_SECONDS)
  assert.equal(await refusalOf(early.client.learning.lesson({ lesson: place.lesson })), 'answered')
  const answer = await school.api(new Request(`http://school.test/api/lessons/${place.lesson}`, { headers: { authorization: `Bearer ${late.id}` } }))
  // The wire format of a refusal.
  const { code, data } = (await answer.json()) as { code: string; data: { because: string; opensAt: string } }
  assert.deepEqual([answer.status, code, data.because], [403, 'not-yet', 'not-yet'])
  assert.equal(data.opensAt, new Date(school.clock.now().getTime() + DAY_SECONDS * 1000).toISOString())
})

test('a stream that runs stops being served, by page, beat and bytes, once its section is put off', async () => {
  const at = new Date(school.clock.now().getTime() - 1000).toISOString()
  const place = await dripped('Put off', { by: 'date', at })
  const mona = await enrolled('Mona', place.course)
  const { stream } = await mona.client.watching.open({ lesson: place.lesson })
  await touchStream(school.world, stream)
  assert.notEqual(await servedTo(school.world, stream, place.video), undefined)
  const tomorrow = new Date(school.clock.now().getTime() + DAY_SECONDS * 1000).toISOString()
  await teacher.client.courses.openSection({ course: place.course, section: place.later, opens: { by: 'date', at: tomorrow } })
  assert.notEqual(await servedTo(school.world, stream, place.video), undefined, 'a draft changes nothing')
  await teacher.client.courses.publish({ course: place.course })
  assert.equal(await servedTo(school.world, stream, place.video), undefined)
  assert.equal((await mona.client.watching.beat({ stream, positionSeconds: 1, watched: [] })).ended, 'closed')
  assert.equal(await refusalOf(mona.client.watching.open({ lesson: place.lesson, stream })), 'not-yet')
  school.clock.pass(DAY_SECONDS)
  assert.deepEqual(await ways(mona, place), OPEN)
})

test('what is said in a film of a section that is not open is found by nobody who waits for it', async () => {
  const place = await dripped('Spoken', { by: 'days', days: 3 })
  const vtt = 'WEBVTT\n\n00:00.000 --> 00:02.000\nThe window is the secret\n'
  const { revision } = await teacher.client.captions.upload({ video: place.video, language: 'en', label: 'English', text: vtt })
  await teacher.client.captions.publish({ video: place.video, language: 'en', revision })
  await school.settle()
  const nils = await enrolled('Nils', place.course)
  const find = async ({ client }: Someone) => (await client.search.find({ course: place.course, only: 'spoken', words: 'secret' })).hits.length
  assert.deepEqual([await find(teacher), await find(nils)], [1, 0])
  school.clock.pass(3 * DAY_SECONDS)
  assert.equal(await find(nils), 1)
})

test('each lesson of a course in order opens when the one before it is completed; what is completed stays open', async () => {
  const { course, section } = await aCourse(teacher, { title: 'In order' })
  const [one, two, three] = [
    await aLesson(teacher, { course, section, title: 'One' }),
    await aLesson(teacher, { course, section, title: 'Two' }),
    await aLesson(teacher, { course, section, title: 'Three' }),
  ]
  await teacher.client.courses.update({ course, isSequential: true })
  await teacher.client.courses.publish({ course })
  const vera = await enrolled('Vera', course)
  const opened = async (): Promise<string[]> => Promise.all([one, two, three].map((lesson) => caseOf(vera.client.learning.lesson({ lesson }))))
  assert.deepEqual(await opened(), ['answered', 'lesson-first', 'lesson-first'])
  assert.equal(await caseOf(vera.client.learning.complete({ lesson: three, isCompleted: true })), 'lesson-first')
  await vera.client.learning.complete({ lesson: one, isCompleted: true })
  assert.deepEqual(await opened(), ['answered', 'answered', 'lesson-first'])
  await vera.client.learning.complete({ lesson: two, isCompleted: true })
  await vera.client.learning.complete({ lesson: one, isCompleted: false })
  assert.deepEqual(await opened(), ['answered', 'answered', 'answered'])
  assert.deepEqual(
    (await vera.client.learning.curriculum({ course })).sections[0]?.lessons.map(({ isOpen }) => isOpen),
    [true, true, true],
  )
})

test('a free preview stays open to everybody, whatever its section waits for', async () => {
  const place = await dripped('Free', { by: 'days', days: 30 })
  await teacher.client.courses.updateLesson({ lesson: place.lesson, isPreview: true })
  await teacher.client.courses.publish({ course: place.course })
  const olga = await enrolled('Olga', place.course)
  assert.deepEqual(await ways(olga, place), OPEN)
  assert.equal(await refusalOf(school.visitor.learning.lesson({ lesson: place.lesson })), 'answered')
})

test('a course opens once the one it asks for is completed, and stays open when lessons come to that one later', async () => {
  const before = await aCourse(teacher, { title: 'Basics' })
  const basics = await aLesson(teacher, { ...before, title: 'Basics of it' })
  await teacher.client.courses.publish({ course: before.course })
  const { course, section } = await aCourse(teacher, { title: 'Advanced' })
  const lesson = await aLesson(teacher, { course, section, title: 'Deep' })
  await teacher.client.courses.update({ course, requires: [before.course] })
  assert.equal(await refusalOf(teacher.client.courses.update({ course: before.course, requires: [course] })), 'not-found', 'only what is published')
  await teacher.client.courses.publish({ course })
  assert.equal(await refusalOf(teacher.client.courses.update({ course: before.course, requires: [course] })), 'bad-input', 'none may wait for itself')
  assert.equal(await refusalOf(teacher.client.courses.update({ course, requires: [course] })), 'bad-input')
  const rosa = await enrolled('Rosa', course)
  assert.equal(await caseOf(rosa.client.learning.lesson({ lesson })), 'course-first')
  assert.deepEqual(
    (await rosa.client.learning.curriculum({ course })).requires?.map(({ title }) => title),
    ['Basics'],
  )
  await rosa.client.learning.enrol({ course: before.course })
  await rosa.client.learning.complete({ lesson: basics, isCompleted: true })
  await school.settle()
  assert.equal(await caseOf(rosa.client.learning.lesson({ lesson })), 'answered')
  await aLesson(teacher, { ...before, title: 'One more' })
  await teacher.client.courses.publish({ course: before.course })
  assert.equal(await caseOf(rosa.client.learning.lesson({ lesson })), 'answered')
  const sven = await enrolled('Sven', course)
  assert.equal(await caseOf(sven.client.learning.lesson({ lesson })), 'course-first')
  await teacher.client.courses.unpublish({ course: before.course })
  assert.equal(await caseOf(sven.client.learning.lesson({ lesson })), 'answered', 'nobody can be asked for what nobody can enrol in')
})

test('support is told what a lesson waits for, and until when', async () => {
  const place = await dripped('Explained', { by: 'days', days: 5 })
  const tina = await enrolled('Tina', place.course)
  const told = await owner.client.grants.explain({ email: tina.email, lesson: place.lesson })
  assert.deepEqual([told.isOpen, told.because, told.rules.find(({ rule }) => rule === 'pace')?.says], [false, 'not-yet', 'closes'])
  const then = await owner.client.grants.explain({ email: tina.email, lesson: place.lesson, at: told.opensAt ?? '' })
  assert.deepEqual([then.isOpen, then.because], [true, 'enrolled'])
  const stranger = await school.person('Stranger')
  assert.equal((await owner.client.grants.explain({ email: stranger.email, lesson: place.lesson })).because, 'not-enrolled')
})

test('days count from what an order first began, whatever paused it; without a right nothing is said of days', async () => {
  const place = await dripped('Paused', { by: 'days', days: 10 })
  const now = school.clock.now().getTime()
  const on = (day: number): string => new Date(now - (20 - day) * DAY_SECONDS * 1000).toISOString()
  const ulla = await school.person('Ulla')
  const facts = [
    { id: 'fct_1', kind: 'paid' as const, order: 'ord_1', at: on(0) },
    { id: 'fct_2', kind: 'disputed' as const, order: 'ord_1', at: on(15) },
    { id: 'fct_3', kind: 'cleared' as const, order: 'ord_1', at: on(19) },
  ]
  await school.world.tables.commit([enrolmentRecords.add({ learner: ulla.id, course: place.course, since: on(0), facts })])
  assert.deepEqual(await ways(ulla, place), OPEN)
})
