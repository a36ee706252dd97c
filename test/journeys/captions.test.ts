import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, sendFilm, untilReady } from './films.ts'
import { journey, openWindow, signIn, watching } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

/** A transcription service on loopback: out of order at first, then it hears two things. */
const service = createServer((request, response) => {
  request.resume().on('end', () => {
    calls += 1
    if (calls <= 2) return response.writeHead(503).end('warming up')
    const segments = [
      { start: 0, end: 2, text: ' Spoken in the beginning.' },
      { start: 2, end: 5, text: ' And a second sentence.' },
    ]
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ segments }))
  })
})
let calls = 0
service.listen(0, '127.0.0.1')
await once(service, 'listening')
const address = service.address()
assert.ok(address !== null && typeof address !== 'string')

const school = await program({ args: ['--empty'], env: { TRANSCRIPTION_URL: `http://127.0.0.1:${address.port}/v1` } })
let browser: Browser
let teacher: Someone
let course: string
let slug: string
let lesson: string

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  const film = await aFilm(join(school.data, 'film.mp4'), { seconds: 12, width: 160, height: 90 })
  const made = await aCourseOf(teacher, { title: 'Captioned', kind: 'video' })
  course = made.course
  slug = made.slug
  lesson = made.lesson
  await untilReady(teacher, await sendFilm(teacher, lesson, film))
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
  service.closeAllConnections()
  service.close()
})

const SUBRIP = '1\n00:00:01,000 --> 00:00:03,000\nWhere the <i>light</i> falls\n\n2\n00:00:06,000 --> 00:00:09,000\nAnd where the shadow is\n'

const file = (text: string) => ({ name: 'talk.en.srt', mimeType: 'application/x-subrip', buffer: Buffer.from(text) })
const desk = async (page: Page): Promise<void> => {
  await page.goto(`/teach/lessons/${lesson}`)
  await page.getByLabel('Caption file in English').waitFor({ state: 'attached' })
}

