import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { looked } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, sendFilm, untilReady } from './films.ts'
import { journey, openWindow, signIn, watching } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let lena: Someone
let film: { course: string; lesson: string; slug: string }

const SUBRIP = '1\n00:00:01,000 --> 00:00:03,000\nWhere the shutter opens\n\n2\n00:00:07,000 --> 00:00:09,000\nThe afternoon comes through the curtain\n'

before(async () => {
  await school.start()
  const teacher = await someone(school, 'Theo', 'instructor')
  lena = await someone(school, 'Lena')
  film = await aCourseOf(teacher, { title: 'Painting with light', kind: 'video' })
  await untilReady(teacher, await sendFilm(teacher, film.lesson, await aFilm(join(school.data, 'film.mp4'), { seconds: 12, width: 160, height: 90 })))
  const video = (await teacher.client.courses.lesson({ lesson: film.lesson })).video?.id ?? ''
  const { revision } = await teacher.client.captions.upload({ video, language: 'en', label: 'English', text: SUBRIP })
  await teacher.client.captions.publish({ video, language: 'en', revision })
  await teacher.client.courses.publish({ course: film.course })
  const paid = await aCourseOf(teacher, { title: 'Curtains and shadows', kind: 'article', amountMinor: 4900 })
  await teacher.client.courses.updateLesson({ lesson: paid.lesson, text: 'Velvet curtains keep the *afternoon* out.' })
  await teacher.client.courses.publish({ course: paid.course })
  await lena.client.learning.enrol({ course: film.course })
  await lena.client.notes.add({ lesson: film.lesson, body: 'Measure the curtain at home' })
  await eventually('the search knows the sentence', async () =>
    (await lena.client.search.find({ words: 'afternoon comes' })).hits.length > 0 ? true : undefined,
  )
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

const palette = (page: Page) => page.getByRole('dialog', { name: 'Search' })

test('a learner types a sentence of a film, with the keyboard alone, and watches it from its second', async () => {
  await journey({ browser, school, name: 'search-palette' }, async (page) => {
    await signIn(page, lena)
    await page.goto('/learning')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    await palette(page).getByRole('option', { name: 'My notes' }).waitFor()
    await page.keyboard.type('afternoon comes')
    const option = palette(page).getByRole('option', { name: /The afternoon comes through the curtain.*Said at 0:07/ })
    await option.waitFor()
    await palette(page).getByText('1 result', { exact: true }).waitFor({ state: 'attached' })
    assert.equal(await option.getAttribute('aria-selected'), 'true')
    assert.deepEqual(await option.locator('mark').allTextContents(), ['afternoon', 'comes'])
    assert.deepEqual(await looked(page, 'palette'), [])
    await page.keyboard.press('ArrowDown')
    assert.equal(await palette(page).getByRole('option', { name: 'All results for' }).getAttribute('aria-selected'), 'true')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/learn/${film.slug}/${film.lesson}?t=7`)
    await eventually('the film at its second', async () => ((await watching(page)).seconds >= 7 ? true : undefined))
  })
})

test('the palette opens by a slash where nobody writes, closes with Escape, and leads to pages by their names', async () => {
  await journey({ browser, school, name: 'search-pages' }, async (page) => {
    await signIn(page, lena)
    await page.goto('/learning')
    await page.getByRole('heading', { name: 'My learning', level: 1 }).waitFor()
    await page.keyboard.press('/')
    await palette(page).waitFor()
    await page.keyboard.press('Escape')
    await palette(page).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await palette(page).getByRole('combobox').fill('calend')
    await palette(page).getByRole('option', { name: 'Calendar' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/calendar')
    await page.keyboard.press('Control+k')
    await palette(page).getByRole('combobox').fill('curtain')
    // Quicker than any answer: whatever was found before, this asks for what is typed.
    await page.keyboard.press('Enter')
    await page.waitForURL('**/search?q=curtain')
  })
})

test('the palette says that nothing is found, and that there was no answer, and asks again by the keyboard', async () => {
  await journey({ browser, school, name: 'search-failed' }, async (page) => {
    await signIn(page, lena)
    await page.goto('/learning')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    await palette(page).getByRole('combobox').fill('zeppelin')
    await palette(page).getByText('Nothing found for “zeppelin”').waitFor()
    assert.deepEqual(await looked(page, 'palette-none'), [])
    const isAsked = /\/search\?.*words=/
    await page.route(isAsked, (route) => route.fulfill({ status: 400, json: { code: 'bad-input', message: 'Not now.' } }))
    await palette(page).getByRole('combobox').fill('afternoon')
    await palette(page).getByText('The search could not be answered.').waitFor()
    const again = palette(page).getByRole('option', { name: 'Try again' })
    assert.equal(await again.getAttribute('aria-selected'), 'true')
    assert.deepEqual(await looked(page, 'palette-failed'), [])
    await page.unroute(isAsked)
    await page.keyboard.press('Enter')
    await palette(page)
      .getByRole('option', { name: /The afternoon comes through the curtain/ })
      .waitFor()
  })
})

test('the page of a search shows results by course, one’s notes among them, and says what to do where nothing is found', async () => {
  await journey({ browser, school, name: 'search-page' }, async (page) => {
    await signIn(page, lena)
    await page.goto('/search')
    await page.getByRole('heading', { name: 'Find the very sentence' }).waitFor()
    assert.deepEqual(await looked(page, 'search-empty'), [])
    await page.getByRole('searchbox').fill('curtain')
    await page.getByText('3 results').waitFor()
    assert.match(page.url(), /\/search\?q=curtain$/)
    await page.getByRole('region', { name: 'Painting with light' }).getByText('Measure the curtain at home').waitFor()
    await page
      .getByRole('region', { name: 'Curtains and shadows' })
      .getByRole('link', { name: /^Curtains and shadows Course/ })
      .waitFor()
    assert.deepEqual(await looked(page, 'search-results'), [])
    await page.getByRole('searchbox').fill('zeppelin')
    await page.getByRole('heading', { name: 'Nothing found for “zeppelin”' }).waitFor()
    assert.deepEqual(await looked(page, 'search-none'), [])
    await page.goto('/search?q=afternoon')
    await page.getByRole('link', { name: /The afternoon comes through the curtain/ }).click()
    await page.waitForURL(`**/learn/${film.slug}/${film.lesson}?t=7`)
  })
})

test('a visitor finds what the catalogue says and nothing of what is paid for or open to learners alone', async () => {
  const { page, complaints, close } = await openWindow(browser, school)
  await page.goto('/search?q=curtains')
  await page.getByRole('link', { name: /^Curtains and shadows Course/ }).waitFor()
  await page.getByRole('searchbox').fill('velvet')
  await page.getByRole('heading', { name: 'Nothing found for “velvet”' }).waitFor()
  await page.getByText('Sign in to look in your own courses').waitFor()
  await page.getByRole('searchbox').fill('afternoon')
  await page.getByRole('heading', { name: 'Nothing found for “afternoon”' }).waitFor()
  assert.deepEqual(await looked(page, 'search-visitor'), [])
  assert.deepEqual(complaints, [])
  await close()
})
