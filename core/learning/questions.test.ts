import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aContentSchool, aFile, aTaughtCourse, QUIZ } from '#core/content/content.fixture.ts'
import { refusalOf } from '#test/school.ts'

const PATH = 'courses/light/01-beginnings/02-quiz.md'
const SEVERAL = '  - ask: Which are even?\n    options:\n      - right: Two\n      - wrong: Three\n      - right: Four\n    explanation: Halve them.\n'
const HEAD = `summary: Short and sweet.\nobjectives:\n  - Count\n${QUIZ}${SEVERAL}`

test('Questions are asked without their keys, and marked by the school for whom the lesson is open to', async (t) => {
  const content = await aContentSchool(t)
  const { school, teacher, learner, push, lessonId } = content
  const { course, slug } = await aTaughtCourse(content)
  const other = await school.person('Otto')
  await push({ [PATH]: aFile('Quiz', { head: HEAD }) })
  const lesson = await lessonId(learner, { course, title: 'Quiz' })
  const raw = await school.api(new Request(`http://school.test/api/lessons/${lesson}`, { headers: { authorization: `Bearer ${learner.id}` } }))
  const text = await raw.text()
  assert.match(text, /Two and two\?/)
  assert.doesNotMatch(text, /isRight|Count them|Halve them|explanation/)
  const view = await learner.client.learning.lesson({ lesson })
  assert.equal(view.about.summary, 'Short and sweet.')
  assert.deepEqual(view.questions[1], { prompt: 'Which are even?', kind: 'multiple', options: ['Two', 'Three', 'Four'] })
  const check = (person: typeof learner.client, ...answers: { question: number; options: number[] }[]) => person.learning.check({ lesson, answers })
  const marks = await check(learner.client, { question: 1, options: [2, 0] }, { question: 0, options: [1] }, { question: 1, options: [0] })
  assert.deepEqual(marks.answers, [
    { isRight: true, explanation: 'Halve them.' },
    { isRight: false, explanation: 'Count them.' },
    { isRight: false, explanation: 'Halve them.' },
  ])
  assert.equal(await refusalOf(check(learner.client, { question: 2, options: [0] })), 'bad-input')
  assert.equal(await refusalOf(check(learner.client, { question: 0, options: [7] })), 'bad-input')
  assert.equal(await refusalOf(check(other.client, { question: 0, options: [0] })), 'not-enrolled')
  assert.equal(await refusalOf(check(school.visitor, { question: 0, options: [0] })), 'not-signed-in')
  assert.equal((await teacher.client.courses.lesson({ lesson })).questions[0]?.options[0]?.isRight, true)
  for (const key of [`catalogue/${slug}.json`, 'catalogue/index.json']) {
    const published = new TextDecoder().decode((await school.store.get(key))?.bytes)
    assert.doesNotMatch(published, /Two and two|isRight|questions/)
  }
})

test('A preview’s questions are anybody’s to answer', async (t) => {
  const content = await aContentSchool(t)
  const { school, learner, push, lessonId } = content
  const { course } = await aTaughtCourse(content)
  await push({ [PATH]: aFile('Quiz', { head: `preview: true\n${QUIZ}` }) })
  const lesson = await lessonId(learner, { course, title: 'Quiz' })
  assert.deepEqual((await school.visitor.learning.check({ lesson, answers: [{ question: 0, options: [0] }] })).answers[0]?.isRight, true)
})

test('The questions of a lesson that is somebody else’s draft are not found', async (t) => {
  const content = await aContentSchool(t)
  const { teacher, learner, push } = content
  const { id: course } = await teacher.client.courses.create({ title: 'Light' })
  await push({ [PATH]: aFile('Quiz', { head: QUIZ }) })
  const lesson = (await teacher.client.courses.get({ course })).sections[0]?.lessons[0]?.id ?? ''
  assert.equal(await refusalOf(learner.client.learning.check({ lesson, answers: [{ question: 0, options: [0] }] })), 'not-found')
  assert.equal((await teacher.client.learning.check({ lesson, answers: [{ question: 0, options: [0] }] })).answers[0]?.isRight, true)
})
