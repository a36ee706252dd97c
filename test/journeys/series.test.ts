import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import type { Question } from '#contract/questions.ts'
import type { Run, RunState } from '#contract/series.ts'
import { launchBrowser } from '#scripts/browser.ts'
import { refusalOf } from '#test/school.ts'
import { barriers } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { journey, openWindow, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'
import { answer, answersTo, comingMinute, control, keysTold } from './series-acts.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let teacher: Someone
let lena: Someone
let marek: Someone
let course: { course: string; slug: string }
/** The series that is written down in the first test, and what has become of its scheduled run. */
let series = ''
let live: Run
let questions: readonly Question[]

const TITLE = 'Light, week by week'
const POINTS = ['Why light from a window is soft', 'What a shadow says of its lamp', 'One lamp and a wall']

before(async () => {
  await school.start()
  browser = await launchBrowser()
  teacher = await someone(school, 'Theo', 'instructor')
  lena = await someone(school, 'Lena')
  marek = await someone(school, 'Marek')
  course = await aCourseOf(teacher, { title: 'Light for painters', kind: 'article' })
  await teacher.client.courses.publish({ course: course.course })
  await lena.client.learning.enrol({ course: course.course })
})
after(async () => {
  await browser?.close()
  await school.close()
})

const runs = async (): Promise<Run[]> => (await teacher.client.series.runs({ series })).runs
const scheduledRun = async (): Promise<Run | undefined> => (await runs()).find(({ kind }) => kind === 'scheduled')
const runIn = async (state: RunState, seconds = 60): Promise<Run> =>
  eventually(`a run that is ${state}`, async () => (await runs()).find((run) => run.state === state), seconds)
const outline = async (): Promise<string[]> =>
  (await teacher.client.courses.get({ course: course.course })).sections.flatMap(({ lessons }) => lessons.map(({ title }) => title))

/** A list that is going away still holds the focus. */
const choose = async (page: Page, option: string): Promise<void> => {
  await page.getByRole('option', { name: option }).first().click()
  await page.getByRole('listbox').waitFor({ state: 'hidden' })
}

/** A run of a kind on its series’ page; it says where it stands in one of two places, as there is room. */
const rowOf = (page: Page, kind: string): Locator => page.getByRole('listitem').filter({ hasText: kind })
const says = (row: Locator, state: string): Promise<void> => row.getByText(state).filter({ visible: true }).first().waitFor()

const writeDown = async (page: Page): Promise<void> => {
  await page.getByLabel('Title', { exact: true }).fill(TITLE)
  await page.getByRole('combobox', { name: 'Course', exact: true }).click()
  await choose(page, 'Light for painters')
  for (const [place, point] of POINTS.entries()) {
    const field = page.getByLabel(`Point ${place + 1}`, { exact: true })
    await field.fill(point)
    if (place < POINTS.length - 1) await field.press('Enter')
  }
  await page.getByLabel('Who it is for').fill('People who paint for pleasure')
  await page.getByLabel('Questions at the end').fill('3')
  await page.getByText('Own schedule', { exact: true }).click()
  await page.getByLabel('Time zone').click()
  await page.getByPlaceholder('Find a city').fill('UTC')
  await choose(page, 'UTC')
}

test('a teacher writes a series down, tries it and reads the trial for themselves; at its moment the school’s own clock begins a lesson and proposes it', async () => {
  await journey({ browser, school, name: 'series-form' }, async (page) => {
    await signIn(page, teacher)
    await page.goto('/teach/series')
    await page.getByRole('heading', { name: 'Lessons that are drafted while you teach' }).waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('link', { name: 'Begin a series' }).click()
    await writeDown(page)
    await page.getByLabel('Cron').fill('every morning')
    await page.getByRole('button', { name: 'Create series' }).click()
    await page.getByText('This is no schedule yet.').waitFor()
    assert.deepEqual(await barriers(page), [])
    // From here to the start of the schedule is the only hurry.
    await page.getByLabel('Cron').fill(comingMinute(20))
    await page
      .getByText(/ at .+, UTC time$/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Create series' }).click()
    await page.getByRole('button', { name: 'Start the schedule' }).click()
    await page.getByText('On schedule').waitFor()
    series = /ser_[0-9a-z]+/.exec(page.url())?.[0] ?? ''

    await page.getByRole('button', { name: 'Try it' }).click()
    const trial = rowOf(page, 'Trial')
    await says(trial, 'Ready to read')
    await trial.getByRole('link', { name: 'Read the draft' }).click()
    await page.getByText('Nothing of this is published before it is merged.').waitFor()
    await page.getByRole('heading', { level: 1, name: POINTS[0] ?? '' }).waitFor()
    await page.getByText('Question 3').waitFor()
    assert.deepEqual(await barriers(page), [])
    assert.deepEqual(await outline(), ['The lesson'])
    await page.getByRole('button', { name: /^Discard/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
    await page.goto(`/teach/series/${series}`)
    await says(trial, 'Discarded')

    const scheduled = rowOf(page, 'By schedule')
    await scheduled.first().waitFor({ timeout: 150_000 })
    await says(scheduled, 'In review')
    await scheduled.getByRole('link', { name: 'Pull request #1' }).waitFor()
    // What stands above the list has heard of it too.
    await page.getByText('1 of 3 points written').waitFor()
    await page.getByText(/^Tomorrow at .+, UTC time$/).waitFor()
    assert.deepEqual(await barriers(page), [])
  })
  assert.deepEqual(await outline(), ['The lesson'])
})

test('the pull request says what it is, shows its checks and the lesson line by line; merged, it is a lesson', async () => {
  const run = await scheduledRun()
  const path = run?.lesson?.path ?? ''
  assert.match(path, /^courses\/light-for-painters\/01-one-section\/02-[a-z-]+\.md$/)
  await journey({ browser, school, name: 'series-review' }, async (page, { context }) => {
    await signIn(page, teacher)
    await page.goto(`/teach/series/${series}`)
    const opened = context.waitForEvent('page')
    await page.getByRole('link', { name: 'Pull request #1' }).click()
    const review = await opened
    await review.getByRole('heading', { level: 1, name: new RegExp(run?.draft?.title ?? 'no title') }).waitFor()
    await review.getByText('Nothing here is published before it is merged').waitFor()
    await review.getByText(TITLE).first().waitFor()
    await review.getByRole('heading', { name: 'What learners can do afterwards' }).waitFor()
    await review.getByRole('heading', { name: 'What Lectern has looked at' }).waitFor()
    const checks = review.getByRole('list', { name: 'Checks' }).getByRole('listitem')
    await checks.filter({ hasText: 'lectern/draft' }).getByRole('img', { name: 'passed' }).waitFor()
    assert.deepEqual(await barriers(review), [])
    await review.getByRole('link', { name: /^Files changed/ }).click()
    await review.getByRole('region', { name: path }).getByRole('table').getByText('questions:').waitFor()
    assert.deepEqual(await barriers(review), [])
    await review.getByRole('link', { name: 'Conversation' }).click()
    await review.getByRole('link', { name: 'See the draft as learners would' }).click()
    await review.getByText('Nothing of this is published before it is merged.').waitFor()
    await review.goBack()
    await review.getByRole('button', { name: 'Merge pull request' }).click()
    await review.getByRole('heading', { name: 'Merged', exact: true }).waitFor()
    live = await runIn('live')
    await rowOf(page, 'By schedule').getByRole('link', { name: 'See the lesson' }).waitFor()
  })
  assert.deepEqual(await outline(), ['The lesson', live.lesson?.title])
})

const lessonPath = (): string => `/learn/${course.slug}/${live.lesson?.id}`

test('a learner who has enrolled reads the lesson and checks themselves; nothing that they are sent tells the keys', async () => {
  questions = (await teacher.client.courses.lesson({ lesson: live.lesson?.id ?? '' })).questions
  assert.equal(questions.length, 3)
  await journey({ browser, school, name: 'series-learner' }, async (page) => {
    const answers = answersTo(page)
    await signIn(page, lena)
    await page.goto(`/courses/${course.slug}`)
    await page
      .getByRole('link', { name: new RegExp(live.lesson?.title ?? 'no title') })
      .first()
      .click()
    await page.getByText('After this lesson you can').waitFor()
    await page.getByRole('heading', { name: 'In short' }).waitFor()
    await answer(page, questions, (place) => place !== 1)
    await page.getByText('2 of 3 right').waitFor()
    await page.getByText('Not quite').waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: 'Try again' }).click()
    await answer(page, questions, () => true)
    await page.getByText('All right: 3 of 3').waitFor()
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'dark' })
    assert.deepEqual(await barriers(page), [])
    await page.goto('/learning')
    await page.getByText('Light for painters').first().waitFor()
    const all = await answers.all()
    assert.equal(all.filter(({ url }) => url.endsWith('/answers')).length, 2)
    assert.ok(all.some(({ url, text }) => url.includes(live.lesson?.id ?? 'none') && text.includes(questions[0]?.prompt ?? 'none')))
    assert.deepEqual(keysTold(all, questions), [])
  })
})

