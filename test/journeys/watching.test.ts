import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, sendFilm, untilReady } from './films.ts'
import { journey, openWindow, signIn, watching } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const TTL_SECONDS = 6
const school = await program({ args: ['--empty'], env: { LECTERN_PLAYBACK_SECONDS: String(TTL_SECONDS) } })
let browser: Browser
let learner: Someone
let sharer: Someone
let path: string
let lesson: string

before(async () => {
  await school.start()
  const teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
  sharer = await someone(school, 'Mona')
  const made = await aCourseOf(teacher, { title: 'Watched', kind: 'video' })
  lesson = made.lesson
  path = `/learn/${made.slug}/${lesson}`
  const film = await aFilm(join(school.data, 'film.mp4'), { seconds: 90, width: 320, height: 180 })
  await untilReady(teacher, await sendFilm(teacher, lesson, film))
  await teacher.client.courses.publish({ course: made.course })
  for (const one of [learner, sharer]) await one.client.learning.enrol({ course: made.course })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

const player = (page: Page) => page.locator('.lesson-player')
const start = async (page: Page): Promise<void> => {
  await page.locator('.lesson-player[data-state="ready"]').waitFor()
  await page.locator('video').evaluate((video: { muted: boolean; play(): Promise<void> }) => {
    video.muted = true
    return video.play()
  })
  await playsOn(page)
}
const seconds = async (page: Page): Promise<number> => (await watching(page)).seconds
const playsOn = async (page: Page): Promise<number> => {
  const from = await seconds(page)
  return eventually('the picture to move', async () => {
    const at = await seconds(page)
    return at > from + 0.5 ? at : undefined
  })
}
/** The running streams of one who shares an account, seen from the outside. */
const streams = async () => (await sharer.client.watching.streams({})).streams

/** Notes the longest time the picture stands still between two looks that both see it stand. */
const NOTE_STALLS = `(() => {
  const video = document.querySelector('video')
  window.stall = 0
  let since = performance.now()
  let at = video.currentTime
  window.looking = setInterval(() => {
    if (video.currentTime !== at) since = performance.now()
    else window.stall = Math.max(window.stall, performance.now() - since)
    at = video.currentTime
  }, 25)
})()`
const longestStall = (page: Page): Promise<number> => page.evaluate<number>('window.stall')

test('cookies that run out again and again, and a school out of reach for longer than they last, do not stop the picture', async () => {
  await journey({ browser, school, name: 'expiry' }, async (page) => {
    let [renewals, refused] = [0, 0]
    const fetched: number[] = []
    page.on('response', (response) => {
      if (response.url().endsWith('/playback') && response.ok()) renewals += 1
      if (response.url().includes('.m4s') && response.ok()) fetched.push(performance.now())
      if (response.url().includes('/media/') && response.status() === 403) refused += 1
    })
    await signIn(page, learner)
    await page.goto(path)
    await start(page)
    await page.evaluate(NOTE_STALLS)
    const [begun, from] = [performance.now(), await seconds(page)]
    await eventually('two lives of cookies to pass', async () => ((await seconds(page)) > from + 2 * TTL_SECONDS ? true : undefined))
    assert.ok(renewals >= 3, `${renewals} renewals`)
    assert.equal(refused, 0)
    const outage = performance.now()
    await page.route('**/playback', (route) => route.abort())
    await eventually('segments to be refused', () => (refused > 0 ? true : undefined))
    await eventually('the cookies to be long dead', () => (performance.now() - outage > 1.5 * TTL_SECONDS * 1000 ? true : undefined))
    const [known, now] = [renewals, fetched.length]
    await page.unroute('**/playback')
    await eventually('the renewal', () => (renewals > known ? true : undefined))
    await eventually('segments to come again', () => (fetched.length > now ? true : undefined))
    assert.ok(fetched.some((at) => at - begun > TTL_SECONDS * 1000))
    const stall = await longestStall(page)
    assert.ok(stall <= 250, `the picture stood still for ${Math.round(stall)} ms`)
    await page.getByText('% watched', { exact: false }).first().waitFor()
    await page.goto('/learning')
  })
})

test('where one device stops, another begins', async () => {
  let left = 0
  await journey({ browser, school, name: 'leave' }, async (page) => {
    await signIn(page, learner)
    await page.goto(path)
    await start(page)
    await page.locator('video').evaluate((video: { currentTime: number }) => {
      video.currentTime = 71
    })
    await eventually('the picture there', async () => ((await seconds(page)) > 72 ? true : undefined))
    left = await seconds(page)
    await page.goto('/learning')
  })
  await journey({ browser, school, name: 'resume' }, async (page) => {
    await signIn(page, learner)
    await page.goto(path)
    await page.locator('.lesson-player[data-state="ready"]').waitFor()
    const at = await eventually('a place to begin', async () => ((await seconds(page)) > 1 ? seconds(page) : undefined))
    assert.ok(Math.abs(at - left) < 3, `left at ${left}, began at ${at}`)
    await page.goto('/learning')
  })
})

test('a third device is told where the other two are, ends one, and plays; the one that was ended says so', async () => {
  const [desk, phone] = [await openWindow(browser, school), await openWindow(browser, school)]
  try {
    for (const { page } of [desk, phone]) {
      await signIn(page, sharer)
      await page.goto(path)
      await start(page)
    }
    const [first] = await streams()
    await journey({ browser, school, name: 'third' }, async (page) => {
      await signIn(page, sharer)
      await page.goto(path)
      const told = page.getByRole('region', { name: 'You are already watching in 2 places' })
      await told.getByText('The lesson').first().waitFor()
      const buttons = told.getByRole('button', { name: 'End it there' })
      assert.equal(await buttons.count(), 2)
      await buttons.first().click()
      await playsOn(page)
      await told.waitFor({ state: 'detached' })
      assert.ok((await streams()).every(({ id }) => id !== first?.id))
    })
    await player(desk.page).getByText('This video was ended from another of your devices').waitFor({ timeout: 60_000 })
    assert.notEqual(await player(phone.page).getAttribute('data-state'), 'failed')
    await phone.page.goto('/learning')
    await player(desk.page).getByRole('button', { name: 'Watch here instead' }).click()
    await playsOn(desk.page)
    assert.deepEqual([desk.complaints, phone.complaints], [[], []])
  } finally {
    await desk.close()
    await phone.close()
  }
})
