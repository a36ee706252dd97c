import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SentQuestion } from '#contract/questions.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { refusalOf } from '#test/school.ts'
import { allRight, aQuizSchool, EVERY_KIND, someRules } from './quizzes.fixture.ts'
import { bankQuestionRecords } from './records.ts'

const aQuestion = (prompt: string): SentQuestion => ({ kind: 'true-false', prompt, explanation: '', points: 1, isTrue: true })

test('a teacher writes questions of every kind, and those that stay keep their ids', async (t) => {
  const { teacher, lesson } = await aQuizSchool(t, { questions: [] })
  const { client } = teacher
  const first = await client.quizzes.write({ lesson, questions: EVERY_KIND })
  assert.deepEqual(
    first.questions.map(({ id: _, ...rest }) => rest),
    EVERY_KIND,
  )
  const changed = first.questions.toReversed().map((question) => ({ ...question, prompt: `${question.prompt} 🦉` }))
  const second = await client.quizzes.write({ lesson, questions: [...changed, aQuestion('New')] })
  assert.deepEqual(
    second.questions.slice(0, 8).map(({ id }) => id),
    first.questions.toReversed().map(({ id }) => id),
  )
  const draft = await client.courses.lesson({ lesson })
  assert.deepEqual(draft.questions, second.questions)
})

test('a question that nobody could answer is refused, and nothing is written', async (t) => {
  const { teacher, lesson } = await aQuizSchool(t, { questions: [] })
  const { client } = teacher
  const common = { prompt: 'Which?', explanation: '', points: 1 }
  const options = (...isRight: boolean[]) => isRight.map((right, place) => ({ text: `${place}`, isRight: right }))
  const unsound: SentQuestion[] = [
    { ...common, kind: 'single', options: options(false, false) },
    { ...common, kind: 'single', options: options(true, true) },
    { ...common, kind: 'blanks', passage: 'No gap' },
    { ...common, kind: 'blanks', passage: 'An [[ | ]] empty one' },
    { ...common, kind: 'ordering', items: ['a', 'a'] },
    { ...common, kind: 'text', accepted: [], matchesCase: false },
    { ...common, kind: 'numeric', value: Number.NaN, tolerance: 0 },
    { ...common, kind: 'true-false', isTrue: true, pause: { atSeconds: 3, canSkip: true } },
  ]
  for (const question of unsound) assert.equal(await refusalOf(client.quizzes.write({ lesson, questions: [question] })), 'bad-input', JSON.stringify(question))
  assert.equal(
    await refusalOf(
      client.quizzes.write({
        lesson,
        questions: [
          { ...aQuestion('a'), id: 'qst_00000000' },
          { ...aQuestion('b'), id: 'qst_00000000' },
        ],
      }),
    ),
    'bad-input',
  )
  assert.deepEqual((await client.courses.lesson({ lesson })).questions, [])
})

test('questions are written by who teaches the course, and of a quiz there has to be one before it is shown', async (t) => {
  const { school, teacher, course, lesson } = await aQuizSchool(t, { questions: [] })
  const other = await school.person('Otto', 'instructor')
  assert.equal(await refusalOf(other.client.quizzes.write({ lesson, questions: [aQuestion('a')] })), 'not-found')
  assert.equal(await refusalOf(school.visitor.quizzes.write({ lesson, questions: [] })), 'not-signed-in')
  const lacks = async () => (await teacher.client.courses.get({ course })).sections[0]?.lessons[0]?.lacks
  assert.deepEqual([await lacks(), await refusalOf(teacher.client.courses.publish({ course }))], ['questions', 'not-ready'])
  await teacher.client.quizzes.write({ lesson, questions: [aQuestion('a')] })
  assert.equal(await lacks(), undefined)
  assert.equal(await refusalOf(teacher.client.courses.publish({ course })), 'answered')
})

test('rules belong to a quiz, and its draws to banks of its course', async (t) => {
  const { teacher, course, section, lesson } = await aQuizSchool(t)
  const { client } = teacher
  const article = await aLesson(teacher, { course, section })
  assert.equal(await refusalOf(client.quizzes.write({ lesson: article, rules: someRules() })), 'bad-input')
  const elsewhere = await aCourse(teacher, { title: 'Another' })
  const { id: bank } = await client.quizzes.addBank({ course: elsewhere.course, title: 'Theirs' })
  assert.equal(await refusalOf(client.quizzes.write({ lesson, rules: someRules({ draws: [{ bank, count: 1 }] }) })), 'not-found')
})