test('neither a visitor nor somebody who has not enrolled is shown the lesson, or sent a word of it', async () => {
  const lesson = live.lesson?.id ?? ''
  const { text } = await lena.client.learning.lesson({ lesson })
  const sentence = text.slice(0, 60)
  await journey({ browser, school, name: 'series-others' }, async (page) => {
    const answers = answersTo(page)
    const isLocked = async (): Promise<void> => {
      const published = await page.goto(`/courses/${course.slug}`)
      assert.ok(!(await published?.text())?.includes(sentence), 'the page itself says it')
      await page
        .getByText(live.lesson?.title ?? 'no title')
        .first()
        .waitFor()
      await page.goto(lessonPath())
      await page.getByRole('heading', { level: 1, name: 'This lesson is for enrolled learners' }).waitFor()
    }
    await isLocked()
    await signIn(page, marek)
    await isLocked()
    const all = await answers.all()
    assert.ok(
      all.some(({ url }) => url.endsWith(`/api/lessons/${lesson}`)),
      all.map(({ url }) => url).join(),
    )
    assert.deepEqual(
      all
        .filter((each) => each.text.includes(JSON.stringify(sentence).slice(1, -1)) || each.text.includes(questions[0]?.prompt ?? 'none'))
        .map(({ url }) => url),
      [],
    )
  })
  assert.equal(await refusalOf(marek.client.learning.lesson({ lesson })), 'not-enrolled')
  assert.equal(
    await refusalOf(marek.client.learning.check({ lesson, answers: [{ question: questions[0]?.id ?? '', answer: { chosen: [0] } }] })),
    'not-enrolled',
  )
})

