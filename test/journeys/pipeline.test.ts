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
  film = await aLongFile(await aFilm(join(school.data, 'film.mp4'), { seconds: 60, width: 1280, height: 720 }))
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

const SUBRIP = '1\n00:00:01,000 --> 00:00:30,000\nWhere the light comes from\n\n2\n00:00:31,000 --> 00:00:58,000\nWhere it goes\n'

/** The part of the browser's own types that is looked at: this side of the house is compiled without the DOM. */
type Media = {
  dataset: Record<string, string>
  paused: boolean
  textTracks: Iterable<{ kind: string; mode: string; activeCues: Iterable<{ text: string }> | null }>
}

const mark = (page: Page): Promise<void> =>
  page.locator('video').evaluate((video: Media) => {
    video.dataset['seen'] = 'yes'
  })
const isSameElement = (page: Page): Promise<boolean> => page.locator('video').evaluate((video: Media) => video.dataset['seen'] === 'yes' && !video.paused)
const captionsOn = (page: Page): Promise<string[]> =>
  page.locator('video').evaluate((video: Media) =>
    [...video.textTracks].flatMap((track) => {
      if (track.kind !== 'captions') return []
      track.mode = 'showing'
      return [...(track.activeCues ?? [])].map(({ text }) => text)
    }),
  )

test('a teacher’s upload outlives a killed server, can be watched while its ladder is made, which joins in place, and shows the captions edited meanwhile', async () => {
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
    await page.locator('.lesson-player[data-state="ready"]').waitFor()
    await page.locator('video').evaluate((video: { muted: boolean; playbackRate: number; play(): Promise<void> }) => {
      video.muted = true
      // However long the ladder takes, the film is not over before it joins.
      video.playbackRate = 0.25
      return video.play()
    })
    await eventually('moving pictures', async () => ((await watching(page)).frames > 10 ? true : undefined))
    assert.equal((await videoNow())?.state, 'transcoding', 'the ladder is still being made')
    assert.deepEqual(masters, ['preview/master.m3u8'])
    await mark(page)

    await school.kill()
    await school.start()
    await eventually('the ladder', async () => ((await videoNow())?.state === 'ready' ? true : undefined), 200)
    await eventually('the ladder in the player', () => (masters.includes('master.m3u8') ? true : undefined), 40)
    const before = (await watching(page)).seconds
    await eventually('the picture going on', async () => ((await watching(page)).seconds > before + 1 ? true : undefined))
    assert.ok(await isSameElement(page), 'in the same player, without a reload')

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
