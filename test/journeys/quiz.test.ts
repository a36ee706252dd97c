import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Locator, Page } from 'playwright-core'
import { allRight, EVERY_KIND, someRules } from '#core/quizzes/quizzes.fixture.ts'
import { launchBrowser } from '#scripts/browser.ts'
import { journey, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })

let browser: Browser
let teacher: Someone
let learner: Someone
let made: { course: string; lesson: string; slug: string }

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
  const { id: course, slug } = await teacher.client.courses.create({ title: 'Light' })
  const section = (await teacher.client.courses.addSection({ course, title: 'One section' })).sections[0]?.id ?? ''
  const lesson = (await teacher.client.courses.addLesson({ course, section, title: 'What do you know?', kind: 'quiz' })).sections[0]?.lessons[0]?.id ?? ''
  made = { course, lesson, slug }
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

/** No violation in wide and light, nor in narrow and dark; and nothing is wider than the page. */
const looksRight = async (page: Page, name: string): Promise<void> => {
  for (const [width, scheme] of [
    [1440, 'light'],
    [360, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${width} ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      [],
    )
    const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')
    assert.ok(Array.isArray(widths) && widths[0] <= widths[1], `${width}: the page is ${widths} wide`)
    if (process.env['LECTERN_PICTURES']) await page.screenshot({ path: `${process.env['LECTERN_PICTURES']}-${name}-${width}.png`, fullPage: true })
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

test('a teacher writes a question with the keyboard, takes back a change, and it is kept', async () => {
  await journey({ browser, school, name: 'quiz-teacher' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/lessons/${made.lesson}`)
    const desk = page.getByRole('region', { name: 'Questions' })
    await desk.getByRole('button', { name: 'Add a question' }).press('Enter')
    await page.getByRole('menuitem', { name: 'One answer' }).press('Enter')
    await desk.getByLabel('Question', { exact: true }).fill('What bends light?')
    await desk.getByLabel('option 1', { exact: true }).fill('Water')
    await desk.getByLabel('option 2', { exact: true }).fill('Wishes')
    await desk.getByRole('button', { name: 'Remove option 3' }).press('Enter')
    const stored = () => teacher.client.courses.lesson({ lesson: made.lesson })
    await eventually('the question', async () => ((await stored()).questions[0]?.prompt === 'What bends light?' ? true : undefined))
    await desk.getByRole('button', { name: 'Remove', exact: true }).press('Enter')
    await eventually('the removal', async () => ((await stored()).questions.length === 0 ? true : undefined))
    await desk.getByRole('button', { name: 'Undo' }).press('Enter')
    await eventually('the question again', async () => ((await stored()).questions.length === 1 ? true : undefined))
    await page.getByLabel('To pass, % of all points').fill('60')
    await page.getByLabel('To pass, % of all points').press('Tab')
    await eventually('the rule', async () => ((await stored()).quiz?.passPercent === 60 ? true : undefined))
    // The toasts' own guards of the focus are hidden, and may be reached by the keyboard, for as long as one is shown.
    await eventually('the toast gone', async () => ((await page.locator('[aria-hidden=true][tabindex="0"]').count()) === 0 ? true : undefined))
    await looksRight(page, 'desk')
  })
})

/** As somebody without a mouse gets there. */
const tabTo = async (page: Page, target: Locator): Promise<void> => {
  for (let pressed = 0; pressed < 120; pressed += 1) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`No tab leads to ${target}.`)
}

const VALUES = ['299792458', 'Newtonius', 'straightaway', 'refracted|bendeth']
const FIELDS = /"(isTrue|accepted|tolerance|passage|pairs|matchesCase)":|"text":"[^"]*","isRight"/

test('a learner takes a quiz of every kind and passes; no answer of the school tells a key, and no explanation before it is handed in', async () => {
  await teacher.client.quizzes.write({ lesson: made.lesson, questions: EVERY_KIND, rules: someRules() })
  await teacher.client.courses.publish({ course: made.course })
  await learner.client.learning.enrol({ course: made.course })
  const answers: { url: string; text: string }[] = []
  await journey({ browser, school, name: 'quiz-learner' }, async (page) => {
    page.on(
      'response',
      (response) =>
        void response.text().then(
          (text) => answers.push({ url: response.url(), text }),
          () => undefined,
        ),
    )
    await signIn(page, learner)
    await page.goto(`/courses/${made.slug}`)
    await page.goto(`/learn/${made.slug}/${made.lesson}`)
    await page.getByRole('heading', { name: 'Ready when you are' }).waitFor()
    await looksRight(page, 'intro')
    await page.getByRole('button', { name: 'Begin' }).press('Enter')
    await page.getByRole('heading', { name: /of 8 answered/ }).waitFor()
    await looksRight(page, 'paper')
    const group = (prompt: string) => page.getByRole('group').filter({ hasText: prompt })
    await group('Two and two?').getByLabel('Four').press('Space')
    await group('Which are even?').getByLabel('Zwei').press('Space')
    await group('Which are even?').getByLabel('Vier').press('Space')
    await group('Light bends.').getByLabel('False').press('Space')
    await group('How fast?').getByLabel('Your answer').fill('3e8')
    await group('Who wrote it?').getByLabel('Your answer').fill('newtonius')
    const ordering = group('From short to long')
    for (const [place, item] of ['Violet', 'Green', 'Yellow', 'Red'].entries())
      for (let tried = 0; tried < 4 && !(await ordering.getByRole('listitem').nth(place).getByText(item).isVisible()); tried += 1)
        await ordering.getByRole('button', { name: `Move “${item}” up` }).press('Enter')
    for (const [left, right] of [
      ['Hot', 'Orange'],
      ['Cold', 'Blue'],
      ['Neither', 'Grey'],
    ] as const)
      await group('What belongs together?').getByLabel(left, { exact: true }).selectOption({ label: right })
    await group('Fill in').getByLabel('Gap 1 of 2').fill('Straightaway')
    await group('Fill in').getByLabel('Gap 2 of 2').fill('bendeth')
    await page.getByRole('heading', { name: '8 of 8 answered' }).waitFor()
    await page.getByText('Saved', { exact: true }).waitFor()
    const before = answers.length
    // Whoever leaves finds it as they left it.
    await page.reload()
    await page.getByRole('button', { name: 'Go on with your attempt' }).press('Enter')
    await page.getByRole('heading', { name: '8 of 8 answered' }).waitFor()
    const early = [...answers]
    assert.ok(early.length > before)
    await page.getByRole('button', { name: 'Hand in' }).press('Enter')
    await page.getByRole('heading', { name: /100 %\s*Passed/ }).waitFor()
    await page.getByText('Passed: this lesson is completed').waitFor()
    await looksRight(page, 'result')
    assert.deepEqual(
      early.filter(({ text }) => /Why-/.test(text)).map(({ url }) => url),
      [],
    )
    assert.ok(answers.some(({ url, text }) => url.includes('/quiz/attempts/1') && text.includes('Why-numeric')))
  })
  for (const path of ['/api/openapi.json', '/catalogue/index.json', `/catalogue/${made.slug}.json`, `/courses/${made.slug}`, `/api/lessons/${made.lesson}`]) {
    const headers = path.startsWith('/api/lessons') ? { authorization: `Bearer ${learner.token}` } : {}
    answers.push({ url: path, text: await (await fetch(`${school.url}${path}`, { headers })).text() })
  }
  const isProgram = ({ url }: { url: string }): boolean => /\.(js|css)$|openapi\.json$/.test(url)
  assert.deepEqual(
    answers.flatMap(({ url, text }) => VALUES.filter((value) => text.includes(value)).map((value) => `${url}: ${value}`)),
    [],
  )
  assert.deepEqual(
    answers.filter((each) => !isProgram(each) && FIELDS.test(each.text)).map(({ url }) => url),
    [],
  )
})

test('what was right is worth as much in the next attempt, which has an order of its own', async () => {
  const attempt = await learner.client.quizzes.start({ lesson: made.lesson })
  const done = await learner.client.quizzes.answer({ lesson: made.lesson, number: attempt.number, answers: allRight(attempt.questions), isFinal: true })
  assert.deepEqual([done.number, done.score?.percent], [2, 100])
})

test('a learner without a mouse takes the quiz: tabs, arrows, spaces and letters are enough', async () => {
  const other = await someone(school, 'Kim')
  await other.client.learning.enrol({ course: made.course })
  await journey({ browser, school, name: 'quiz-keys' }, async (page) => {
    await signIn(page, other)
    await page.goto(`/learn/${made.slug}/${made.lesson}`)
    const { keyboard } = page
    const press = async (target: Locator, ...keys: string[]): Promise<void> => {
      await tabTo(page, target)
      for (const key of keys) await keyboard.press(key)
    }
    const write = async (target: Locator, text: string): Promise<void> => {
      await tabTo(page, target)
      await keyboard.type(text)
    }
    await page.getByRole('heading', { name: 'Ready when you are' }).waitFor()
    await press(page.getByRole('button', { name: 'Begin' }), 'Enter')
    await page.getByRole('heading', { name: /of 8 answered/ }).waitFor()
    const group = (prompt: string) => page.getByRole('group').filter({ hasText: prompt })
    const choose = async (prompt: string, option: string): Promise<void> => {
      const radios = group(prompt).getByRole('radio')
      await tabTo(page, radios.first())
      await keyboard.press('Space')
      for (let pressed = 0; pressed < 4 && !(await group(prompt).getByLabel(option).isChecked()); pressed += 1) await keyboard.press('ArrowDown')
    }
    await choose('Two and two?', 'Four')
    await choose('Light bends.', 'False')
    await press(group('Which are even?').getByLabel('Zwei'), 'Space')
    await press(group('Which are even?').getByLabel('Vier'), 'Space')
    await write(group('How fast?').getByLabel('Your answer'), '3e8')
    await write(group('Who wrote it?').getByLabel('Your answer'), 'newtonius')
    await write(group('Fill in').getByLabel('Gap 1 of 2'), 'Straightaway')
    await write(group('Fill in').getByLabel('Gap 2 of 2'), 'bendeth')
    for (const [left, right] of [
      ['Hot', 'Orange'],
      ['Cold', 'Blue'],
      ['Neither', 'Grey'],
    ] as const)
      await write(group('What belongs together?').getByLabel(left, { exact: true }), right)
    const ordering = group('From short to long')
    for (const [place, item] of ['Violet', 'Green', 'Yellow', 'Red'].entries()) {
      const isThere = () => ordering.getByRole('listitem').nth(place).getByText(item).isVisible()
      if (await isThere()) continue
      await tabTo(page, ordering.getByRole('button', { name: `Move “${item}” up` }))
      for (let pressed = 0; pressed < 4 && !(await isThere()); pressed += 1) await keyboard.press('ArrowUp')
    }
    await page.getByRole('heading', { name: '8 of 8 answered' }).waitFor()
    await press(page.getByRole('button', { name: 'Hand in' }), 'Enter')
    await page.getByRole('heading', { name: /100 %\s*Passed/ }).waitFor()
  })
})
