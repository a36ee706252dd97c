import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, aLesson } from '#test/builders.ts'
import { caseOf, openSchool, refusalOf } from '#test/school.ts'
import { aQuestion, aTalkingCourse } from './talk.fixture.ts'

const school = await openSchool()
after(() => school.close())
const { course, section, lesson, teacher, owner, lena, max } = await aTalkingCourse(school)
const stranger = await school.person('Stefan')
const rival = await school.person('Rita', 'instructor')

const pass = (minutes: number) => school.clock.pass(minutes * 60)

test('only people in the course read or write in its talk, and a free preview opens none of it', async () => {
  const preview = await aLesson(teacher, { course, section, title: 'A preview' })
  await teacher.client.courses.updateLesson({ lesson: preview, isPreview: true, text: 'Free.' })
  await teacher.client.courses.publish({ course })
  const { id: thread } = await lena.client.talk.begin({ course, lesson: preview, ...aQuestion })
  assert.equal((await stranger.client.learning.lesson({ lesson: preview })).title, 'A preview')
  for (const { client } of [stranger, rival]) {
    assert.equal(await refusalOf(client.talk.threads({ course, lesson: preview })), 'not-enrolled')
    assert.equal(await refusalOf(client.talk.threads({ course })), 'not-enrolled')
    assert.equal(await refusalOf(client.talk.thread({ thread })), 'not-found')
    assert.equal(await refusalOf(client.talk.begin({ course, ...aQuestion })), 'not-enrolled')
    assert.equal(await refusalOf(client.talk.reply({ thread, body: 'Hello' })), 'not-found')
    assert.equal(await refusalOf(client.talk.people({ course, begins: '' })), 'not-enrolled')
    assert.equal(await refusalOf(client.talk.mark({ thread, vote: { number: 0, isUp: true } })), 'not-found')
    assert.equal(await refusalOf(client.talk.report({ thread, number: 0, reason: 'Spam' })), 'not-found')
    assert.equal(await refusalOf(client.talk.moderate({ thread, number: 0, what: 'pin' })), 'not-found')
  }
  assert.equal(await refusalOf(school.visitor.talk.threads({ course })), 'not-signed-in')
  assert.equal(await refusalOf(rival.client.talk.desk({ course, what: 'questions' })), 'not-found')
  assert.equal(await refusalOf(rival.client.talk.block({ course, person: lena.id, isBlocked: true, reason: 'No' })), 'not-found')
  assert.equal(await refusalOf(lena.client.talk.desk({ course, what: 'questions' })), 'not-allowed')
})

test('a lesson of another course cannot be talked about here', async () => {
  const other = await aCourse(teacher, { title: 'Other' })
  const elsewhere = await aLesson(teacher, { ...other, title: 'Elsewhere' })
  await teacher.client.courses.updateLesson({ lesson: elsewhere, text: 'Words.' })
  await teacher.client.courses.publish({ course: other.course })
  await lena.client.learning.enrol({ course: other.course })
  assert.equal(await refusalOf(lena.client.talk.begin({ course, lesson: elsewhere, ...aQuestion })), 'not-found')
  assert.equal(await refusalOf(max.client.talk.begin({ course: other.course, lesson: elsewhere, ...aQuestion })), 'not-enrolled')
})

test('a learner asks at a lesson, the teacher answers with a badge, and the question waits no longer', async () => {
  const asked = await lena.client.talk.begin({ course, lesson, ...aQuestion })
  const waiting = async () => (await teacher.client.talk.desk({ course, what: 'questions' })).questions.map(({ id }) => id)
  assert.ok((await waiting()).includes(asked.id))
  pass(1)
  await max.client.talk.reply({ thread: asked.id, body: 'I took the left one.' })
  assert.ok((await waiting()).includes(asked.id), 'a fellow learner’s reply keeps it waiting')
  const answer = await teacher.client.talk.reply({ thread: asked.id, body: 'The left one: it looks north.' })
  assert.equal(answer.by.as, 'teacher')
  assert.ok(!(await waiting()).includes(asked.id))
  await teacher.client.talk.moderate({ thread: asked.id, number: answer.number, what: 'answer' })
  const { thread, posts, answer: shown } = await lena.client.talk.thread({ thread: asked.id })
  assert.deepEqual([thread.answer, thread.replies, shown?.body], [2, 2, 'The left one: it looks north.'])
  assert.deepEqual(
    posts.map(({ by, isMine }) => [by.name, by.as, isMine]),
    [
      ['Lena', 'learner', true],
      ['Max', 'learner', false],
      ['Theo', 'teacher', false],
    ],
  )
  const { threads, total } = await max.client.talk.threads({ course, lesson })
  assert.deepEqual([threads[0]?.title, threads[0]?.excerpt, total], ['Which window?', 'The left one, or the right?', 1])
})

