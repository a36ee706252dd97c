import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { looked } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { journey, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let teacher: Someone
let made: { course: string; lesson: string; quiz: string }

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  const { course, lesson } = await aCourseOf(teacher, { title: 'Painting with light', kind: 'article' })
  const section = (await teacher.client.courses.get({ course })).sections[0]?.id ?? ''
  const grown = await teacher.client.courses.addLesson({ course, section, title: 'What have you seen?', kind: 'quiz' })
  const quiz = grown.sections[0]?.lessons.at(-1)?.id ?? ''
  const options = [
    { text: 'From the window', isRight: true },
    { text: 'From nowhere', isRight: false },
  ]
  const questions = [{ kind: 'single' as const, prompt: 'Where does the light come from?', explanation: '', points: 1, options }]
  await teacher.client.quizzes.write({ lesson: quiz, questions, rules: { passPercent: 50, isShuffled: false, telling: 'handed-in', draws: [] } })
  await teacher.client.courses.publish({ course })
  made = { course, lesson, quiz }
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

test('a teacher looks a learner up, sees their way, how each lesson and question does, and takes the list along', async () => {
  for (const name of ['Lena', 'Mia', 'Adam']) {
    const { client } = await someone(school, name)
    await client.learning.enrol({ course: made.course })
    if (name === 'Adam') continue
    await client.learning.complete({ lesson: made.lesson, isCompleted: true })
    const { questions } = await client.quizzes.start({ lesson: made.quiz })
    const answers = questions.map(({ id }) => ({ question: id, answer: { chosen: [name === 'Lena' ? 0 : 1] } }))
    await client.quizzes.answer({ lesson: made.quiz, number: 1, answers, isFinal: true })
  }
  await eventually('their standings', async () => {
    const { learners, finished } = await teacher.client.insights.overview({ course: made.course })
    return learners === 3 && finished === 1 ? true : undefined
  })
  await journey({ browser, school, name: 'insight' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${made.course}`)
    await page.getByRole('link', { name: 'Learners' }).click()
    await page.getByText('3 learners').waitFor()
    assert.deepEqual(await looked(page), [])
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download as CSV' }).click()
    assert.equal((await readFile(await (await coming).path(), 'utf8')).trimEnd().split('\r\n').length, 4)
    await page.getByRole('searchbox').fill('len')
    await page.getByRole('link', { name: /Mia/ }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: /Lena/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Lena' }).waitFor()
    assert.equal(await page.getByText('Completed', { exact: true }).count(), 1)
    await page.getByText('100% · 1 attempt', { exact: true }).waitFor()
    assert.deepEqual(await looked(page), [])
    await page.getByRole('link', { name: 'Insights', exact: true }).click()
    await page.getByRole('heading', { name: 'Lesson by lesson' }).waitFor()
    assert.deepEqual(await looked(page), [])
    await page.getByRole('link', { name: 'Its questions: What have you seen?' }).click()
    await page.getByText('Where does the light come from?').waitFor()
    assert.equal(await page.getByText('50%', { exact: true }).count(), 5)
    assert.deepEqual(await looked(page), [])
  })
})
