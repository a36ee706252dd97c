import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progressRecords } from '#core/learning/progress.ts'
import { refusalOf } from '#test/school.ts'
import { allRight, aQuizSchool, EVERY_KIND, someRules } from './quizzes.fixture.ts'
import { figuresOf } from './tallies.ts'

const KEYS = /isRight|isTrue|accepted|tolerance|passage|299792458|Newtonius|Why-|\[\[|straightaway|refracted|bendeth|pairs/i

test('a learner takes a quiz, passes it, and so completes the lesson; no word of theirs could have', async (t) => {
  const { school, learner, course, lesson } = await aQuizSchool(t)
  const { client } = learner
  const view = await client.learning.lesson({ lesson })
  assert.deepEqual([view.questions, view.completion, view.isCompleted], [[], { by: 'passing' }, false])
  assert.equal(await refusalOf(client.learning.complete({ lesson, isCompleted: true })), 'not-allowed')
  const before = await client.quizzes.open({ lesson })
  assert.deepEqual([before.questions, before.points, before.begun, before.left, before.open], [8, 12, 0, undefined, undefined])
  const attempt = await client.quizzes.start({ lesson })
  assert.equal(attempt.questions.length, 8)
  assert.doesNotMatch(JSON.stringify(attempt), KEYS)
  await client.quizzes.answer({ lesson, number: 1, answers: allRight(attempt.questions.slice(0, 5)) })
  // Another device goes on with it.
  const again = await client.quizzes.start({ lesson })
  assert.deepEqual([again.number, again.answers.length, again.questions.map(({ id }) => id)], [1, 5, attempt.questions.map(({ id }) => id)])
  const done = await client.quizzes.answer({ lesson, number: 1, answers: allRight(attempt.questions.slice(5)), isFinal: true })
  assert.deepEqual(done.score, { earned: 1200, of: 1200, percent: 100, isPassed: true })
  assert.ok(done.marked.every(({ isRight, explanation }) => isRight && explanation.startsWith('Why-')))
  assert.equal((await client.learning.lesson({ lesson })).isCompleted, true)
  const stored = await progressRecords.get(school.world.tables, { learner: learner.id, course, lesson })
  assert.equal(stored?.value.isCompleted, true)
  const after = await client.quizzes.open({ lesson })
  assert.deepEqual([after.open, after.best?.percent, after.attempts.map(({ number }) => number)], [undefined, 100, [1]])
})

test('the best attempt counts, and a worse one takes nothing back', async (t) => {
  const { learner, lesson } = await aQuizSchool(t)
  const { client } = learner
  const first = await client.quizzes.start({ lesson })
  await client.quizzes.answer({ lesson, number: 1, answers: allRight(first.questions), isFinal: true })
  await client.quizzes.start({ lesson })
  const second = await client.quizzes.answer({ lesson, number: 2, answers: [], isFinal: true })
  assert.deepEqual([second.score?.percent, second.score?.isPassed], [0, false])
  const view = await client.quizzes.open({ lesson })
  assert.deepEqual([view.best?.percent, view.attempts.map(({ number }) => number)], [100, [2, 1]])
  assert.equal((await client.learning.lesson({ lesson })).isCompleted, true)
  const late = await client.quizzes.answer({ lesson, number: 2, answers: allRight(second.questions), isFinal: true })
  assert.equal(late.score?.percent, 0, 'what is handed in is not changed')
})

test('there are as many attempts as the teacher allows, however many are begun at once', async (t) => {
  const { learner, lesson } = await aQuizSchool(t, { rules: { attempts: 2 } })
  const { client } = learner
  const begun = await Promise.all([client.quizzes.start({ lesson }), client.quizzes.start({ lesson }), client.quizzes.start({ lesson })])
  assert.deepEqual(
    begun.map(({ number }) => number),
    [1, 1, 1],
  )
  await client.quizzes.answer({ lesson, number: 1, answers: [], isFinal: true })
  await client.quizzes.start({ lesson })
  await client.quizzes.answer({ lesson, number: 2, answers: [], isFinal: true })
  assert.equal((await client.quizzes.open({ lesson })).left, 0)
  assert.equal(await refusalOf(client.quizzes.start({ lesson })), 'not-allowed')
})

test('the school’s clock ends an attempt: what was kept by then counts, what comes later does not', async (t) => {
  const { school, learner, lesson } = await aQuizSchool(t, { rules: { minutes: 10, passPercent: 100 } })
  const { client } = learner
  const attempt = await client.quizzes.start({ lesson })
  assert.equal(attempt.secondsLeft, 600)
  await client.quizzes.answer({ lesson, number: 1, answers: allRight(attempt.questions.slice(0, 4)) })
  school.clock.pass(600 + 31)
  const late = await client.quizzes.answer({ lesson, number: 1, answers: allRight(attempt.questions), isFinal: true })
  assert.deepEqual([late.handedInAt, late.answers.length, late.score?.isPassed], ['2026-05-04T09:10:00.000Z', 4, false])
  const next = await client.quizzes.start({ lesson })
  assert.equal(next.number, 2)
  school.clock.pass(600 + 29)
  const justInTime = await client.quizzes.answer({ lesson, number: 2, answers: allRight(next.questions), isFinal: true })
  assert.equal(justInTime.score?.percent, 100, 'what was on its way is taken')
  await client.quizzes.start({ lesson })
  school.clock.pass(3600)
  assert.equal((await client.quizzes.open({ lesson })).open, undefined)
  assert.equal((await client.quizzes.attempt({ lesson, number: 3 })).score?.percent, 0)
})

test('what is told of answers, and when, is the teacher’s to say', async (t) => {
  const { learner, teacher, lesson, publish } = await aQuizSchool(t, { rules: { telling: 'each' } })
  const { client } = learner
  const take = async () => {
    const attempt = await client.quizzes.start({ lesson })
    return { ...attempt, first: attempt.questions.slice(0, 1) }
  }
  const practice = await take()
  const question = practice.first[0]?.id ?? ''
  const checked = await client.quizzes.answer({ lesson, number: 1, answers: allRight(practice.first), check: question })
  assert.deepEqual([checked.marked.map((mark) => mark.question), checked.handedInAt], [[question], undefined])
  const changed = await client.quizzes.answer({
    lesson,
    number: 1,
    answers: allRight(practice.first).map(({ answer }) => ({ question, answer: 'chosen' in answer ? { chosen: [] } : { words: ['x'] } })),
  })
  assert.deepEqual(changed.answers, checked.answers, 'an answer that was told of stays')
  await client.quizzes.answer({ lesson, number: 1, answers: [], isFinal: true })

  const rules = (telling: 'never' | 'passed' | 'handed-in') => teacher.client.quizzes.write({ lesson, rules: someRules({ telling }) }).then(publish)
  await rules('never')
  const silent = await take()
  assert.equal(await refusalOf(client.quizzes.answer({ lesson, number: 2, answers: allRight(silent.first), check: silent.first[0]?.id ?? '' })), 'not-allowed')
  const never = await client.quizzes.answer({ lesson, number: 2, answers: allRight(silent.questions.slice(0, 2)), isFinal: true })
  assert.deepEqual([never.marked, never.score?.isPassed], [[], false])
  await rules('passed')
  const failed = await take()
  assert.deepEqual((await client.quizzes.answer({ lesson, number: 3, answers: allRight(failed.first), isFinal: true })).marked, [])
  const passed = await take()
  assert.equal((await client.quizzes.answer({ lesson, number: 4, answers: allRight(passed.questions), isFinal: true })).marked.length, 8)
  assert.equal((await client.quizzes.attempt({ lesson, number: 3 })).marked.length, 8, 'who has passed may look back')
})

test('an attempt asks what it began with, whatever the teacher publishes meanwhile', async (t) => {
  const { learner, teacher, lesson, publish } = await aQuizSchool(t)
  const attempt = await learner.client.quizzes.start({ lesson })
  await teacher.client.quizzes.write({ lesson, questions: EVERY_KIND.slice(0, 1), rules: someRules({ passPercent: 100 }) })
  assert.equal((await learner.client.quizzes.open({ lesson })).questions, 8, 'what is not published is nobody’s')
  await publish()
  const done = await learner.client.quizzes.answer({ lesson, number: 1, answers: allRight(attempt.questions), isFinal: true })
  assert.equal(done.score?.of, 1200)
  assert.equal((await learner.client.quizzes.start({ lesson })).questions.length, 1)
})

test('a quiz is open to whom its lesson is, and everybody has their own attempts', async (t) => {
  const { school, learner, teacher, lesson } = await aQuizSchool(t)
  const otto = await school.person('Otto')
  assert.equal(await refusalOf(otto.client.quizzes.start({ lesson })), 'not-enrolled')
  assert.equal(await refusalOf(school.visitor.quizzes.open({ lesson })), 'not-signed-in')
  await learner.client.quizzes.start({ lesson })
  assert.equal(await refusalOf(teacher.client.quizzes.attempt({ lesson, number: 1 })), 'not-found')
  assert.equal(await refusalOf(learner.client.quizzes.attempt({ lesson, number: 7 })), 'not-found')
  assert.equal(await refusalOf(learner.client.learning.check({ lesson, answers: [{ question: 'qst_00000000', answer: { chosen: [0] } }] })), 'not-allowed')
})

test('answers that fit no question of the attempt are refused, and so is a heap of them', async (t) => {
  const { learner, lesson } = await aQuizSchool(t)
  const { client } = learner
  const { questions } = await client.quizzes.start({ lesson })
  const id = questions.find(({ kind }) => kind === 'single')?.id ?? ''
  const send = (answer: { chosen: number[] } | { words: string[] }, question = id) =>
    refusalOf(client.quizzes.answer({ lesson, number: 1, answers: [{ question, answer }] }))
  assert.equal(await send({ chosen: [9] }), 'bad-input')
  assert.equal(await send({ words: ['Four'] }), 'bad-input')
  assert.equal(await send({ chosen: [0] }, 'qst_zzzzzzzzzz'), 'bad-input')
  assert.equal(await send({ words: ['x'.repeat(501)] }), 'bad-input')
})

test('a teacher tries a quiz as it is being written, as often as they like, and counts for nothing', async (t) => {
  const { school, teacher, lesson } = await aQuizSchool(t, { rules: { attempts: 1 } })
  await teacher.client.quizzes.write({ lesson, questions: EVERY_KIND.slice(0, 2) })
  for (const number of [1, 2]) {
    const { questions } = await teacher.client.quizzes.start({ lesson })
    assert.equal(questions.length, 2)
    await teacher.client.quizzes.answer({ lesson, number, answers: allRight(questions), isFinal: true })
  }
  await school.settle()
  assert.equal((await figuresOf(school.world.tables, lesson)).attempts, 0)
  assert.equal((await teacher.client.learning.lesson({ lesson })).isCompleted, false)
})

test('first attempts are tallied once for each learner, whatever is delivered twice', async (t) => {
  const { school, course, lesson } = await aQuizSchool(t, { rules: { isShuffled: false } })
  const people = [await school.person('Ada'), await school.person('Ben'), await school.person('Cy'), await school.person('Dee')]
  for (const [place, { client }] of people.entries()) {
    await client.learning.enrol({ course })
    const { questions } = await client.quizzes.start({ lesson })
    await client.quizzes.answer({ lesson, number: 1, answers: allRight(questions.slice(0, place * 2 + 1)), isFinal: true })
    const again = await client.quizzes.start({ lesson })
    await client.quizzes.answer({ lesson, number: 2, answers: allRight(again.questions), isFinal: true })
  }
  await school.settle()
  await school.settle()
  const figures = await figuresOf(school.world.tables, lesson)
  assert.equal(figures.attempts, 4)
  assert.deepEqual(
    figures.questions.map(({ right }) => right),
    [4, 3, 3, 2, 2, 1, 1, 0],
  )
  const [first, second] = figures.questions
  assert.deepEqual([first?.difficulty, first?.discrimination, first?.chosen], [1, undefined, { 0: 4 }])
  assert.ok((second?.discrimination ?? 0) > 0.5, 'who knows it does better in the rest')
})
