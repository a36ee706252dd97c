import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aFilm } from './films.ts'
import { journey, linkInLetter, signIn, startSending, watching } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'], env: { LECTERN_ENCODERS: '1' } })
let browser: Browser
let teacher: Someone
let film: string

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  film = await aFilm(join(school.data, 'film.mp4'), { seconds: 30, width: 1920, height: 1080 })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

test('a teacher makes a course, uploads a 30 s 1080p film, sees it become ready with three rungs or more, and publishes', async () => {
  await journey({ browser, school, name: 'teacher' }, async (page) => {
    await signIn(page, teacher)
    await page.goto('/teach')
    await page.getByRole('button', { name: 'New course' }).first().click()
    await page.getByLabel('Title').fill('Painting with light')
    await page.getByRole('button', { name: 'Create course' }).click()
    await page.getByRole('button', { name: 'Add section' }).first().click()
    await page.getByRole('textbox', { name: 'Title of the new section' }).fill('First steps')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('button', { name: 'Add lesson' }).first().click()
    await page.getByRole('textbox', { name: 'Title of the new lesson' }).fill('The window')
    await page.getByRole('button', { name: 'Add', exact: true }).last().click()
    await page.getByLabel('Video for The window').setInputFiles(film)
    await startSending(page)
    const course = /crs_\w+/.exec(page.url())?.[0] ?? ''
    const video = await eventually(
      'the video of the lesson',
      async () => {
        const whole = await teacher.client.courses.get({ course })
        const shown = whole.sections[0]?.lessons[0]?.video
        if (shown?.state === 'failed') throw new Error(shown.reason)
        return shown?.state === 'ready' ? shown : undefined
      },
      240,
    )
    assert.ok(video.rungs.length >= 3, `rungs: ${video.rungs.join(', ')}`)
    assert.ok(Math.abs((video.durationSeconds ?? 0) - 30) < 0.2, `${video.durationSeconds} s`)
    await page.getByText('1080p').first().waitFor()

    await teacher.client.courses.update({ course, price: { amountMinor: 3900, currency: 'EUR' }, summary: 'Where to put the window.' })
    await page.reload()
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('link', { name: 'Published · view' }).waitFor()
  })
})

test('a new person finds the course, signs up, confirms by mail, pays, and watches it with pictures moving; quality can be switched', async () => {
  await journey({ browser, school, name: 'learner' }, async (page) => {
    const email = 'nadia@example.test'
    await eventually('the catalogue', async () => ((await fetch(`${school.url}/catalogue/painting-with-light.json`)).ok ? true : undefined))
    await page.goto('/')
    await page
      .getByRole('link', { name: /Painting with light/ })
      .or(page.getByRole('link', { name: /See the course/ }))
      .first()
      .click()
    await page.getByRole('heading', { name: 'Painting with light', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Buy this course' }).first().click()
    await page.getByLabel('Name').fill('Nadia')
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill('three-quiet-herons')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
    const link = await eventually('the letter', () => linkInLetter(school, email, /confirm/))
    await page.goto(link)
    await page.waitForURL(/\/sandbox\/stripe\/checkout\//)
    await page.getByRole('button', { name: /^Pay/ }).click()
    await page.getByRole('heading', { name: 'You’re in' }).waitFor()
    await page.getByRole('link', { name: 'Go to the course' }).click()
    await page
      .getByRole('link', { name: /The window/ })
      .or(page.getByRole('link', { name: 'Start learning' }))
      .or(page.getByRole('button', { name: 'Start learning' }))
      .first()
      .click()
    await page.locator('video').waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'Play', exact: true }).first().click()
    const seen = await eventually('five seconds of the film', async () => {
      const now = await watching(page)
      if (now.error !== undefined) throw new Error(now.error)
      return now.seconds > 5 ? now : undefined
    })
    assert.ok(seen.frames > 60, `${seen.frames} frames decoded`)

    await page.getByRole('button', { name: /quality/i }).click()
    await page.getByRole('menuitemradio', { name: /270p/ }).click()
    await eventually('the chosen quality', async () => ((await watching(page)).height === 270 ? true : undefined))
  })
})
