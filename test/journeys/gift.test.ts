import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { buy } from '#test/buy.ts'
import { barriers } from './barriers.ts'
import { journey, linkInLetter } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let lena: Someone
let order: string

before(async () => {
  await school.start()
  browser = await launchBrowser()
  lena = await someone(school, 'Lena')
  const { courses } = (await someone(school, 'Theo', 'instructor')).client
  const { id: course } = await courses.create({ title: 'Painting with light' })
  const { sections } = await courses.addSection({ course, title: 'First steps' })
  await courses.addLesson({ course, section: sections[0]?.id ?? '', title: 'The window', kind: 'article' })
  await courses.update({ course, summary: 'Where to put the window.', price: { amountMinor: 3900, currency: 'EUR' } })
  await courses.publish({ course })
  const bought = await buy(lena, course, { recipient: { kind: 'gift', to: 'nora@example.test', message: 'For your birthday, and for rainy days.' } })
  order = bought.id
  await fetch(`${school.url}/sandbox/stripe/api/sessions/${bought.checkoutUrl?.split('/').at(-1)}/pay`, { method: 'POST', body: '{}' })
})
after(async () => {
  await browser?.close()
  await school.close()
})

test('a present is taken up by somebody new from the letter’s link, and by nobody after', async () => {
  const invitation = await eventually('the letter with the present', () => linkInLetter(school, 'nora@example.test', /invitations/))
  await journey({ browser, school, name: 'gift' }, async (page) => {
    await page.goto(invitation)
    await page.getByRole('heading', { name: 'Lena has a present for you', level: 1 }).waitFor()
    await page.getByText('For your birthday, and for rainy days.').waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: 'Make an account and take it' }).click()
    await page.getByLabel('Name').fill('Nora')
    await page.getByLabel('E-mail').fill('nora@example.test')
    await page.getByLabel('Password').fill('four-quiet-herons')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
    await page.goto(await eventually('the letter to confirm', () => linkInLetter(school, 'nora@example.test', /confirm/)))
    await page.getByRole('heading', { name: 'It is yours' }).waitFor()
    await page.getByRole('link', { name: 'Open the course' }).click()
    await page.getByRole('link', { name: 'Start learning' }).first().click()
    await page.getByRole('heading', { name: 'The window' }).first().waitFor()
  })
  const { taken } = await lena.client.seats.ofOrder({ order })
  assert.deepEqual(
    taken.map(({ name }) => name),
    ['Nora'],
  )
  await journey({ browser, school, name: 'gift-taken' }, async (page) => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto(invitation)
    await page.getByRole('heading', { name: 'Somebody was quicker', level: 1 }).waitFor()
    assert.deepEqual(await barriers(page), [])
  })
})
