import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aFilm, sendFilm, untilReady } from './films.ts'
import { journey, openWindow, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let teacher: Someone
let learner: Someone
let owner: Someone
let slug: string
let first: string
let second: string

const CAPTIONS = 'WEBVTT\n\n00:00.000 --> 00:30.000\n<v Ada>Where the <i>light</i> falls\n'

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
  const { client } = teacher
  const made = await client.courses.create({ title: 'Played' })
  slug = made.slug
  const course = made.id
  await client.courses.update({ course, price: { amountMinor: 0, currency: 'EUR' }, summary: 'A course made by a test.' })
  const section = (await client.courses.addSection({ course, title: 'One section' })).sections[0]?.id ?? ''
  await client.courses.addLesson({ course, section, title: 'The first lesson', kind: 'video' })
  const after = await client.courses.addLesson({ course, section, title: 'The second lesson', kind: 'article' })
  first = after.sections[0]?.lessons[0]?.id ?? ''
  second = after.sections[0]?.lessons[1]?.id ?? ''
  await client.courses.updateLesson({ lesson: second, text: 'Some words.' })
  const video = await sendFilm(teacher, first, await aFilm(join(school.data, 'film.mp4'), { seconds: 30, width: 320, height: 180 }))
  await untilReady(teacher, video)
  await client.captions.upload({ video, language: 'en', label: 'English', text: CAPTIONS })
  await client.courses.publish({ course })
  await learner.client.learning.enrol({ course })
  // Each journey is a browser of its own, all of them the same learner's.
  owner = await someone(school, 'Olga', 'admin')
  await owner.client.watching.putPolicy({ streams: 20, hasWatermark: false })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

const openLesson = async (page: Page): Promise<void> => {
  await page.goto(`/learn/${slug}/${first}`)
  await page.locator('.lesson-player[data-state="ready"]').waitFor()
}
const settings = (page: Page) => page.getByRole('button', { name: 'Settings' })
/** The part of the browser's own type that we look at; this side of the house is compiled without the DOM. */
type Media = { playbackRate: number; paused: boolean; muted: boolean; volume: number; currentTime: number; preservesPitch: boolean }
const media = (page: Page): Promise<Media> =>
  page.locator('video').evaluate(({ playbackRate, paused, muted, volume, currentTime, preservesPitch }: Media) => {
    return { playbackRate, paused, muted, volume, currentTime, preservesPitch }
  })
const until = (page: Page, what: string, is: (now: Media) => boolean): Promise<true> =>
  eventually(what, async () => (is(await media(page)) ? true : undefined), 20)
const leaveFields = (page: Page): Promise<void> => page.evaluate('document.activeElement?.blur()')
const said = (page: Page, words: string): Promise<void> => page.getByRole('status').filter({ hasText: words }).waitFor()

test('captions are turned on by a key, keep what is emphasised, take the look that is chosen, and keep it', async () => {
  await journey({ browser, school, name: 'player-captions' }, async (page) => {
    await signIn(page, learner)
    await openLesson(page)
    assert.equal(await page.locator('.captions p').count(), 0, 'nobody asked for captions')
    await page.keyboard.press('c')
    await said(page, 'Captions: English')
    const line = page.locator('media-controller > .captions p')
    await line.filter({ hasText: 'Where the light falls' }).waitFor()
    assert.equal(await line.locator('i').textContent(), 'light')

    await settings(page).click()
    await page.getByRole('menuitem', { name: /Captions/ }).click()
    await page.getByRole('menuitem', { name: 'How captions look' }).click()
    const usual = await page.evaluate<string>(`getComputedStyle(document.querySelector('media-controller > .captions')).fontSize`)
    await page.getByText('Huge', { exact: true }).click()
    await page.getByText('Yellow', { exact: true }).click()
    await page.getByText('Outline', { exact: true }).click()
    const look = `(() => { const { fontSize, color, textShadow } = getComputedStyle(document.querySelector('media-controller > .captions')); return { fontSize, color, textShadow } })()`
    type Look = { fontSize: string; color: string; textShadow: string }
    const huge = await page.evaluate<Look>(look)
    assert.ok(Number.parseFloat(huge.fontSize) > 1.7 * Number.parseFloat(usual), `${usual} became ${huge.fontSize}`)
    assert.equal(huge.color, 'rgb(255, 225, 77)')
    assert.match(huge.textShadow, /rgb\(0, 0, 0\)/)

    await page.reload()
    await line.filter({ hasText: 'Where the light falls' }).waitFor()
    assert.deepEqual(await page.evaluate<Look>(look), huge)
    await page.locator('.lesson-player[data-state="ready"]').waitFor()
    await page.keyboard.press('c')
    await said(page, 'Captions off')
    await line.waitFor({ state: 'detached' })
  })
})

test('it plays from half to three times as fast, by the menu and by keys, at the same pitch, and remembers it', async () => {
  await journey({ browser, school, name: 'player-speed' }, async (page) => {
    await signIn(page, learner)
    await openLesson(page)
    await page.getByRole('button', { name: 'Playback speed: 1×' }).click()
    await page.getByRole('menuitemradio', { name: '3×' }).click()
    await until(page, 'three times the speed', ({ playbackRate }) => playbackRate === 3)
    await page.keyboard.press('>')
    await said(page, 'Speed 3×')
    for (let press = 0; press < 8; press += 1) await page.keyboard.press('<')
    await until(page, 'half the speed', ({ playbackRate, preservesPitch }) => playbackRate === 0.5 && preservesPitch)
    await page.keyboard.press('<')
    await page.reload()
    await until(page, 'the speed of before', ({ playbackRate }) => playbackRate === 0.5)
    // The menu goes by keys as well.
    await page.getByRole('button', { name: 'Playback speed: 0.5×' }).press('Enter')
    await page.getByRole('menuitemradio', { name: '0.5×', checked: true }).press('End')
    await page.keyboard.press('Enter')
    await until(page, 'the last speed of the menu', ({ playbackRate }) => playbackRate === 3)
    await page.getByRole('button', { name: 'Playback speed: 3×' }).and(page.locator(':focus')).waitFor()
  })
})

test('keys steer the player from anywhere on the page, but not from a field someone types in', async () => {
  await journey({ browser, school, name: 'player-keys' }, async (page) => {
    await signIn(page, learner)
    await openLesson(page)
    await page.keyboard.press('l')
    await until(page, 'ten seconds on', ({ currentTime }) => currentTime === 10)
    await page.keyboard.press('ArrowLeft')
    await until(page, 'five seconds back', ({ currentTime }) => currentTime === 5)
    await page.keyboard.press('5')
    await until(page, 'the middle', ({ currentTime }) => Math.abs(currentTime - 15) < 0.2)
    await page.keyboard.press('.')
    await until(page, 'the next picture', ({ currentTime }) => currentTime > 15.01 && currentTime < 15.2)
    await page.keyboard.press('m')
    await until(page, 'silence', ({ muted }) => muted)
    await page.keyboard.press('m')
    await until(page, 'sound again', ({ muted }) => !muted)
    await page.keyboard.press(' ')
    await until(page, 'it to play', ({ paused }) => !paused)
    await page.keyboard.down(' ')
    await until(page, 'twice the speed', ({ playbackRate }) => playbackRate === 2)
    await page.keyboard.up(' ')
    await until(page, 'the usual speed', ({ playbackRate, paused }) => playbackRate === 1 && !paused)
    await page.keyboard.press('k')
    await until(page, 'it to pause', ({ paused }) => paused)
    assert.equal(await page.evaluate('window.scrollY'), 0, 'the space bar scrolled the page')
    // The page scrolls by this key until the player is what somebody is in.
    await page.keyboard.press('ArrowDown')
    assert.equal((await media(page)).volume, 1)
    await page.getByRole('button', { name: 'Full screen' }).focus()
    await page.keyboard.press('ArrowDown')
    await until(page, 'a lower voice', ({ volume }) => volume < 1)

    const before = (await media(page)).currentTime
    await page.getByRole('searchbox', { name: 'Search what is said' }).first().fill('')
    await page.keyboard.type('fmlk 5')
    assert.equal(await page.getByRole('searchbox', { name: 'Search what is said' }).first().inputValue(), 'fmlk 5')
    const { muted, paused, currentTime } = await media(page)
    assert.deepEqual({ muted, paused, currentTime }, { muted: false, paused: true, currentTime: before })

    await leaveFields(page)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('10 seconds forward').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'detached' })
  })
})

