import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, aLesson, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { learning } from './learning.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const owner = await school.person('Olive', 'admin')
const learner = await school.person('Lena')
const stranger = await school.person('Stefan')

const place = await aCourse(teacher, { title: 'Priced' })
const shut = await anUploadedVideo(school, teacher, { ...place, title: 'Behind the lock' })
const open = await anUploadedVideo(school, teacher, { ...place, title: 'Preview' })
await encode(school, shut)
await encode(school, open)
await teacher.client.courses.updateLesson({ lesson: open.lesson, isPreview: true })
await teacher.client.courses.update({ course: place.course, price: { amountMinor: 4900, currency: 'EUR' } })
await teacher.client.courses.publish({ course: place.course })
await school.settle()
const enrolled = { learner: learner.id, course: place.course, since: '2026-05-04T09:00:00.000Z' }
await school.world.tables.commit([{ kind: 'put', key: { pk: `learner#${learner.id}`, sk: `enrolment#${place.course}` }, body: enrolled }])

const cookiesFor = async (token: string | undefined, lesson: string): Promise<{ status: number; cookies: string[] }> => {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await school.api(new Request(`http://school.test/api/lessons/${lesson}/playback`, { method: 'POST', headers }))
  return { status: answer.status, cookies: answer.headers.getSetCookie() }
}

test('only the enrolled, the teacher and an admin are given cookies for a paid lesson; nobody else gets one', async () => {
  for (const person of [learner, teacher, owner]) {
    const { status, cookies } = await cookiesFor(person.id, shut.lesson)
    assert.equal(status, 200)
    assert.equal(cookies.length, 5)
    assert.ok(cookies.every((cookie) => cookie.includes(`Path=/media/${shut.video}/`) && cookie.includes('HttpOnly')))
  }
  assert.deepEqual(await cookiesFor(stranger.id, shut.lesson), { status: 403, cookies: [] })
  assert.deepEqual(await cookiesFor(undefined, shut.lesson), { status: 401, cookies: [] })
  assert.deepEqual(await cookiesFor('forged', shut.lesson), { status: 401, cookies: [] })
})

test('a free preview opens to everyone until the course leaves the catalogue', async () => {
  assert.equal((await cookiesFor(undefined, open.lesson)).status, 200)
  await teacher.client.courses.unpublish({ course: place.course })
  await school.settle()
  assert.equal((await cookiesFor(undefined, open.lesson)).status, 404)
  assert.equal((await cookiesFor(learner.id, shut.lesson)).status, 200)
  await teacher.client.courses.publish({ course: place.course })
  await school.settle()
})

test('the curriculum shows everyone the titles, and which lessons are open to them', async () => {
  const opened = async (client: typeof school.visitor): Promise<boolean[]> =>
    (await client.learning.curriculum({ course: place.course })).sections.flatMap(({ lessons }) => lessons.map(({ isOpen }) => isOpen))
  assert.deepEqual(await opened(school.visitor), [false, true])
  assert.deepEqual(await opened(learner.client), [true, true])
})

test('a paid course cannot be enrolled in for free', async () => {
  assert.equal(await refusalOf(stranger.client.learning.enrol({ course: place.course })), 'not-allowed')
  assert.equal(await refusalOf(stranger.client.learning.lesson({ lesson: shut.lesson })), 'not-enrolled')
})

test('enrolling in a free course twice is enrolling once, with one letter', async () => {
  const free = await aCourse(teacher, { title: 'Free' })
  const lesson = await aLesson(teacher, { ...free, title: 'Read me' })
  await teacher.client.courses.updateLesson({ lesson, text: 'Some **words**.' })
  await teacher.client.courses.publish({ course: free.course })
  await Promise.all([stranger.client.learning.enrol({ course: free.course }), stranger.client.learning.enrol({ course: free.course })])
  await school.settle()
  assert.equal(school.letters.filter(({ to, subject }) => to === stranger.email && subject === 'You are in: Free').length, 1)
  assert.equal((await stranger.client.learning.lesson({ lesson })).text, 'Some **words**.')
})

test('courses one has not begun say so; one that is begun says when one was last in it, and what comes next', async () => {
  const two = await aCourse(teacher, { title: 'Two' })
  const [first, second] = [await aLesson(teacher, { ...two, title: 'First' }), await aLesson(teacher, { ...two, title: 'Second' })]
  await teacher.client.courses.publish({ course: two.course })
  const nora = await school.person('Nora')
  await nora.client.learning.enrol({ course: two.course })
  const mine = async () => (await nora.client.learning.mine({})).enrolled[0]
  assert.deepEqual([(await mine())?.lastAt, (await mine())?.next?.lesson], [undefined, first])
  const at = school.clock.now().toISOString()
  await nora.client.learning.complete({ lesson: first, isCompleted: true })
  const { lastAt, next } = (await mine()) ?? {}
  assert.deepEqual([lastAt, next], [at, { lesson: second, title: 'Second', kind: 'article', positionSeconds: 0 }])
})

test('a draft lesson is its teacher’s alone', async () => {
  const draft = await aCourse(teacher, { title: 'Draft' })
  const lesson = await aLesson(teacher, { ...draft, title: 'Secret' })
  assert.equal((await teacher.client.learning.lesson({ lesson })).title, 'Secret')
  assert.equal(await refusalOf(learner.client.learning.lesson({ lesson })), 'not-found')
  assert.equal(await refusalOf(school.visitor.learning.curriculum({ course: draft.course })), 'not-found')
})

test('an article is completed by the learner’s word, a video by watching it', async () => {
  const { course } = await aCourse(teacher, { title: 'Two kinds' })
  const { sections } = await teacher.client.courses.get({ course })
  const lesson = await aLesson(teacher, { course, section: sections[0]?.id ?? '', title: 'To read' })
  await teacher.client.courses.publish({ course })
  await learner.client.learning.enrol({ course })
  assert.deepEqual(await learner.client.learning.complete({ lesson, isCompleted: true }), { lesson, isCompleted: true })
  assert.equal((await learner.client.learning.lesson({ lesson })).isCompleted, true)
  assert.equal((await learner.client.learning.complete({ lesson, isCompleted: false })).isCompleted, false)
  assert.equal(await refusalOf(learner.client.learning.complete({ lesson: shut.lesson, isCompleted: true })), 'not-allowed')
  assert.equal(await refusalOf(stranger.client.learning.complete({ lesson: shut.lesson, isCompleted: true })), 'not-enrolled')
})

test('whoever enrols or completes while everything is written by others is asked to try again, and not kept waiting for ever', async () => {
  const free = await aCourse(teacher)
  const lesson = await aLesson(teacher, { ...free, title: 'Reading' })
  await teacher.client.courses.publish({ course: free.course })
  const world = { ...school.world, tables: { ...school.world.tables, commit: async () => 'conflict' as const } }
  const { enrol, complete } = learning.handlers
  await assert.rejects(enrol(world, stranger, { course: free.course }), { code: 'conflict' })
  await stranger.client.learning.enrol({ course: free.course })
  await assert.rejects(complete(world, stranger, { lesson, isCompleted: true }), { code: 'conflict' })
})
