import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { LessonKind } from '#contract/lesson-kinds.ts'
import { launchBrowser } from '#scripts/browser.ts'
import { looked } from './barriers.ts'
import { journey, openWindow, signIn, signInByPages } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
const MEETING = 'https://meet.example/the-room'
const MINUTE_MS = 60_000

let browser: Browser
let theo: Someone
let lena: Someone
let course = ''
let slug = ''
const lessons = { assignment: '', live: '', download: '' }

/** Lessons of three kinds, the session in ten minutes. */
const theCourse = async ({ client }: Someone): Promise<void> => {
  const made = await client.courses.create({ title: 'Painting with light' })
  course = made.id
  slug = made.slug
  const section = (await client.courses.addSection({ course, title: 'At the window' })).sections[0]?.id ?? ''
  const add = async (title: string, kind: LessonKind): Promise<string> =>
    (await client.courses.addLesson({ course, section, title, kind })).sections[0]?.lessons.at(-1)?.id ?? ''
  lessons.assignment = await add('A portrait by a window', 'assignment')
  lessons.live = await add('Questions, live', 'live')
  lessons.download = await add('The workbook', 'download')
  await client.courses.updateLesson({ lesson: lessons.assignment, text: 'Photograph **somebody** beside a window, and say where the light comes from.' })
}

before(async () => {
  await school.start()
  browser = await launchBrowser()
  theo = await someone(school, 'Theo', 'instructor')
  lena = await someone(school, 'Lena')
  await theCourse(theo)
})
after(async () => {
  await browser?.close()
  await school.close()
})

const asAField = (at: Date): string => new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16)

test('a teacher says what is handed in and how it is judged, and when a session is', async () => {
  await journey({ browser, school, name: 'kinds-teacher' }, async (page) => {
    await signIn(page, theo)
    await page.goto(`/teach/lessons/${lessons.assignment}`)
    await page.getByRole('button', { name: 'Add a criterion' }).click()
    await page.getByLabel('Criterion', { exact: true }).fill('Light')
    await page.getByLabel('What level 3 looks like (optional)').fill('It leads the eye.')
    await eventually('the rubric', async () => {
      const { assignment } = await theo.client.courses.lesson({ lesson: lessons.assignment })
      return assignment?.rubric[0]?.levels[2]?.says === 'It leads the eye.' ? true : undefined
    })
    assert.deepEqual(await looked(page, 'desk-assignment'), [])
    await page.goto(`/teach/lessons/${lessons.live}`)
    await page.getByLabel('Starts').fill(asAField(new Date(Date.now() + 10 * MINUTE_MS)))
    await page.getByLabel('Link to the meeting').fill(MEETING)
    await eventually('the session', async () => ((await theo.client.courses.lesson({ lesson: lessons.live })).live?.link === MEETING ? true : undefined))
    assert.deepEqual(await looked(page, 'desk-live'), [])
    const workbook = join(school.data, 'workbook.pdf')
    await writeFile(workbook, 'Not much of one.')
    await page.goto(`/teach/lessons/${lessons.download}`)
    await page.getByLabel('Add files').setInputFiles(workbook)
    await eventually('the workbook', async () => ((await theo.client.files.ofLesson({ lesson: lessons.download })).files.length === 1 ? true : undefined))
    await page.goto(`/teach/courses/${course}/preview`)
    await page.getByRole('heading', { name: 'Your work' }).waitFor()
    await page.getByRole('button', { name: 'The workbook' }).click()
    await page.getByRole('button', { name: 'Download workbook.pdf' }).waitFor()
  })
  await theo.client.courses.publish({ course })
  await lena.client.learning.enrol({ course })
})

