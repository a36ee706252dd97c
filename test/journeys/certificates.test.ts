import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { looked } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { journey, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let teacher: Someone
let learner: Someone
let made: { course: string; lesson: string; slug: string }
let certificate = ''

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
  made = await aCourseOf(teacher, { title: 'Painting with light', kind: 'article' })
  await teacher.client.courses.publish({ course: made.course })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

test('a teacher switches certificates on and says who signs them', async () => {
  await journey({ browser, school, name: 'certificates-teacher' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${made.course}`)
    await page.getByRole('link', { name: 'Certificates' }).click()
    await page.getByRole('switch', { name: 'Give certificates' }).click()
    await page.getByLabel('Signed by').fill('Prof. Theo')
    await page.getByRole('region', { name: 'How it looks' }).getByText('Prof. Theo').waitFor()
    await page.getByLabel('Signed by').press('Enter')
    await eventually('the signature', async () =>
      (await teacher.client.certificates.rules({ course: made.course })).signature === 'Prof. Theo' ? true : undefined,
    )
    assert.deepEqual(await looked(page), [])
  })
})

test('a learner who completes the course finds a certificate among their courses and keeps it as a PDF and as a badge', async () => {
  await learner.client.learning.enrol({ course: made.course })
  await learner.client.learning.complete({ lesson: made.lesson, isCompleted: true })
  certificate = await eventually('the certificate', async () => (await learner.client.certificates.mine({})).certificates[0]?.id)
  await journey({ browser, school, name: 'certificates-learner' }, async (page) => {
    await signIn(page, learner)
    await page.goto('/learning')
    await page.getByRole('region', { name: 'My certificates' }).getByRole('link', { name: 'Painting with light' }).click()
    await page.getByText('Valid. Issued by').waitFor()
    const kept = async (name: string): Promise<Buffer> => {
      const coming = page.waitForEvent('download')
      await page.getByRole('button', { name }).click()
      return readFile(await (await coming).path())
    }
    const paper = await kept('Download PDF')
    assert.match(paper.toString('latin1'), /^%PDF-1\.7/)
    assert.ok(paper.includes('DejaVuSans'))
    assert.match((await kept('Open Badge')).toString(), /^[\w-]+\.[\w-]+\.[\w-]+$/)
  })
})

test('a visitor verifies it, and reads the reason once it was revoked', async () => {
  await journey({ browser, school, name: 'certificates-visitor' }, async (page) => {
    await page.goto(`/certificates/${certificate}`)
    await page.getByText('Valid. Issued by').waitFor()
    await page.getByRole('article').getByText('Prof. Theo').waitFor()
    await page.getByRole('region', { name: 'What was learned' }).waitFor()
    assert.deepEqual(await looked(page), [])
  })
  await journey({ browser, school, name: 'certificates-revoking' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${made.course}/certificates`)
    await page.getByRole('button', { name: 'Revoke the certificate of Lena' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('Issued by mistake.')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('button', { name: 'Make the certificate of Lena valid again' }).waitFor()
    await page.goto(`/certificates/${certificate}`)
    await page.getByText('Issued by mistake.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Open Badge' }).count(), 0)
  })
})
