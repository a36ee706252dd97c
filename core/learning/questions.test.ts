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
  const [first = '', second = ''] = view.questions.map(({ id }) => id)
  assert.deepEqual(view.questions[1], { id: second, prompt: 'Which are even?', kind: 'multiple', points: 1, options: ['Two', 'Three', 'Four'] })
  const check = (person: typeof learner.client, ...answers: [string, number[]][]) =>
    person.learning.check({ lesson, answers: answers.map(([question, chosen]) => ({ question, answer: { chosen } })) })
  const marks = await check(learner.client, [second, [2, 0]], [first, [1]], [second, [0]])
  assert.deepEqual(marks.answers, [
    { question: second, isRight: true, explanation: 'Halve them.' },
    { question: first, isRight: false, explanation: 'Count them.' },
    { question: second, isRight: false, explanation: 'Halve them.' },
  ])
  assert.equal(await refusalOf(check(learner.client, ['qst_00000000', [0]])), 'bad-input')
  assert.equal(await refusalOf(check(learner.client, [first, [7]])), 'bad-input')
  assert.equal(await refusalOf(learner.client.learning.check({ lesson, answers: [{ question: first, answer: { words: ['Four'] } }] })), 'bad-input')
  assert.equal(await refusalOf(check(other.client, [first, [0]])), 'not-enrolled')
  assert.equal(await refusalOf(check(school.visitor, [first, [0]])), 'not-signed-in')
  const [written] = (await teacher.client.courses.lesson({ lesson })).questions
  assert.equal(written?.kind === 'single' && written.options[0]?.isRight, true)
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
  const question = (await school.visitor.learning.lesson({ lesson })).questions[0]?.id ?? ''
  assert.deepEqual((await school.visitor.learning.check({ lesson, answers: [{ question, answer: { chosen: [0] } }] })).answers[0]?.isRight, true)
})

test('The questions of a lesson that is somebody else’s draft are not found', async (t) => {
  const content = await aContentSchool(t)
  const { teacher, learner, push } = content
  const { id: course } = await teacher.client.courses.create({ title: 'Light' })
  await push({ [PATH]: aFile('Quiz', { head: QUIZ }) })
  const lesson = (await teacher.client.courses.get({ course })).sections[0]?.lessons[0]?.id ?? ''
  const answers = [{ question: (await teacher.client.courses.lesson({ lesson })).questions[0]?.id ?? '', answer: { chosen: [0] } }]
  assert.equal(await refusalOf(learner.client.learning.check({ lesson, answers })), 'not-found')
  assert.equal((await teacher.client.learning.check({ lesson, answers })).answers[0]?.isRight, true)
})
