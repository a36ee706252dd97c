import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openSchool } from '#test/school.ts'
import { aQuestion, aTalkingCourse } from './talk.fixture.ts'

const school = await openSchool()
after(() => school.close())
const { course, lesson, teacher, owner, lena, max } = await aTalkingCourse(school)

const news = async ({ client }: typeof lena) => (await client.notifications.mine({})).notifications.map(({ kind, subject }) => `${kind}: ${subject}`)

test('a question is told to the teacher, its replies to who asked and who wrote, and nobody hears of themselves', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, lesson, ...aQuestion })
  await school.settle()
  assert.deepEqual(await news(teacher), ['question: Lena asks: Which window?'])
  school.clock.pass(1)
  await max.client.talk.reply({ thread, body: 'The left one.' })
  await school.settle()
  school.clock.pass(1)
  await teacher.client.talk.reply({ thread, body: 'Indeed.' })
  await school.settle()
  assert.deepEqual(await news(lena), ['reply: Theo replied: Which window?', 'reply: Max replied: Which window?'])
  assert.deepEqual(await news(max), ['reply: Theo replied: Which window?'])
  assert.deepEqual(await news(owner), [])
  const [newest] = (await lena.client.notifications.mine({})).notifications
  assert.equal(newest?.path, `/learn/${course}/${lesson}?thread=${thread}&post=2`)
  assert.ok(school.letters.some(({ to, subject }) => to === lena.email && subject === 'Theo replied: Which window?'))
})

test('whoever is mentioned is told of that once, and not of the reply besides', async () => {
  const { id: thread } = await lena.client.talk.begin({ course, title: 'Hello', body: 'Hi', isQuestion: false })
  school.clock.pass(1)
  await max.client.talk.reply({ thread, body: 'Hi @Lena and @Theo', mentions: [lena.id, teacher.id] })
  await school.settle()
  assert.deepEqual([(await news(lena))[0], (await news(teacher))[0]], ['mention: Max mentioned you: Hello', 'mention: Max mentioned you: Hello'])
  assert.equal((await news(lena)).filter((each) => each.endsWith('Hello')).length, 1)
})

test('each is told in their own language', async () => {
  await max.client.notifications.setLanguage({ language: 'es' })
  const { id: thread } = await max.client.talk.begin({ course, title: 'Frames', body: 'Which?', isQuestion: true })
  await lena.client.talk.reply({ thread, body: 'Oak, says @Theo', mentions: [teacher.id] })
  await school.settle()
  assert.ok((await news(max)).includes('reply: Lena ha respondido: Frames'))
  assert.ok((await news(teacher)).includes('mention: Lena mentioned you: Frames'))
  assert.ok(school.letters.some(({ to, subject }) => to === max.email && subject === 'Lena ha respondido: Frames'))
  await max.client.notifications.setLanguage({ language: 'en' })
})

test('who has lost the course hears no more of its talk', async () => {
  const gone = await school.person('Gina')
  await gone.client.learning.enrol({ course })
  const { id: thread } = await gone.client.talk.begin({ course, title: 'Mine', body: 'Hi', isQuestion: false })
  await owner.client.grants.end({ email: gone.email, course, note: 'A test' })
  await max.client.talk.reply({ thread, body: 'Are you there?' })
  await school.settle()
  assert.deepEqual(await news(gone), [])
})

test('the teacher hears once of what is reported, and its writer why it was hidden', async () => {
  const { id: thread } = await max.client.talk.begin({ course, title: 'Shoes', body: 'Buy shoes', isQuestion: false })
  await lena.client.talk.report({ thread, number: 0, reason: 'Spam' })
  await owner.client.talk.report({ thread, number: 0, reason: 'Yes' })
  await school.settle()
  assert.equal((await news(teacher)).filter((each) => each.startsWith('report:')).length, 1)
  await teacher.client.talk.moderate({ thread, number: 0, what: 'hide', reason: 'No advertising' })
  await school.settle()
  const told = (await max.client.notifications.mine({})).notifications.find(({ kind }) => kind === 'moderation')
  assert.deepEqual([told?.subject, told?.text], ['Your post was hidden: Shoes', 'Theo gave this reason: No advertising'])
})
