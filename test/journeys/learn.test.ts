import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { barriers } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, sendFilm, untilReady } from './films.ts'
import { journey, signIn, watching } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'], env: { LECTERN_ENCODERS: '1' } })
let browser: Browser
let lena: Someone
let place: { course: string; lesson: string; slug: string }

before(async () => {
  await school.start()
  browser = await launchBrowser()
  const theo = await someone(school, 'Theo', 'instructor')
  lena = await someone(school, 'Lena')
  place = await aCourseOf(theo, { title: 'Painting with light', kind: 'video' })
  const film = await aFilm(join(school.data, 'film.mp4'), { seconds: 12, width: 160, height: 90 })
  await untilReady(theo, await sendFilm(theo, place.lesson, film))
  await theo.client.courses.publish({ course: place.course })
  await lena.client.learning.enrol({ course: place.course })
})
after(async () => {
  await browser?.close()
  await school.close()
})

const barriersEverywhere = async (page: Page, name: string): Promise<string[]> => {
  const shots = process.env['LECTERN_SHOTS']
  const shoot = async (as: string) => void (shots && (await page.screenshot({ path: join(shots, `${name}-${as}.png`), fullPage: true })))
  await shoot('1440-light')
  const found = await barriers(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 360, height: 780 })
  found.push(...(await barriers(page)))
  await shoot('360-dark')
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}

test('a learner bookmarks and notes seconds of a video by keys, goes back to them, removes and undoes, and saves all as a file', async () => {
  await journey({ browser, school, name: 'learn-notes' }, async (page) => {
    await signIn(page, lena)
    await page.goto('/learning/notes')
    await page.getByText('Your notebook is empty').waitFor()
    await page.goto(`/learn/${place.slug}/${place.lesson}?t=5`)
    await eventually('the video to stand where the link leads', async () => ((await watching(page)).seconds >= 5 ? true : undefined))
    await page.keyboard.press('b')
    await page.getByText('Bookmarked at 0:').first().waitFor()
    await page.keyboard.press('w')
    await page.getByRole('textbox', { name: 'Your note' }).fill('The light is **soft** here')
    await page.getByRole('button', { name: 'Add note' }).click()
    await page.locator('strong', { hasText: 'soft' }).waitFor()
    assert.equal(await page.getByRole('button', { name: /^Play from 0:/ }).count(), 2)
    // While a message lasts, the library that draws it guards the focus by hidden marks.
    await page.getByText('Bookmarked at 0:').first().waitFor({ state: 'detached' })
    assert.deepEqual(await barriersEverywhere(page, 'panel'), [])
    const note = page.getByRole('article').filter({ hasText: 'soft' }).last()
    await note.getByRole('button', { name: 'More about this note' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.locator('strong', { hasText: 'soft' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.locator('strong', { hasText: 'soft' }).waitFor()

    await page.goto('/learning/notes')
    await page.getByRole('heading', { name: 'Painting with light' }).waitFor()
    assert.deepEqual(await barriersEverywhere(page, 'all'), [])
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as Markdown' }).click()])
    assert.match(await readFile(await download.path(), 'utf8'), /## Painting with light\n\n### The lesson\n\n[\s\S]*The light is \*\*soft\*\* here/)
    await page
      .getByRole('link', { name: /^Play from 0:/ })
      .last()
      .click()
    await page.waitForURL(/\/learn\/.*[?]t=\d+/)
  })
})
