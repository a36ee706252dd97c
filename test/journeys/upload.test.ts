import assert from 'node:assert/strict'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aCourseOf, aFilm, untilReady } from './films.ts'
import { journey, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
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

/** A film of several upload parts: what is added is a box that players skip (ISO 14496-12 §8.1.2). */
const aLongFilm = async (): Promise<string> => {
  const path = await aFilm(join(school.data, 'long.mp4'), { seconds: 6, width: 640, height: 360 })
  const box = Buffer.alloc(40 * 1024 * 1024)
  box.writeUInt32BE(box.length, 0)
  box.write('free', 4)
  await appendFile(path, box)
  return path
}

/** Lets so many parts through to the store and holds the rest back, as a line that has died would. */
const holdPartsAfter = async (page: Page, parts: number): Promise<{ sent: string[]; release(): void }> => {
  const sent: string[] = []
  let room = parts
  await page.route(/^http:\/\/[^/]+\/uploads\//, async (route) => {
    const part = new URL(route.request().url()).searchParams.get('part') ?? ''
    if (room <= 0) return
    room -= 1
    const answer = await route.fetch()
    if (answer.ok()) sent.push(part)
    await route.fulfill({ response: answer })
  })
  return {
    sent,
    release: () => {
      room = Number.POSITIVE_INFINITY
    },
  }
}

test('an upload cut off by a reload goes on where it stopped when the same file is chosen again; no part is sent twice', async () => {
  const film = await aLongFilm()
  const { course, lesson } = await aCourseOf(teacher, { title: 'Long', kind: 'video' })
  await journey({ browser, school, name: 'upload' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${course}`)
    const line = await holdPartsAfter(page, 3)
    await page.getByLabel('Video for The lesson').setInputFiles(film)
    await eventually('three parts', () => (line.sent.length === 3 ? true : undefined))
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page
      .getByText(/Upload stopped at \d+ % — choose the same file to go on/)
      .first()
      .waitFor()
    line.release()
    await page.getByLabel('Video for The lesson').setInputFiles(film)
    const video = await eventually('the video', async () => (await teacher.client.courses.lesson({ lesson })).video?.id)
    await untilReady(teacher, video)
    assert.equal(line.sent.length, new Set(line.sent).size, `sent: ${line.sent.join(' ')}`)
    assert.equal(line.sent.length, 6)
  })
})

test('a text called film.mp4 is refused in words on the page, and the lesson is as it was', async () => {
  const { course, lesson } = await aCourseOf(teacher, { title: 'Wrong', kind: 'video' })
  await journey({ browser, school, name: 'refused' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${course}`)
    const input = page.getByLabel('Video for The lesson')
    await input.setInputFiles({ name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.from('Dear diary. '.repeat(500)) })
    await page
      .getByText(/is no video, whatever its name says/)
      .first()
      .waitFor()
    assert.equal((await teacher.client.courses.lesson({ lesson })).video, undefined)
    await page.reload()
    await page.getByLabel('Video for The lesson').setInputFiles({ name: 'empty.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(0) })
    await page
      .getByText(/is empty/)
      .first()
      .waitFor()
  })
})
