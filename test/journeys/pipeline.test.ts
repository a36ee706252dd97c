import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, aLongFile } from './films.ts'
import { sendThroughAKill } from './line.ts'
import { journey, signIn, watching } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'], env: { LECTERN_ENCODERS: '1' } })
let browser: Browser
let teacher: Someone
let film: string

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  film = await aLongFile(await aFilm(join(school.data, 'film.mp4'), { seconds: 80, width: 854, height: 480 }))
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

const SUBRIP = '1\n00:00:01,000 --> 00:00:30,000\nWhere the light comes from\n\n2\n00:00:31,000 --> 00:00:58,000\nWhere it goes\n'

/** The part of the browser's own types that is looked at: this side of the house is compiled without the DOM. */
type Media = {
  textTracks: Iterable<{ kind: string; mode: string; activeCues: Iterable<{ text: string }> | null }>
}

/** Plays the first version from its middle, so slowly that it is not over before the ladder joins; notes when the element is given another source. */
const PLAY = `(() => {
  const video = document.querySelector('video')
  window.first = video
  window.left = []
  video.addEventListener('emptied', () => window.left.push(window.lastSeconds))
  video.addEventListener('timeupdate', () => { if (video.currentTime > 0) window.lastSeconds = video.currentTime })
  video.muted = true
  video.currentTime = 20
  video.playbackRate = 0.25
  return video.play()
})()`
const NOW = `(() => {
  const video = document.querySelector('video')
  return { isSame: video === window.first, seconds: video.currentTime, rate: video.playbackRate, isPaused: video.paused, left: window.left }
})()`
type Now = { isSame: boolean; seconds: number; rate: number; isPaused: boolean; left: number[] }
const now = (page: Page): Promise<Now> => page.evaluate<Now>(NOW)

const FIRST_VERSION = 'First version, as it was uploaded; sizes for every screen are being made.'
const captionsOn = (page: Page): Promise<string[]> =>
  page.locator('video').evaluate((video: Media) =>
    [...video.textTracks].flatMap((track) => {
      if (track.kind !== 'captions') return []
      track.mode = 'showing'
      return [...(track.activeCues ?? [])].map(({ text }) => text)
    }),
  )

test('a teacher’s upload outlives a killed server, can be watched while its ladder is made, which joins at the same moment and speed in the same player, and shows the captions edited meanwhile', async () => {
  const { course, lesson } = await aCourseOf(teacher, { title: 'The whole way', kind: 'video' })
  const videoNow = async () => (await teacher.client.courses.lesson({ lesson })).video
  await journey({ browser, school, name: 'pipeline' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${course}`)
    await sendThroughAKill(page, school, film)

    await eventually('something to watch', async () => ((await videoNow())?.watchable ? true : undefined), 60)
    const masters: string[] = []
    page.on('response', (answer) => {
      if (answer.url().endsWith('/master.m3u8') && answer.ok()) masters.push(new URL(answer.url()).pathname.replace(/^\/media\/[^/]+\//, ''))
    })
    await page.goto(`/teach/lessons/${lesson}`)
    await page.getByText(FIRST_VERSION).waitFor()
    await page.locator('.lesson-player[data-state="ready"]').waitFor()
    await page.evaluate(PLAY)
    await eventually('moving pictures', async () => ((await watching(page)).frames > 10 ? true : undefined))
    assert.equal((await videoNow())?.state, 'transcoding', 'the ladder is still being made')
    assert.deepEqual(masters, ['preview/master.m3u8'])

    await school.kill()
    await school.start()
    await eventually('the ladder', async () => ((await videoNow())?.state === 'ready' ? true : undefined), 200)
    await eventually('the ladder in the player', () => (masters.includes('master.m3u8') ? true : undefined), 40)
    const joined = await eventually('the picture to go on in it', async () => {
      const at = await now(page)
      return at.left.length > 0 && at.seconds > (at.left[0] ?? 0) + 1 ? at : undefined
    })
    assert.deepEqual([joined.isSame, joined.isPaused, joined.rate], [true, false, 0.25], 'in the same player, without a reload')
    assert.ok(joined.seconds - (joined.left[0] ?? 0) < 5, `went from ${joined.left[0]} to ${joined.seconds}`)
    assert.equal(await page.locator('.lesson-player').getAttribute('data-state'), 'ready')
    await page.getByText(FIRST_VERSION).waitFor({ state: 'detached' })

    await page.getByLabel('Caption file in English').setInputFiles({ name: 'talk.en.srt', mimeType: 'application/x-subrip', buffer: Buffer.from(SUBRIP) })
    await page.getByRole('link', { name: 'Edit English captions' }).click()
    await page.getByRole('button', { name: 'Where the light comes from' }).click()
    await page.getByRole('textbox', { name: 'Caption from 0:01.000' }).fill('Where the light falls')
    await page.keyboard.press('Control+s')
    await page.getByText('Saved', { exact: true }).waitFor()
    await page.goto(`/learn/the-whole-way/${lesson}`)
    await page.locator('.lesson-player[data-state="ready"]').waitFor()
    await page.locator('video').evaluate((video: { currentTime: number }) => {
      video.currentTime = 5
    })
    await eventually('the edited caption over the picture', async () => ((await captionsOn(page)).includes('Where the light falls') ? true : undefined))
  })
})
