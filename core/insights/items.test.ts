import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allRight, aQuizSchool } from '#core/quizzes/quizzes.fixture.ts'

test('a teacher sees how hard each question is, how well it tells, and what was chosen', async (t) => {
  const { school, teacher, course, lesson } = await aQuizSchool(t, { rules: { isShuffled: false } })
  for (const [place, name] of ['Ada', 'Ben', 'Cy', 'Dee'].entries()) {
    const { client } = await school.person(name)
    await client.learning.enrol({ course })
    const { questions } = await client.quizzes.start({ lesson })
    await client.quizzes.answer({ lesson, number: 1, answers: allRight(questions.slice(0, place * 2 + 1)), isFinal: true })
  }
  await school.settle()
  const { attempts, items, lesson: of } = await teacher.client.insights.quiz({ lesson })
  assert.deepEqual([attempts, items.length, of.title], [4, 8, 'The quiz'])
  const [one, two] = items
  assert.deepEqual([one?.prompt, one?.difficulty, one?.discrimination], ['Two and two?', 1, undefined])
  assert.deepEqual(
    one?.options.map(({ text, isRight, chosen }) => [text, isRight, chosen]),
    [
      ['Four', true, 4],
      ['Five', false, 0],
    ],
  )
  assert.equal(two?.difficulty, 0.75)
  assert.ok((two?.discrimination ?? 0) > 0.5)
  const shown = items.find(({ prompt }) => prompt === 'Light bends.')
  assert.deepEqual(
    shown?.options.map(({ isRight, chosen }) => [isRight, chosen]),
    [
      [false, 0],
      [true, 3],
    ],
  )
})