test('theatre gives the picture the whole width and stays; chapters are listed and lead where they say', async () => {
  await journey({ browser, school, name: 'player-theatre' }, async (page) => {
    await signIn(page, learner)
    await openLesson(page)
    const width = async (): Promise<number> => (await page.locator('.lesson-player').boundingBox())?.width ?? 0
    const usual = await width()
    await page.getByRole('button', { name: 'Wide picture' }).click()
    await eventually('the whole width', async () => ((await width()) > usual + 300 ? true : undefined))
    await page.getByRole('button', { name: 'Wide picture', pressed: true }).waitFor()
    const curriculum = await page.getByRole('navigation', { name: 'Curriculum' }).boundingBox()
    const picture = await page.locator('.lesson-player').boundingBox()
    assert.ok((curriculum?.y ?? 0) >= (picture?.y ?? 0) + (picture?.height ?? 0), 'the curriculum is below the picture')
    await page.reload()
    await eventually('the whole width again', async () => ((await width()) > usual + 300 ? true : undefined))
    await page.locator('.lesson-player[data-state="ready"]').waitFor()
    await page.keyboard.press('t')
    await eventually('the usual width', async () => (Math.abs((await width()) - usual) < 20 ? true : undefined))

    await settings(page).click()
    await page.getByRole('menuitem', { name: /Chapters/ }).click()
    await page.getByRole('menuitemradio', { name: /The first take/ }).click()
    await until(page, 'the third chapter', ({ currentTime }) => currentTime >= 10 && currentTime < 16)
    await page.getByRole('button', { name: 'Chapter: The first take' }).waitFor()
  })
})