test('a teacher uploads a SubRip file, is told the line of a broken one, edits it beside the video with every step undone and done, and saves', async () => {
  await journey({ browser, school, name: 'captions-teacher' }, async (page) => {
    await signIn(page, teacher)
    await desk(page)
    await page.getByLabel('Caption file in English').setInputFiles(file(SUBRIP.replace('00:00:09,000', '00:00:05,000')))
    await page.getByText('talk.en.srt, line 6: this caption ends before it begins.').waitFor()
    await page.getByLabel('Caption file in English').setInputFiles(file(SUBRIP))
    await page.getByText('English captions are in place.').first().waitFor()
    await page.getByRole('link', { name: 'Edit English captions' }).click()

    await page.getByRole('button', { name: 'And where the shadow is' }).click()
    const words = page.getByRole('textbox', { name: 'Caption from 0:06.000' })
    await words.fill('And where the shadow falls')
    await page.getByRole('button', { name: 'Split' }).click()
    assert.equal(await page.getByRole('list', { name: 'Captions' }).getByRole('listitem').count(), 3)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await eventually('the words as they were', async () => ((await words.inputValue()) === 'And where the shadow is' ? true : undefined))
    await page.keyboard.press('Control+Shift+z')
    assert.equal(await page.getByRole('list', { name: 'Captions' }).getByRole('listitem').count(), 2)
    await page.getByLabel('Ends').fill('nine')
    await page.getByLabel('Ends').blur()
    await page.getByText('Write a time like 1:04.500.').waitFor()
    await page.getByLabel('Ends').fill('0:08.5')
    await page.getByLabel('Ends').blur()
    await page.getByRole('link', { name: 'Back to the lesson' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Unsaved', { exact: true }).waitFor()
    await page.keyboard.press('Control+s')
    await page.getByText('Saved', { exact: true }).waitFor()
  })
  const video = (await teacher.client.courses.lesson({ lesson })).video?.id ?? ''
  const { cues } = await teacher.client.captions.read({ video, language: 'en' })
  assert.deepEqual(cues[1], { startSeconds: 6, endSeconds: 8.5, text: 'And where the shadow falls' })
})

test('what somebody else has saved meanwhile is not overwritten, and nothing typed is lost unasked', async () => {
  const video = (await teacher.client.courses.lesson({ lesson })).video?.id ?? ''
  await journey({ browser, school, name: 'captions-conflict' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/lessons/${lesson}/captions/en`)
    await page.getByRole('button', { name: 'Where the light falls' }).click()
    await page.getByRole('textbox', { name: 'Caption from 0:01.000' }).fill('Mine')
    const { track, cues } = await teacher.client.captions.read({ video, language: 'en' })
    const theirs = cues.map((cue, place) => (place === 0 ? { ...cue, text: 'Where the light comes from' } : cue))
    await teacher.client.captions.save({ video, language: 'en', label: 'English', revision: track.revision, cues: theirs })
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('These captions were changed elsewhere meanwhile.').waitFor()
    assert.equal(await page.getByRole('textbox', { name: 'Caption from 0:01.000' }).inputValue(), 'Mine')
    await page.getByRole('button', { name: 'Load the others' }).click()
    await page.getByRole('button', { name: 'Where the light comes from' }).waitFor()
    await page.getByRole('button', { name: 'Bring back the version before' }).click()
    await page.getByRole('button', { name: 'Where the light falls' }).waitFor()
  })
})

test('a machine writes a draft after a failure that is told and tried again; learners get it once it is published', async () => {
  const video = (await teacher.client.courses.lesson({ lesson })).video?.id ?? ''
  await journey({ browser, school, name: 'captions-machine' }, async (page) => {
    await signIn(page, teacher)
    await desk(page)
    await page.getByLabel('Language', { exact: true }).click()
    await page.getByRole('option', { name: 'German' }).click()
    await page.getByRole('button', { name: 'Make captions' }).click()
    await page.getByText(/No Deutsch captions were made\. The transcription service could not be reached/).waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('link', { name: 'Edit Deutsch captions' }).waitFor()
    await page.getByText('Draft').waitFor()
    assert.deepEqual(
      (await teacher.client.watching.open({ lesson })).captions.map(({ language }) => language),
      ['en'],
    )
    await page.getByRole('button', { name: 'Publish Deutsch captions' }).click()
    await page.getByText('Deutsch captions are shown to learners.').first().waitFor()
  })
  const read = await teacher.client.captions.read({ video, language: 'de' })
  assert.equal(read.cues[1]?.text, 'And a second sentence.')
})

test('a learner reads along, jumps by a line, and finds in the curriculum the second at which something is said', async () => {
  await teacher.client.courses.publish({ course })
  const learner = await someone(school, 'Lena')
  await learner.client.learning.enrol({ course })
  await journey({ browser, school, name: 'captions-learner' }, async (page) => {
    await signIn(page, learner)
    await page.goto(`/learn/${slug}/${lesson}`)
    const panel = page.getByRole('region', { name: 'Transcript' })
    await panel.getByRole('combobox', { name: 'Language of the transcript' }).click()
    await page.getByRole('option', { name: 'English' }).click()
    await panel.getByRole('button', { name: /And where the shadow falls/ }).click()
    await eventually('the line’s second', async () => ((await watching(page)).seconds >= 6 ? true : undefined))
    await panel.locator('[aria-current="true"]', { hasText: 'And where the shadow falls' }).waitFor()

    const search = page.getByRole('searchbox', { name: 'Search what is said' }).first()
    await search.fill('nobody says this')
    await page.getByText(/Nobody says that/).waitFor()
    await search.fill('LIGHT falls')
    await page.getByRole('link', { name: /Where the light falls/ }).click()
    await page.waitForURL(/\?t=1$/)
    await eventually('the second that was found', async () => {
      const { seconds } = await watching(page)
      return seconds >= 1 && seconds < 6 ? true : undefined
    })
    await page.goto(`/learn/${slug}/${lesson}?t=8`)
    await eventually('the second of the link', async () => ((await watching(page)).seconds >= 8 ? true : undefined))
  })
})

test('neither the captions’ desk nor the transcript has a barrier or scrolls sideways, light and dark, on a desk and on a phone', async () => {
  for (const [width, height, colorScheme] of [
    [1440, 900, 'light'],
    [360, 740, 'dark'],
  ] as const) {
    const { page, complaints, close } = await openWindow(browser, school, { width, height })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await signIn(page, teacher)
    const look = async (path: string, ready: (page: Page) => Promise<void>): Promise<void> => {
      await page.goto(path)
      await ready(page)
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
        [],
      )
      const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      assert.ok(Number(overflow) <= 0, `${path} scrolls sideways at ${width}`)
    }
    await look(`/teach/lessons/${lesson}`, () => page.getByRole('link', { name: 'Edit English captions' }).waitFor())
    await look(`/teach/lessons/${lesson}/captions/en`, () => page.getByRole('button', { name: 'Where the light falls' }).click())
    await look(`/teach/lessons/${lesson}/captions/fr`, () => page.getByRole('button', { name: 'Add a caption' }).waitFor())
    await look(`/learn/${slug}/${lesson}`, () => page.getByRole('region', { name: 'Transcript' }).getByRole('button').nth(2).waitFor())
    assert.deepEqual(complaints, [])
    await close()
  }
})
