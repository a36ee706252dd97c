import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { caseOf, openSchool, refusalOf } from '#test/school.ts'
import { aQuestion, aTalkingCourse } from './talk.fixture.ts'

const school = await openSchool()
after(() => school.close())
const { course, lesson, teacher, owner, lena, max } = await aTalkingCourse(school)

test('what the staff hide keeps its place and its reason, and its words from everybody but its writer and the staff', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, lesson, ...aQuestion })
  const { number } = await max.client.talk.reply({ thread, body: 'Something rude' })
  assert.equal(await refusalOf(teacher.client.talk.moderate({ thread, number, what: 'hide' })), 'bad-input')
  await teacher.client.talk.moderate({ thread, number, what: 'hide', reason: 'Be kind' })
  const seen = async ({ client }: typeof lena) => (await client.talk.thread({ thread })).posts[number]
  assert.deepEqual([(await seen(lena))?.body, (await seen(lena))?.hidden?.reason], ['', 'Be kind'])
  assert.equal((await seen(max))?.body, 'Something rude')
  assert.equal((await seen(owner))?.body, 'Something rude')
  assert.equal(await refusalOf(max.client.talk.edit({ thread, number, body: 'Something polite' })), 'not-allowed')
  await owner.client.talk.moderate({ thread, number, what: 'show' })
  assert.equal((await seen(lena))?.body, 'Something rude')
})

test('a hidden thread is not listed to fellow learners, nor opened by its link', async () => {
  const { id: thread } = await max.client.talk.begin({ course, ...aQuestion })
  await teacher.client.talk.moderate({ thread, number: 0, what: 'hide', reason: 'Advertising' })
  const listed = async ({ client }: typeof lena) => (await client.talk.threads({ course })).threads.some(({ id }) => id === thread)
  assert.deepEqual([await listed(lena), await listed(max), await listed(teacher)], [false, true, true])
  assert.equal(await refusalOf(lena.client.talk.thread({ thread })), 'not-found')
  assert.equal(await refusalOf(lena.client.talk.reply({ thread, body: 'Hello' })), 'not-found')
  assert.ok(!(await teacher.client.talk.desk({ course, what: 'questions' })).questions.some(({ id }) => id === thread))
})

test('what learners report waits for the staff, once for each who reports, until it is settled', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, ...aQuestion })
  const { number } = await max.client.talk.reply({ thread, body: 'Buy my shoes' })
  for (const reason of ['Spam', 'Spam again']) await lena.client.talk.report({ thread, number, reason })
  const reports = async () => (await teacher.client.talk.desk({ course, what: 'reports' })).reports
  const [report] = await reports()
  assert.deepEqual([report?.times, report?.reasons.map(({ reason }) => reason), report?.post.body], [1, ['Spam'], 'Buy my shoes'])
  assert.equal(JSON.stringify(report).includes(lena.email), false)
  assert.equal((await lena.client.talk.thread({ thread })).posts[number]?.isReported, true)
  assert.equal(await refusalOf(max.client.talk.report({ thread, number, reason: 'Mine' })), 'not-allowed')
  await teacher.client.talk.moderate({ thread, number, what: 'dismiss' })
  assert.deepEqual(await reports(), [])
  assert.equal((await lena.client.talk.thread({ thread })).posts[number]?.body, 'Buy my shoes')
})

test('in a locked thread only the staff go on; pinned ones stand first', async () => {
  school.clock.pass(900)
  const { id: old } = await lena.client.talk.begin({ course, title: 'Old', body: 'Old', isQuestion: false })
  school.clock.pass(60)
  await lena.client.talk.begin({ course, title: 'New', body: 'New', isQuestion: false })
  await teacher.client.talk.moderate({ thread: old, number: 0, what: 'pin' })
  await teacher.client.talk.moderate({ thread: old, number: 0, what: 'lock', reason: 'All is said' })
  const { threads } = await max.client.talk.threads({ course })
  assert.deepEqual([threads[0]?.title, threads[0]?.isPinned, threads[0]?.locked?.reason], ['Old', true, 'All is said'])
  assert.equal(await caseOf(lena.client.talk.reply({ thread: old, body: 'But' })), 'locked')
  assert.equal(await caseOf(lena.client.talk.edit({ thread: old, number: 0, body: 'But' })), 'locked')
  assert.equal(await refusalOf(teacher.client.talk.reply({ thread: old, body: 'Thank you' })), 'answered')
  await teacher.client.talk.moderate({ thread: old, number: 0, what: 'unlock' })
  assert.equal(await refusalOf(lena.client.talk.reply({ thread: old, body: 'Thanks' })), 'answered')
})

test('whoever is blocked reads on, is told why, and writes, votes and begins nothing until let back', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, ...aQuestion })
  assert.equal(await refusalOf(teacher.client.talk.block({ course, person: owner.id, isBlocked: true, reason: 'No' })), 'not-found')
  await owner.client.talk.reply({ thread, body: 'I run this school' })
  assert.equal(await refusalOf(teacher.client.talk.block({ course, person: owner.id, isBlocked: true, reason: 'No' })), 'not-allowed')
  await teacher.client.talk.block({ course, person: max.id, isBlocked: true, reason: 'Advertising' })
  assert.deepEqual((await max.client.talk.thread({ thread })).leave, { mayModerate: false, mayWrite: false, blocked: 'Advertising' })
  assert.equal(await caseOf(max.client.talk.begin({ course, ...aQuestion })), 'blocked')
  assert.equal(await caseOf(max.client.talk.reply({ thread, body: 'Hi' })), 'blocked')
  assert.equal(await caseOf(max.client.talk.mark({ thread, vote: { number: 0, isUp: true } })), 'blocked')
  assert.deepEqual(
    (await teacher.client.talk.desk({ course, what: 'blocked' })).blocked.map(({ name, reason }) => [name, reason]),
    [['Max', 'Advertising']],
  )
  await teacher.client.talk.block({ course, person: max.id, isBlocked: false })
  assert.equal(await refusalOf(max.client.talk.reply({ thread, body: 'Back again' })), 'answered')
})

test('only people who are in the talk are suggested, by the beginning of their name, and only those can be mentioned', async () => {
  const quiet = await school.person('Lennart')
  await quiet.client.learning.enrol({ course })
  const names = async (begins: string) => (await max.client.talk.people({ course, begins })).people.map(({ name }) => name)
  assert.deepEqual(await names('LÉ'), ['Lena'])
  assert.deepEqual(await names('Th'), ['Theo'])
  assert.ok(!(await names('')).includes('Max'), 'nobody mentions themselves')
  const asked = { course, title: 'Hello', body: 'Hello @Lena and @Lennart', isQuestion: false, mentions: [lena.id, quiet.id, teacher.id, 'prs_none'] }
  const { id: thread } = await max.client.talk.begin(asked)
  assert.deepEqual((await lena.client.talk.thread({ thread })).posts[0]?.mentions, [{ id: lena.id, name: 'Lena' }])
})
