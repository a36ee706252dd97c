import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, sendFilm } from './films.ts'
import { journey, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'], env: { LECTERN_ENCODERS: '1' } })
let browser: Browser
let teacher: Someone

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

/** Plays the first version from its middle, slowly; notes when the element was given another source. */
const PLAY = `(() => {
  const video = document.querySelector('video')
  window.first = video
  window.left = []
  video.addEventListener('emptied', () => window.left.push(window.lastSeconds))
  video.addEventListener('timeupdate', () => { if (video.currentTime > 0) window.lastSeconds = video.currentTime })
  video.currentTime = 20
  video.playbackRate = 0.75
  return video.play()
})()`
const NOW = `(() => {
  const video = document.querySelector('video')
  return { isSame: video === window.first, seconds: video.currentTime, rate: video.playbackRate, isPaused: video.paused, left: window.left }
})()`
type Now = { isSame: boolean; seconds: number; rate: number; isPaused: boolean; left: number[] }
const now = (page: Page): Promise<Now> => page.evaluate<Now>(NOW)

test('whoever watches the first version of a video goes on in the ladder: same element, moment and speed, no reload', async () => {
  const film = await aFilm(join(school.data, 'film.mp4'), { seconds: 80, width: 854, height: 480 })
  const { lesson } = await aCourseOf(teacher, { title: 'Early', kind: 'video' })
  await journey({ browser, school, name: 'ladder' }, async (page) => {
    await signIn(page, teacher)
    await sendFilm(teacher, lesson, film)
    await page.goto(`/teach/lessons/${lesson}`)
    await page.getByText('First version, as it was uploaded; sizes for every screen are being made.').waitFor()
    await page.locator('.lesson-player[data-state="ready"]').waitFor()
    await page.evaluate(PLAY)
    await eventually('the ladder', async () => ((await now(page)).left.length > 0 ? true : undefined), 240)
    const joined = await eventually('the picture to go on', async () => {
      const at = await now(page)
      return at.seconds > (at.left[0] ?? 0) ? at : undefined
    })
    assert.ok(joined.isSame)
    assert.equal(joined.isPaused, false)
    assert.equal(joined.rate, 0.75)
    assert.ok(joined.seconds - (joined.left[0] ?? 0) < 5, `went from ${joined.left[0]} to ${joined.seconds}`)
    assert.equal(await page.locator('.lesson-player').getAttribute('data-state'), 'ready')
    await page.getByText('First version, as it was uploaded; sizes for every screen are being made.').waitFor({ state: 'detached' })
  })
})