const push = async (path: string, text: string): Promise<string> => String((await control(school, 'github/api/files', { path, text }))['commit'])

test('a lesson that is kept in Git says so where it is edited; a push that is unsound is told of line by line and changes nothing, until another mends it', async () => {
  const unsound = 'courses/light-for-painters/01-one-section/03-by-hand.md'
  await journey({ browser, school, name: 'series-git' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/lessons/${live.lesson?.id}`)
    const kept = page.getByRole('region', { name: 'This lesson is kept in Git' })
    await kept.getByRole('link', { name: live.lesson?.path ?? 'no path' }).waitFor()
    assert.equal(await page.getByRole('main').getByRole('textbox').count(), 0)
    assert.deepEqual(await barriers(page), [])
    await page.goto('/school/content')
    await page.getByText('The school shows the newest commit').waitFor()
    await page.getByText('1 lesson ·').waitFor()
    const before = await page.getByRole('region', { name: 'lectern/courses' }).locator('a[href*="/commit/"]').textContent()
    assert.deepEqual(await barriers(page), [])

    const commit = await push(unsound, '---\ntitle: By hand\nminutes: soon\n---\n\nWritten in an editor.\n')
    await eventually('the commit to be judged', async () => ((await teacher.client.content.state({})).refused?.commit === commit ? true : undefined))
    await page.reload()
    const refused = page.getByRole('alert').filter({ hasText: 'The newest commit is not shown' })
    await refused.getByText(unsound).waitFor()
    await refused.getByText('line 3').waitFor()
    assert.deepEqual(await barriers(page), [])
    assert.equal(await page.getByRole('region', { name: 'lectern/courses' }).locator('a[href*="/commit/"]').textContent(), before)
    assert.deepEqual(await outline(), ['The lesson', live.lesson?.title])
    await page.goto(`/sandbox/github/lectern/courses/commit/${commit}`)
    await page.getByText('does not show this commit').first().waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('list', { name: 'Checks' }).getByRole('link', { name: 'Details' }).click()
    await refused.getByText(unsound).waitFor()

    await page.goto(`/sandbox/github/lectern/courses/edit/main?path=${encodeURIComponent(unsound)}`)
    await page.getByLabel('Text').fill('---\ntitle: By hand\nminutes: 2\n---\n\nWritten in an editor.\n')
    await page.getByRole('button', { name: 'Commit' }).click()
    await eventually('the lesson written by hand', async () => ((await outline()).includes('By hand') ? true : undefined))
    await page.goto('/school/content')
    await page.getByText('2 lessons ·').waitFor()
    await page.getByText('The school shows the newest commit').waitFor()
  })
})

test('reverted, the lesson is gone for the learner, and its run says that it was taken back', async () => {
  await journey({ browser, school, name: 'series-revert' }, async (page) => {
    await signIn(page, teacher)
    await page.goto('/sandbox/github/lectern/courses/pull/1')
    await page.getByRole('button', { name: 'Revert' }).click()
    await page.getByRole('heading', { level: 1, name: /^Revert/ }).waitFor()
    await page.getByRole('button', { name: 'Merge pull request' }).click()
    await page.getByRole('heading', { name: 'Merged', exact: true }).waitFor()
    await runIn('withdrawn')
    await page.goto(`/teach/series/${series}`)
    await says(rowOf(page, 'By schedule'), 'Taken back')
    assert.deepEqual(await barriers(page), [])
  })
  assert.deepEqual(await outline(), ['The lesson', 'By hand'])
  await journey({ browser, school, name: 'series-gone' }, async (page) => {
    await signIn(page, lena)
    await page.goto(lessonPath())
    await page.getByRole('heading', { level: 1, name: 'There is no such lesson' }).waitFor()
  })
  assert.equal(await refusalOf(lena.client.learning.lesson({ lesson: live.lesson?.id ?? '' })), 'not-found')
})

test('with the chatbot down the page says so in words, and the next lesson is written as if nothing had been', async () => {
  await journey({ browser, school, name: 'series-down' }, async (page) => {
    await signIn(page, teacher)
    await control(school, 'chatbot/api/faults', { fault: 'down' })
    await page.goto(`/teach/series/${series}`)
    await page.getByRole('button', { name: 'Write now' }).click()
    await page.getByText('The chatbot could not be reached.').waitFor()
    assert.deepEqual(await barriers(page), [])
    await control(school, 'chatbot/api/faults', { fault: 'none' })
    await page.getByRole('button', { name: 'Write now' }).click()
    await page.getByRole('link', { name: 'Pull request #3' }).waitFor()
  })
})

test('no page of a series has a barrier or scrolls sideways on a phone in the dark', async () => {
  const draft = (await runs()).find(({ state }) => state === 'proposed')
  const { page, complaints, close } = await openWindow(browser, school, { width: 360, height: 740 })
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await signIn(page, teacher)
  const found: string[] = []
  for (const [path, sign] of [
    ['/teach/series', TITLE],
    [`/teach/series/${series}`, 'Written so far'],
    [`/teach/series/${series}/edit`, 'The next moments'],
    [`/teach/runs/${draft?.id}`, 'Nothing of this is published'],
    ['/school/content', 'The school shows the newest commit'],
    [draft?.pull?.url ?? '/', 'What Lectern has looked at'],
    [`${draft?.pull?.url}/files`, 'Files changed'],
  ] as const) {
    await page.goto(path)
    await page.getByText(sign).first().waitFor()
    found.push(...(await barriers(page)))
  }
  await close()
  assert.deepEqual([found, complaints], [[], []])
})