test('a learner hands in a text and a file; the teacher returns it by the rubric; she improves it, and it passes', async () => {
  const picture = join(school.data, 'portrait.txt')
  await writeFile(picture, 'A portrait.')
  await journey({ browser, school, name: 'kinds-hand-in' }, async (page) => {
    await signIn(page, lena)
    await page.goto(`/learn/${slug}/${lessons.assignment}`)
    const text = page.getByRole('textbox', { name: 'Your text' })
    await text.fill('It comes from the *left*.')
    await eventually('the draft', async () =>
      (await lena.client.assignments.open({ lesson: lessons.assignment })).draft.text.includes('left') ? true : undefined,
    )
    await page.reload()
    assert.equal(await text.inputValue(), 'It comes from the *left*.')
    await page.getByLabel('Add files').setInputFiles(picture)
    await page.getByRole('button', { name: 'Take out portrait.txt' }).waitFor()
    assert.deepEqual(await looked(page, 'work-writing'), [])
    await page.getByRole('button', { name: 'Hand in' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click()
    await page.getByText('Your teacher will read it.').waitFor()
  })
  await journey({ browser, school, name: 'kinds-grade' }, async (page) => {
    await signInByPages(page, theo)
    await page.getByRole('button', { name: 'Notifications, 1 new' }).click()
    await page.getByRole('link', { name: 'Lena has handed in: A portrait by a window' }).click()
    await page.getByRole('heading', { name: 'Lena', level: 1 }).waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download portrait.txt' }).click()])
    assert.equal(download.suggestedFilename(), 'portrait.txt')
    await page.getByRole('radio', { name: 'Not yet' }).press('Space')
    assert.equal(await page.getByRole('button', { name: 'Let it pass' }).isDisabled(), true, 'no point is less than sixty per cent')
    await page.getByLabel('Feedback').fill('And the *shadow*?')
    assert.deepEqual(await looked(page, 'grading'), [])
    await page.getByRole('button', { name: 'Return it' }).click()
    await page.getByRole('button', { name: 'Change this' }).waitFor()
    await page.goto(`/teach/courses/${course}/handings`)
    await page.getByText('Nothing waits to be read').waitFor()
    assert.deepEqual(await looked(page, 'queue-empty'), [])
    await page.getByRole('button', { name: 'Graded', exact: true }).click()
    await page.getByRole('link', { name: /Lena/ }).waitFor()
  })
  await journey({ browser, school, name: 'kinds-improve' }, async (page) => {
    await signInByPages(page, lena)
    await page.getByRole('button', { name: 'Notifications, 1 new' }).click()
    await page.getByRole('link', { name: 'Your work came back: A portrait by a window' }).click()
    await page.getByText('Your teacher has returned it').waitFor()
    await page.getByRole('textbox', { name: 'Your text' }).fill('From the left; the shadow falls to the right.')
    assert.deepEqual(await looked(page, 'work-returned'), [])
    await page.getByRole('button', { name: 'Hand in' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click()
    await page.getByText('Your teacher will read it.').waitFor()
    const [waiting] = (await theo.client.assignments.queue({ course })).handings
    await theo.client.assignments.grade({ handing: waiting?.id ?? '', levels: [2], feedback: 'Yes.', isPassed: true })
    await page.reload()
    await page.getByText('Your teacher has accepted your work').waitFor()
    assert.equal((await lena.client.learning.lesson({ lesson: lessons.assignment })).isCompleted, true)
    assert.deepEqual(await looked(page, 'work-passed'), [])
  })
})

test('a learner finds the session in the calendar, saves it, and is let in; a visitor is not', async () => {
  await journey({ browser, school, name: 'kinds-session' }, async (page) => {
    await signIn(page, lena)
    await page.goto('/calendar?view=list')
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.deepEqual(await looked(page, 'calendar-list'), [])
    await page.getByRole('button', { name: 'Month', exact: true }).click()
    assert.deepEqual(await looked(page, 'calendar-month'), [])
    await page.getByRole('button', { name: 'Make an address' }).click()
    const address = await page.getByLabel('Address of your calendar').inputValue()
    const feed = await fetch(address)
    assert.equal(feed.headers.get('content-type'), 'text/calendar; charset=utf-8')
    const file = await feed.text()
    assert.ok(file.includes('SUMMARY:Questions\\, live') && !file.includes('the-room'), file)
    await page
      .getByRole('link', { name: /Questions, live/ })
      .first()
      .click()
    assert.equal(await page.getByRole('link', { name: 'Join the session' }).getAttribute('href'), MEETING)
    await page.getByText(/Starts in \d+ minutes/).waitFor()
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Add to calendar' }).click()])
    assert.equal(saved.suggestedFilename(), 'session.ics')
    assert.deepEqual(await looked(page, 'session'), [])
    await page.goto(`/learn/${slug}/${lessons.download}`)
    await page.getByRole('button', { name: 'Download workbook.pdf' }).waitFor()
    assert.deepEqual(await looked(page, 'download'), [])
    const [workbook] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download workbook.pdf' }).click()])
    assert.equal(workbook.suggestedFilename(), 'workbook.pdf')
  })
  const visitor = await openWindow(browser, school)
  try {
    await visitor.page.goto(`/learn/${slug}/${lessons.live}`)
    await visitor.page.getByRole('button', { name: 'Sign in' }).first().waitFor()
    assert.ok(!(await visitor.page.content()).includes('the-room'))
  } finally {
    await visitor.close()
  }
})
