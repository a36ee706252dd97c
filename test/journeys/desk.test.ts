import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { looked } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { sendFilm } from './films.ts'
import { journey, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let lena: Someone
let theo: Someone

const HOUR_MS = 3_600_000

/** A free course of three articles and, where it is asked for, a session tomorrow. */
const aCourse = async ({ client }: Someone, title: string, { hasSession = false } = {}): Promise<{ course: string; lessons: string[] }> => {
  const { id: course } = await client.courses.create({ title })
  await client.courses.update({ course, price: { amountMinor: 0, currency: 'EUR' }, summary: 'A course made by a test.' })
  const section = (await client.courses.addSection({ course, title: 'One section' })).sections[0]?.id ?? ''
  const lessons: string[] = []
  for (const name of ['The first look', 'The second look', 'The last look']) {
    const after = await client.courses.addLesson({ course, section, title: name, kind: 'article' })
    lessons.push(after.sections[0]?.lessons.at(-1)?.id ?? '')
    await client.courses.updateLesson({ lesson: lessons.at(-1) ?? '', text: 'Some words.' })
  }
  if (hasSession) {
    const after = await client.courses.addLesson({ course, section, title: 'Questions and answers', kind: 'live' })
    const lesson = after.sections[0]?.lessons.at(-1)?.id ?? ''
    await client.calendar.setSession({ lesson, session: { startsAt: new Date(Date.now() + 24 * HOUR_MS).toISOString(), minutes: 60 } })
  }
  await client.courses.publish({ course })
  return { course, lessons }
}

before(async () => {
  await school.start()
  theo = await someone(school, 'Theo', 'instructor')
  lena = await someone(school, 'Lena')
  const [begun, older, fresh, done] = [
    await aCourse(theo, 'Painting with light', { hasSession: true }),
    await aCourse(theo, 'Curtains and shadows'),
    await aCourse(theo, 'Still life'),
    await aCourse(theo, 'Drawing hands'),
  ]
  for (const { course } of [begun, older, fresh, done]) await lena.client.learning.enrol({ course })
  const complete = async (lesson = '') => lena.client.learning.complete({ lesson, isCompleted: true })
  for (const lesson of done.lessons) await complete(lesson)
  await complete(older.lessons[0])
  await complete(begun.lessons[0])
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

/** How much of the page has moved since it was loaded, as browsers reckon it (CLS); watched before anything is drawn. */
const WATCH_SHIFTS = `globalThis.shifted = 0
new PerformanceObserver((list) => { for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shifted += value }).observe({ type: 'layout-shift', buffered: true })`

test('a learner finds where they left off first, then what is begun, not begun and finished, and what is coming up', async () => {
  await journey({ browser, school, name: 'desk' }, async (page) => {
    await signIn(page, lena)
    await page.goto('/learning')
    await page.getByText('Where you left off').waitFor()
    const coming = page.getByRole('region', { name: 'Coming up' })
    await coming.getByRole('link', { name: /Questions and answers/ }).waitFor()
    const courses = async (name: string): Promise<string[]> =>
      page.getByRole('region', { name, exact: true }).getByRole('heading', { level: 3 }).allTextContents()
    const lists = [await courses('In progress'), await courses('Not started yet'), await courses('Finished')]
    assert.deepEqual(
      lists.map((list) => list.map((title) => title.trim())),
      [['Curtains and shadows'], ['Still life'], ['Drawing hands']],
    )
    assert.deepEqual(await looked(page, 'desk'), [])
    await page.addInitScript(WATCH_SHIFTS)
    await page.reload()
    await coming.getByRole('link', { name: /Questions and answers/ }).waitFor()
    await page.waitForLoadState('networkidle')
    const shift = Number(await page.evaluate('globalThis.shifted'))
    assert.ok(shift < 0.05, `the page moved by ${shift}`)
    await coming.getByRole('link', { name: 'My notes' }).waitFor()
    await page.getByRole('link', { name: 'Continue: Painting with light' }).click()
    await page.getByRole('heading', { name: 'The second look' }).waitFor()
  })
})

test('what was done elsewhere moves up, and whoever learns nothing yet is led to the courses', async () => {
  const [stillLife] = (await lena.client.learning.mine({})).enrolled.filter(({ course }) => course.title === 'Still life')
  await lena.client.learning.complete({ lesson: stillLife?.next?.lesson ?? '', isCompleted: true })
  await journey({ browser, school, name: 'desk-moved' }, async (page) => {
    await signIn(page, lena)
    await page.goto('/learning')
    await page.getByRole('link', { name: 'Continue: Still life' }).waitFor()
  })
  const max = await someone(school, 'Max')
  await journey({ browser, school, name: 'desk-empty' }, async (page) => {
    await signIn(page, max)
    await page.goto('/learning')
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
    await page.getByText('No session, and nothing due').waitFor()
    assert.deepEqual(await looked(page, 'desk-empty'), [])
    await page.getByRole('link', { name: 'Browse the courses' }).click()
    await eventually('the catalogue', async () => (new URL(page.url()).pathname === '/' ? true : undefined))
  })
})

/** Changes the database as three days of a post office that is shut, or a machine that failed, would have. */
const aged = (statement: string): void => {
  // The school may be writing at that moment.
  const database = new DatabaseSync(join(school.data, 'school.sqlite'), { timeout: 5000 })
  database.exec(statement)
  database.close()
}

const setPost = (mode: 'none' | 'reject') => fetch(`${school.url}/sandbox/mail/api/faults`, { method: 'POST', body: JSON.stringify({ mode }) })

test('an admin has a letter sent again, a film tried again and the store weighed', async () => {
  const ada = await someone(school, 'Ada', 'admin')
  const nina = await someone(school, 'Nina')
  const { lesson } = await aCourseOf(theo, { title: 'Moving pictures', kind: 'video' })
  const noFilm = join(school.data, 'no-film.mp4')
  await writeFile(noFilm, Buffer.concat([Buffer.from([0, 0, 0, 16]), Buffer.from('ftypisom\0\0\x02\0This is all there is.', 'latin1')]))
  const video = await sendFilm(theo, lesson, noFilm)
  await setPost('reject')
  await nina.client.learning.enrol({ course: (await aCourse(theo, 'A shut post office')).course })
  // Others' letters of before may be refused as well, and go by themselves.
  const isRefused = async () => (await ada.client.operations.letters({ show: 'failed' })).letters.some(({ to }) => to === 'n…@lectern.test')
  await eventually('the letter to be refused', async () => ((await isRefused()) ? true : undefined))
  aged(
    `UPDATE deliveries SET is_dead = 1, reason = 'The post is shut' WHERE event IN (SELECT id FROM outbox WHERE payload LIKE '%${nina.id}%') AND listener = 'notices.welcome'`,
  )
  await eventually('the film to fail', async () => ((await ada.client.media.video({ video })).state === 'failed' ? true : undefined))
  aged(`UPDATE items SET body = json_set(body, '$.canRetry', json('true')) WHERE pk = 'video#${video}'`)
  await setPost('none')
  await journey({ browser, school, name: 'desk-presses' }, async (page) => {
    await signIn(page, ada)
    await page.goto('/school/letters?show=failed')
    await page.getByRole('listitem').filter({ hasText: 'n…@lectern.test' }).getByRole('button', { name: 'Send again' }).click()
    await eventually('the letter', async () => ((await isRefused()) ? undefined : true))
    await page.goto('/school/films?show=trouble')
    await page.getByRole('button', { name: 'How The lesson is made' }).click()
    await page.getByRole('button', { name: 'Try again' }).click()
    // It is no better a film than before, and told to be none for good.
    await eventually('the film to be tried', async () => ((await ada.client.media.video({ video })).canRetry ? undefined : true))
    await page.goto('/school/storage')
    await page.getByRole('button', { name: 'Weigh now' }).click()
    await page.getByText(/^Weighed /).waitFor()
  })
})