test('each attempt draws its questions from a bank by chance, none of them twice, and knows them to the end', async (t) => {
  const { teacher, learner, course, lesson, publish } = await aQuizSchool(t)
  const { client } = teacher
  const { id: bank } = await client.quizzes.addBank({ course, title: 'Facts' })
  await client.quizzes.writeBank({ bank, questions: Array.from({ length: 30 }, (_, place) => aQuestion(`Fact ${place}`)) })
  await client.quizzes.write({ lesson, questions: EVERY_KIND.slice(0, 1), rules: someRules({ draws: [{ bank, count: 5 }] }) })
  await publish()
  const seen = new Set<string>()
  const orders = new Set<string>()
  for (let number = 1; number <= 6; number += 1) {
    const { questions } = await learner.client.quizzes.start({ lesson })
    assert.equal(new Set(questions.map(({ id }) => id)).size, 6)
    for (const { prompt } of questions) seen.add(prompt)
    orders.add(questions.map(({ id }) => id).join())
    if (number === 6) await client.quizzes.writeBank({ bank, questions: [] })
    const done = await learner.client.quizzes.answer({ lesson, number, answers: allRight(questions.filter(({ kind }) => kind === 'single')), isFinal: true })
    assert.equal(done.score?.earned, 100)
  }
  assert.ok(seen.size > 8 && orders.size === 6)
  assert.equal((await learner.client.quizzes.open({ lesson })).questions, 1, 'an empty bank gives none')
})

test('a copied course has banks of its own, and its quiz draws from them when the first one’s are gone', async (t) => {
  const { teacher, course, lesson } = await aQuizSchool(t)
  const { courses, quizzes } = teacher.client
  const { id: bank } = await quizzes.addBank({ course, title: 'Facts' })
  await quizzes.writeBank({ bank, questions: [aQuestion('Fact 1'), aQuestion('Fact 2')] })
  await quizzes.write({ lesson, questions: [], rules: someRules({ draws: [{ bank, count: 2 }] }) })
  const copy = await courses.duplicate({ course, title: 'Second' })
  const [own, ...more] = (await quizzes.banks({ course: copy.id })).banks
  assert.deepEqual([own?.title, own?.questions, more.length], ['Facts', 2, 0])
  await quizzes.writeBank({ bank, questions: [] })
  const copied = copy.sections.flatMap(({ lessons }) => lessons).find(({ kind }) => kind === 'quiz')?.id ?? ''
  assert.deepEqual((await courses.lesson({ lesson: copied })).quiz?.draws, [{ bank: own?.id, count: 2 }])
  assert.equal((await quizzes.bank({ bank: own?.id ?? '' })).questions.length, 2)
  assert.equal(await refusalOf(quizzes.removeBank({ bank: own?.id ?? '' })), 'conflict')
})

test('a bank is its course’s teacher’s: nobody else reads it, and it stays while a quiz draws from it', async (t) => {
  const { school, teacher, learner, course, lesson } = await aQuizSchool(t)
  const { client } = teacher
  const other = await school.person('Otto', 'instructor')
  const { id: bank } = await client.quizzes.addBank({ course, title: 'Facts' })
  await client.quizzes.writeBank({ bank, title: 'Few facts', questions: [aQuestion('a')] })
  assert.deepEqual(
    (await client.quizzes.banks({ course })).banks.map(({ title, questions }) => [title, questions]),
    [['Few facts', 1]],
  )
  for (const { client: stranger } of [other, learner]) {
    assert.match(await refusalOf(stranger.quizzes.bank({ bank })), /not-(found|allowed)/)
    assert.match(await refusalOf(stranger.quizzes.writeBank({ bank, questions: [] })), /not-(found|allowed)/)
    assert.match(await refusalOf(stranger.quizzes.banks({ course })), /not-(found|allowed)/)
    assert.match(await refusalOf(stranger.quizzes.removeBank({ bank })), /not-(found|allowed)/)
  }
  await client.quizzes.write({ lesson, rules: someRules({ draws: [{ bank, count: 1 }] }) })
  assert.equal(await refusalOf(client.quizzes.removeBank({ bank })), 'conflict')
  await client.quizzes.write({ lesson, rules: someRules() })
  await client.quizzes.removeBank({ bank })
  assert.equal(await refusalOf(client.quizzes.bank({ bank })), 'not-found')
})

test('with a course its banks go', async (t) => {
  const { school, teacher } = await aQuizSchool(t)
  const { client } = teacher
  const { course } = await aCourse(teacher, { title: 'Another' })
  const { id: bank } = await client.quizzes.addBank({ course, title: 'Facts' })
  await client.courses.remove({ course })
  await school.settle()
  assert.equal(await refusalOf(client.quizzes.bank({ bank })), 'not-found')
  assert.equal(await bankQuestionRecords.get(school.world.tables, { id: bank }), undefined)
})