test('the next lesson comes by itself after ten seconds, unless that is cancelled, and not where it is switched off', async () => {
  await journey({ browser, school, name: 'player-next' }, async (page) => {
    await signIn(page, learner)
    await openLesson(page)
    const finish = async (): Promise<void> => {
      await page.keyboard.press('9')
      await until(page, 'the last tenth', ({ currentTime }) => currentTime >= 26)
      await page.locator('video').evaluate((video: { playbackRate: number; play(): Promise<void> }) => {
        video.playbackRate = 3
        return video.play()
      })
      await page.getByRole('region', { name: 'The end of the lesson' }).waitFor()
    }
    await finish()
    await said(page, 'Next: The second lesson.')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Up next', { exact: true }).last().waitFor()
    assert.equal(await page.getByText(/Up next in/).count(), 0)
    await page.getByRole('button', { name: 'Watch again' }).click()
    await until(page, 'it to play from the beginning', ({ currentTime, paused }) => !paused && currentTime < 10)
    await finish()
    await page.waitForURL(new RegExp(second))
    await page.getByRole('heading', { name: 'The second lesson', level: 1 }).waitFor()

    await openLesson(page)
    await settings(page).click()
    await page.getByRole('menuitemcheckbox', { name: 'Play the next lesson by itself' }).click()
    await page.keyboard.press('Escape')
    await finish()
    await page.getByText('Up next', { exact: true }).last().waitFor()
    assert.equal(await page.getByText(/Up next in/).count(), 0)
    await page.keyboard.press('n')
    await page.waitForURL(new RegExp(second))
  })
})