test('who asked may name the answer, and nobody else but the staff', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, ...aQuestion })
  const { number } = await max.client.talk.reply({ thread, body: 'This one.' })
  assert.equal(await refusalOf(max.client.talk.moderate({ thread, number, what: 'answer' })), 'not-allowed')
  assert.equal(await refusalOf(lena.client.talk.moderate({ thread, number: 0, what: 'answer' })), 'bad-input')
  assert.equal(await refusalOf(lena.client.talk.moderate({ thread, number, what: 'hide', reason: 'No' })), 'not-allowed')
  await lena.client.talk.moderate({ thread, number, what: 'answer' })
  assert.equal((await max.client.talk.thread({ thread })).thread.answer, number)
  await lena.client.talk.moderate({ thread, number, what: 'unanswer' })
  assert.equal((await max.client.talk.thread({ thread })).thread.answer, undefined)
})

test('any text comes back as it was written', async () => {
  const body = '  \u202e‮ ز 👩‍👩‍👧 \n\n```js\nif (a < b && c) {}\n```\n\t<b>&amp;</b> e\u0301 \u0000 end \n'
  const { id: thread } = await lena.client.talk.begin({ course, title: 'Zażółć 日本', body, isQuestion: false })
  const { posts } = await max.client.talk.thread({ thread })
  assert.equal(posts[0]?.body, body)
  assert.equal(await refusalOf(lena.client.talk.reply({ thread, body: ' \n ' })), 'bad-input')
})

test('one edits without a trace for a quarter of an hour, later with a mark, and never what others wrote', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, ...aQuestion })
  assert.equal(await refusalOf(max.client.talk.edit({ thread, number: 0, body: 'Mine' })), 'not-allowed')
  assert.equal(await refusalOf(teacher.client.talk.edit({ thread, number: 0, body: 'Mine' })), 'not-allowed')
  pass(14)
  assert.equal((await lena.client.talk.edit({ thread, number: 0, body: 'Better', title: 'A better title' })).editedAt, undefined)
  pass(2)
  assert.notEqual((await lena.client.talk.edit({ thread, number: 0, body: 'Best' })).editedAt, undefined)
  const { threads } = await max.client.talk.threads({ course })
  const found = threads.find(({ id }) => id === thread)
  assert.deepEqual([found?.title, found?.excerpt], ['A better title', 'Best'])
})

test('what is taken back before a reply is gone; after one a line stays in its place', async () => {
  const before = (await lena.client.talk.threads({ course })).total
  const { id: alone } = await lena.client.talk.begin({ course, ...aQuestion })
  assert.equal((await lena.client.talk.threads({ course })).total, before + 1)
  assert.equal(await refusalOf(max.client.talk.remove({ thread: alone, number: 0 })), 'not-allowed')
  await lena.client.talk.remove({ thread: alone, number: 0 })
  assert.equal(await refusalOf(lena.client.talk.thread({ thread: alone })), 'not-found')
  assert.equal((await lena.client.talk.threads({ course })).total, before)
  assert.ok(!(await teacher.client.talk.desk({ course, what: 'questions' })).questions.some(({ id }) => id === alone))

  const { id: thread } = await lena.client.talk.begin({ course, ...aQuestion })
  const { number } = await max.client.talk.reply({ thread, body: 'I regret this' })
  await lena.client.talk.moderate({ thread, number, what: 'answer' })
  await max.client.talk.remove({ thread, number })
  const { posts, thread: after, answer } = await lena.client.talk.thread({ thread })
  assert.deepEqual([posts[1]?.isRemoved, posts[1]?.body, after.answer, answer], [true, '', undefined, undefined])
  assert.equal(await refusalOf(max.client.talk.edit({ thread, number, body: 'Back' })), 'not-found')
})

