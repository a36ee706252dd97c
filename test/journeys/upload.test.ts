import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, aLongFile, untilReady } from './films.ts'
import { holdPartsAfter, sendThroughAKill } from './line.ts'
import { journey, signIn, startSending } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let teacher: Someone
/** Of six upload parts. */
let film: string

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  film = await aLongFile(await aFilm(join(school.data, 'long.mp4'), { seconds: 6, width: 160, height: 90 }))
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

/** Scripts of the page, where this side of the house has no types: the film goes into the page's own files, whose handles are like any other. */
const OWN_INPUT = `document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'own', multiple: true }))`
const OWN_FILE = `(async () => {
  const [film] = document.getElementById('own').files
  const handle = await (await navigator.storage.getDirectory()).getFileHandle(film.name, { create: true })
  await film.stream().pipeTo(await handle.createWritable())
  document.getElementById('own').remove()
  window.showOpenFilePicker = async () => [handle]
})()`

const DROP_ON_SECTION = `(() => {
  const dataTransfer = new DataTransfer()
  for (const file of document.getElementById('own').files) dataTransfer.items.add(file)
  const section = document.querySelector('[data-kind="section"]')
  for (const type of ['dragenter', 'drop']) section.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
})()`

/** Nobody is there to choose in the browser's own picker: it answers with this film. */
const pickerAnswers = async (page: Page, film: string): Promise<void> => {
  await page.evaluate(OWN_INPUT)
  await page.locator('#own').setInputFiles(film)
  await page.evaluate(OWN_FILE)
}

test('an upload cut off by a reload goes on where it stopped when the same file is chosen again; no part is sent twice', async () => {
  const { course, lesson } = await aCourseOf(teacher, { title: 'Long', kind: 'video' })
  await journey({ browser, school, name: 'upload' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${course}`)
    const line = await holdPartsAfter(page, 3)
    await page.getByLabel('Video for The lesson').setInputFiles(film)
    await startSending(page)
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

test('the server killed in the middle of an upload and started again: the page goes on by itself, and every part arrives once, with its hash', async () => {
  const { course, lesson } = await aCourseOf(teacher, { title: 'Killed', kind: 'video' })
  await journey({ browser, school, name: 'upload-killed' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${course}`)
    const arrived: string[] = []
    page.on('response', (answer) => {
      const { pathname, searchParams } = new URL(answer.url())
      if (pathname.startsWith('/uploads/') && searchParams.has('sha256') && answer.ok()) arrived.push(searchParams.get('part') ?? '')
    })
    await sendThroughAKill(page, school, film)
    const video = await eventually('the video', async () => (await teacher.client.courses.lesson({ lesson })).video?.id)
    await untilReady(teacher, video)
    assert.deepEqual(
      arrived.toSorted((a, b) => Number(a) - Number(b)),
      ['1', '2', '3', '4', '5', '6'],
    )
  })
})

test('a file chosen with the browser’s own picker is opened again after a reload with one click', async () => {
  const { course, lesson } = await aCourseOf(teacher, { title: 'Picked', kind: 'video' })
  await journey({ browser, school, name: 'upload-picked' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${course}`)
    await pickerAnswers(page, film)
    const line = await holdPartsAfter(page, 3)
    await page.getByText('Choose video', { exact: true }).click()
    await startSending(page)
    await eventually('three parts', () => (line.sent.length === 3 ? true : undefined))
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    line.release()
    await page.getByRole('button', { name: 'Go on' }).click()
    const video = await eventually('the video', async () => (await teacher.client.courses.lesson({ lesson })).video?.id)
    await untilReady(teacher, video)
    assert.equal(line.sent.length, new Set(line.sent).size, `sent: ${line.sent.join(' ')}`)
    assert.equal(line.sent.length, 6)
  })
})

test('several films dropped on a section become a lesson each, and what is no video is left out by name', async () => {
  const { course } = await aCourseOf(teacher, { title: 'Dropped', kind: 'video' })
  const films = ['02 Second.mp4', '10 Third.mp4'].map((name) => join(school.data, name))
  for (const path of films) await aFilm(path, { seconds: 3, width: 160, height: 90 })
  const notes = join(school.data, 'notes.txt')
  await writeFile(notes, 'Dear diary.')
  await journey({ browser, school, name: 'upload-dropped' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${course}`)
    await page.getByRole('region', { name: 'One section' }).waitFor()
    await page.evaluate(OWN_INPUT)
    await page.locator('#own').setInputFiles([...films, notes])
    await page.evaluate(DROP_ON_SECTION)
    await page.getByText('notes.txt is not a video.').waitFor()
    const lessons = await eventually('two lessons with a video', async () => {
      const { sections } = await teacher.client.courses.get({ course })
      const filled = sections.flatMap((section) => section.lessons).filter(({ video }) => video && video.state !== 'uploading')
      return filled.length === 2 ? filled : undefined
    })
    assert.deepEqual(
      lessons.map(({ title }) => title),
      ['Second', 'Third'],
    )
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
