import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aCourseOf } from './courses.ts'
import { journey, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
const NAME = 'Übungsblatt №1 – 練習.pdf'
/** Two parts and a bit. */
const sheet = randomBytes(17 * 1024 ** 2)
const page2 = Buffer.from('<script>alert(document.cookie)</script>')

let browser: Browser
let teacher: Someone
let learner: Someone
let stranger: Someone
let made: { course: string; lesson: string; slug: string }

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
  stranger = await someone(school, 'Stefan')
  made = await aCourseOf(teacher, { title: 'Paper', kind: 'article' })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

const names = async (): Promise<string[]> => (await teacher.client.files.ofLesson({ lesson: made.lesson })).files.map(({ name }) => name)

test('a teacher adds files to a lesson, names one, takes one out and puts them in order', async () => {
  const paths = [join(school.data, NAME), join(school.data, 'demo.html'), join(school.data, 'oops.txt')]
  for (const [index, path] of paths.entries()) await writeFile(path, [sheet, page2, 'oops'][index] ?? '')
  await journey({ browser, school, name: 'files-teacher' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/lessons/${made.lesson}`)
    const section = page.getByRole('region', { name: 'Files' })
    await section.getByLabel('Add files').setInputFiles(paths)
    await eventually('three files', async () => ((await names()).length === 3 ? true : undefined))
    await section.getByRole('button', { name: 'More for oops.txt' }).click()
    await page.getByRole('menuitem', { name: 'Remove file' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove file' }).click()
    await eventually('the removal', async () => ((await names()).length === 2 ? true : undefined))
    const field = section.getByLabel('File name').nth((await names()).indexOf('demo.html'))
    await field.fill('page two')
    await field.press('Enter')
    await eventually('the name', async () => ((await names()).includes('page two.html') ? true : undefined))
    if ((await names())[0] !== NAME) {
      await section.getByRole('button', { name: `More for ${NAME}` }).click()
      await page.getByRole('menuitem', { name: 'Move up' }).click()
    }
    await eventually('the order', async () => ((await names())[0] === NAME ? true : undefined))
    assert.deepEqual((await new AxeBuilder({ page }).include('section[aria-labelledby]').analyze()).violations, [])
  })
})

test('an enrolled learner saves the file under its own name, byte for byte; a page among them is saved and never shown', async () => {
  await teacher.client.courses.publish({ course: made.course })
  await learner.client.learning.enrol({ course: made.course })
  await journey({ browser, school, name: 'files-learner' }, async (page) => {
    await signIn(page, learner)
    await page.goto(`/learn/${made.slug}/${made.lesson}`)
    const section = page.getByRole('region', { name: 'Files' })
    for (const [name, bytes] of [
      [NAME, sheet],
      ['page two.html', page2],
    ] as const) {
      const [download] = await Promise.all([page.waitForEvent('download'), section.getByRole('button', { name: `Download ${name}` }).click()])
      assert.equal(download.suggestedFilename(), name)
      assert.ok((await readFile(await download.path())).equals(bytes), name)
    }
    assert.match(page.url(), new RegExp(made.lesson), 'the lesson is still there')
    assert.deepEqual((await new AxeBuilder({ page }).include('section[aria-labelledby]').analyze()).violations, [])
  })
})

test('a stranger gets no URL, and no file without one; the learner’s own works from elsewhere', async () => {
  const [file] = (await teacher.client.files.ofLesson({ lesson: made.lesson })).files
  assert.ok(file)
  await teacher.client.courses.update({ course: made.course, price: { amountMinor: 1000, currency: 'EUR' } })
  await teacher.client.courses.publish({ course: made.course })
  await assert.rejects(stranger.client.files.download({ lesson: made.lesson, file: file.id }), { code: 'not-enrolled' })
  const { url } = await learner.client.files.download({ lesson: made.lesson, file: file.id })
  assert.equal((await fetch(url.replace(/\?.*/, ''))).status, 403)
  const answer = await fetch(url, { headers: { range: 'bytes=5-9' } })
  assert.deepEqual([answer.status, Buffer.from(await answer.arrayBuffer())], [206, sheet.subarray(5, 10)])
  assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; .*filename\*=UTF-8''%C3%9Cbungsblatt/)
})

test('a learner whose page still shows a file that has gone is told so', async () => {
  await journey({ browser, school, name: 'files-failure' }, async (page) => {
    await signIn(page, learner)
    await page.goto(`/learn/${made.slug}/${made.lesson}`)
    const section = page.getByRole('region', { name: 'Files' })
    await section.getByRole('button', { name: `Download ${NAME}` }).waitFor()
    const [file] = (await teacher.client.files.ofLesson({ lesson: made.lesson })).files
    await teacher.client.files.remove({ file: file?.id ?? '' })
    await teacher.client.courses.publish({ course: made.course })
    await section.getByRole('button', { name: `Download ${NAME}` }).click()
    await section.getByRole('alert').getByText('no longer part of the lesson').waitFor()
  })
})