test('a vote counts once, can be taken back, and is for others’ words', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, ...aQuestion })
  assert.equal(await refusalOf(lena.client.talk.mark({ thread, vote: { number: 0, isUp: true } })), 'not-allowed')
  await Promise.all([1, 2, 3].map(() => max.client.talk.mark({ thread, vote: { number: 0, isUp: true } })))
  await teacher.client.talk.mark({ thread, vote: { number: 0, isUp: true } })
  const shown = await max.client.talk.thread({ thread })
  assert.deepEqual([shown.posts[0]?.votes, shown.thread.votes, shown.posts[0]?.isMyVote], [2, 2, true])
  await max.client.talk.mark({ thread, vote: { number: 0, isUp: false } })
  await max.client.talk.mark({ thread, vote: { number: 0, isUp: false } })
  assert.equal((await max.client.talk.thread({ thread })).posts[0]?.votes, 1)
})

test('what came since I last read is counted for me alone', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, ...aQuestion })
  for (const body of ['One', 'Two']) await max.client.talk.reply({ thread, body })
  const unread = async ({ client }: typeof lena) => (await client.talk.threads({ course })).threads.find(({ id }) => id === thread)?.unread
  assert.deepEqual([await unread(lena), await unread(max), await unread(teacher)], [2, 0, undefined])
  await lena.client.talk.mark({ thread, readUpTo: 999 })
  assert.equal(await unread(lena), 0)
})

test('ten who reply at once are all heard, each under a number of their own', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, ...aQuestion })
  await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 ? max : teacher).client.talk.reply({ thread, body: `Reply ${index}` })))
  const { posts } = await lena.client.talk.thread({ thread })
  assert.deepEqual(
    posts.map(({ number }) => number),
    Array.from({ length: 11 }, (_, index) => index),
  )
  pass(11)
})

test('long threads and long boards come by pages', async () => {
  const { id: thread } = await teacher.client.talk.begin({ course, title: 'Long', body: 'Begin', isQuestion: false })
  for (let reply = 1; reply <= 35; reply += 1) await owner.client.talk.reply({ thread, body: `Reply ${reply}` })
  const first = await lena.client.talk.thread({ thread })
  const second = await lena.client.talk.thread({ thread, ...(first.next !== undefined && { page: first.next }) })
  assert.deepEqual([first.posts.length, second.posts.length, second.posts.at(-1)?.body, second.next], [30, 6, 'Reply 35', undefined])
  for (let count = 0; count < 22; count += 1) await teacher.client.talk.begin({ course, title: `Thread ${count}`, body: 'x', isQuestion: false })
  const board = await lena.client.talk.threads({ course })
  assert.deepEqual([board.threads.length, board.next !== undefined], [20, true])
})

test('who writes very much at once is asked to wait, and may go on afterwards', async () => {
  pass(11)
  const { id: thread } = await max.client.talk.begin({ course, ...aQuestion })
  const outcomes: string[] = []
  for (let reply = 0; reply < 25; reply += 1) outcomes.push(await refusalOf(max.client.talk.reply({ thread, body: 'Again' })))
  assert.deepEqual([outcomes[0], outcomes.at(-1)], ['answered', 'too-many'])
  pass(11)
  assert.equal(await refusalOf(max.client.talk.reply({ thread, body: 'Later' })), 'answered')
})

test('whoever’s right has ended is out of the talk at once', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, ...aQuestion })
  const gone = await school.person('Gina')
  await gone.client.learning.enrol({ course })
  await gone.client.talk.reply({ thread, body: 'Still here' })
  await owner.client.grants.end({ email: gone.email, course, note: 'A test' })
  assert.equal(await refusalOf(gone.client.talk.thread({ thread })), 'access-ended')
  assert.equal(await caseOf(gone.client.talk.reply({ thread, body: 'Not here' })), 'access-ended')
})
