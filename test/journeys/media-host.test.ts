import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, sendFilm, untilReady } from './films.ts'
import { journey, signInByPages, watching } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, keysBelow, program } from './program.ts'

const school = await program({ args: ['--empty'] })
const { port } = new URL(school.url)
/** Browsers know every name below `localhost` for this machine; a page and its media are as far apart here as on two hosts of one domain. */
const site = { url: `http://lectern.localhost:${port}`, besides: [`http://media.lectern.localhost:${port}`] }
const [mediaUrl = ''] = site.besides
let browser: Browser
let learner: Someone
let path: string
let video: string

before(async () => {
  await school.start()
  const teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
  const made = await aCourseOf(teacher, { title: 'Kept elsewhere', kind: 'video' })
  path = `/learn/${made.slug}/${made.lesson}`
  const film = await aFilm(join(school.data, 'film.mp4'), { seconds: 12, width: 320, height: 180 })
  video = await sendFilm(teacher, made.lesson, film)
  await untilReady(teacher, video)
  await teacher.client.captions.upload({ video, language: 'en', label: 'English', text: 'WEBVTT\n\n00:00.500 --> 00:10.000\nHello from afar' })
  await teacher.client.courses.publish({ course: made.course })
  await learner.client.learning.enrol({ course: made.course })
  await school.kill()
  // The same school, from today on with a host for its media.
  await school.start({ LECTERN_URL: site.url, LECTERN_MEDIA_URL: mediaUrl })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

/** The requests of a page for media, and what became of each. */
const mediaOf = (page: Page): { path: string; status: number }[] => {
  const seen: { path: string; status: number }[] = []
  page.on('response', (response) => {
    const { origin, pathname } = new URL(response.url())
    if (pathname.startsWith('/media/')) seen.push({ path: `${origin === mediaUrl ? '' : origin}${pathname}`, status: response.status() })
  })
  return seen
}

/** The part of the browser's own type that we look at. */
type Thumbnail = { shadowRoot: { querySelector(of: 'img'): { naturalWidth: number; src: string } } }

test('a film on a host of its own plays with captions, poster and thumbnails, and no page complains', async () => {
  await journey({ browser, school: site, name: 'media-host' }, async (page) => {
    const media = mediaOf(page)
    // Node knows no names below localhost, which the school has here; a browser does.
    await signInByPages(page, learner)
    await page.goto(path)
    await page.locator('.lesson-player[data-state="ready"]').waitFor()
    await page.locator('video').evaluate((element: { muted: boolean; play(): Promise<void> }) => {
      element.muted = true
      return element.play()
    })
    await eventually('the film to play', async () => ((await watching(page)).seconds > 2 ? true : undefined))
    assert.equal(await page.locator('video').getAttribute('crossorigin'), 'use-credentials')
    await page.keyboard.press('c')
    await page.getByText('Hello from afar').first().waitFor()
    await page.locator('media-time-range').hover()
    await eventually('a thumbnail', async () => {
      const width = await page.locator('media-preview-thumbnail').evaluate((thumbnail) => {
        // What media-chrome's own template holds.
        const { shadowRoot } = thumbnail as unknown as Thumbnail
        return shadowRoot.querySelector('img').naturalWidth
      })
      return width > 0 ? true : undefined
    })
    for (const kind of [/master\.m3u8$/, /\.m4s$/, /\.mp4$/, /captions\/en\.vtt$/, /storyboard\.vtt$/, /storyboard-000\.jpg$/, /poster\.jpg$/])
      assert.ok(
        media.some(({ path: asked, status }) => kind.test(asked) && status < 300),
        `${kind} among ${JSON.stringify(media)}`,
      )
    assert.deepEqual(
      media.filter(({ path: asked, status }) => status >= 400 || !asked.startsWith(`/media/${video}/`)),
      [],
    )
    const cookies = (await page.context().cookies(`${mediaUrl}/media/${video}/master.m3u8`)).filter(({ name }) => name.startsWith('CloudFront-'))
    assert.deepEqual(new Set(cookies.map(({ domain }) => domain)), new Set(['.lectern.localhost']))
    assert.ok(cookies.every(({ httpOnly }) => httpOnly))
    await page.context().clearCookies()
    const status = await page.evaluate<number>(
      `fetch('${mediaUrl}/media/${video}/master.m3u8', { credentials: 'include', cache: 'no-store' }).then((answer) => answer.status)`,
    )
    assert.equal(status, 403, 'a page of the school sees that it was refused')
  })
})

test('nothing of a film is given without cookies, and no page but the school’s may read it', async () => {
  const keys = keysBelow(school, `media/${video}/`)
  assert.ok(keys.length > 5)
  for (const key of keys) {
    // By another name of this machine: the tests' own resolver does not know the school's.
    const answer = await fetch(`${school.url}/${key}`, { headers: { origin: 'http://elsewhere.example' } })
    assert.equal(answer.status, 403, key)
    assert.equal(answer.headers.get('access-control-allow-origin'), site.url)
  }
})