test('nobody is led to the next lesson who is writing a note', async () => {
  await journey({ browser, school, name: 'player-writing' }, async (page) => {
    await signIn(page, learner)
    await openLesson(page)
    await page.getByRole('tab', { name: 'Notes' }).click()
    await page.getByRole('button', { name: 'Add note' }).click()
    const note = page.getByRole('tabpanel').getByRole('textbox').first()
    await note.fill('Half a thou')
    await page.locator('video').evaluate((video: { currentTime: number; duration: number; playbackRate: number; play(): Promise<void> }) => {
      video.currentTime = video.duration - 2
      video.playbackRate = 3
      return video.play()
    })
    const end = page.getByRole('region', { name: 'The end of the lesson' })
    await end.waitFor()
    await end.getByText('Up next', { exact: true }).last().waitFor()
    assert.equal(await page.getByText(/Up next in/).count(), 0)
    assert.equal(await note.inputValue(), 'Half a thou')
  })
})

test('whoever comes back from another device is told where it goes on, and may start over', async () => {
  const { stream } = await learner.client.watching.open({ lesson: first })
  await learner.client.watching.beat({ stream, positionSeconds: 12, watched: [] })
  await journey({ browser, school, name: 'player-resume' }, async (page) => {
    await signIn(page, learner)
    await openLesson(page)
    await until(page, 'the place of before', ({ currentTime }) => Math.abs(currentTime - 12) < 0.5)
    await said(page, 'Resumed at 0:12')
    await page.getByRole('button', { name: 'Start over' }).click()
    await until(page, 'the beginning', ({ currentTime, paused }) => !paused && currentTime < 8)
    await page.getByText('Resumed at').waitFor({ state: 'detached' })
  })
})

test('the learner’s address wanders over the picture where the school wants it, and comes back when it is taken away', async () => {
  await owner.client.watching.putPolicy({ streams: 20, hasWatermark: true })
  await journey({ browser, school, name: 'player-watermark' }, async (page) => {
    await signIn(page, learner)
    await openLesson(page)
    const mark = page.locator('.lesson-player').getByText(learner.email)
    await mark.waitFor()
    await page.evaluate(`document.querySelector('[data-watermark]').remove()`)
    await mark.waitFor()
    await page.evaluate(`document.querySelector('[data-watermark]').style.opacity = '0'`)
    await eventually('the mark to be seen again', async () =>
      (await page.evaluate(`document.querySelector('[data-watermark]').style.opacity`)) === '' ? true : undefined,
    )
    assert.equal(await page.getByRole('button', { name: 'Picture in picture' }).count(), 0, 'a window without the mark')
    await page.keyboard.press('f')
    await page.getByRole('button', { name: 'Leave full screen' }).waitFor()
    assert.ok(await page.evaluate(`document.fullscreenElement.contains(document.querySelector('[data-watermark]'))`))
  })
  await owner.client.watching.putPolicy({ streams: 20, hasWatermark: false })
})

test('the player has no barrier and fits, light and dark, on a desk and on a phone, its menus and its keys open', async () => {
  for (const [width, height, colorScheme] of [
    [1440, 900, 'light'],
    [360, 740, 'dark'],
  ] as const) {
    const window = await openWindow(browser, school, { width, height })
    const { page } = window
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await signIn(page, learner)
    await openLesson(page)
    await page.keyboard.press('c')
    const look = async (what: string): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
      assert.deepEqual(found, [], `${what} at ${width}`)
      const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      assert.ok(Number(overflow) <= 0, `${what} scrolls sideways at ${width}`)
    }
    await look('the player')
    await settings(page).click()
    await look('its menu')
    await page.getByRole('menuitem', { name: /Captions/ }).click()
    await page.getByRole('menuitem', { name: 'How captions look' }).click()
    await look('the look of captions')
    await page.keyboard.press('Escape')
    await leaveFields(page)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await look('the keys')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'detached' })
    const buttons = await page.locator('.lesson-player .controls button:visible').all()
    for (const button of buttons) {
      const box = await button.boundingBox()
      assert.ok(box && box.width >= 24 && box.height >= 24 && box.x >= 0 && box.x + box.width <= width, `a button at ${width}: ${JSON.stringify(box)}`)
    }
    assert.deepEqual(window.complaints, [])
    await window.close()
  }
})
