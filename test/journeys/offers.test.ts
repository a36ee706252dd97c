import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aCourseOf } from './courses.ts'
import { journey, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let admin: Someone
let colour: { course: string; slug: string }

before(async () => {
  await school.start()
  admin = await someone(school, 'Ada', 'admin')
  colour = await aCourseOf(admin, { title: 'Colour', kind: 'article', amountMinor: 4900 })
  const light = await aCourseOf(admin, { title: 'Light', kind: 'article', amountMinor: 3900 })
  for (const { course } of [colour, light]) await admin.client.courses.publish({ course })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

test('an admin makes a bundle, sees it as buyers will, puts its price up and takes it off sale', async () => {
  await journey({ browser, school, name: 'offers' }, async (page) => {
    await signIn(page, admin)
    await page.goto('/school/offers')
    await page.getByRole('link', { name: 'Make the first offer' }).click()
    await page.getByRole('button', { name: 'Make the offer' }).click()
    await page.getByText('Give it a name.').waitFor()
    await page.getByLabel('Name').fill('The whole studio')
    await page.getByRole('checkbox', { name: 'Colour' }).check()
    await page.getByRole('checkbox', { name: 'Light' }).check()
    await page.getByRole('textbox', { name: 'Price in EUR' }).fill('69.90')
    await page.getByRole('button', { name: 'Add a currency' }).click()
    await page.getByPlaceholder('Find a currency').fill('yen')
    await page.getByRole('option', { name: /JPY/ }).click()
    await page.locator('[aria-label="Price in JPY"]:focus').waitFor()
    await page.getByRole('button', { name: 'Make the offer' }).click()
    await page.getByText('Type a price or remove JPY.').waitFor()
    await page.getByRole('textbox', { name: 'Price in JPY' }).fill('9800')
    await page.getByText('€88 bought one by one').waitFor()
    await page.getByRole('textbox', { name: 'Price in EUR' }).fill('99')
    await page.getByText('Dearer than apart: this costs €99').waitFor()
    await page.getByRole('textbox', { name: 'Price in EUR' }).fill('69.90')
    await page.getByRole('button', { name: 'Make the offer' }).click()
    const card = page.getByRole('article', { name: 'The whole studio' })
    await card.getByText('€69.90').waitFor()
    await card.getByText('Also in JPY').waitFor()

    await card.getByRole('link', { name: 'Change The whole studio' }).click()
    await page.getByRole('textbox', { name: 'Price in EUR' }).fill('79')
    await page.getByRole('switch', { name: 'On sale' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await card.getByText('€79').waitFor()
    await card.getByText('Not on sale').waitFor()
  })
  const [offer] = (await admin.client.offers.list({})).offers
  assert.deepEqual(offer?.prices, [
    { every: 'once', price: { amountMinor: 7900, currency: 'EUR' } },
    { every: 'once', price: { amountMinor: 9800, currency: 'JPY' } },
  ])
})

test('an admin makes a coupon, whose link takes its share off the course page, and stops it', async () => {
  await journey({ browser, school, name: 'coupons' }, async (page) => {
    await signIn(page, admin)
    await page.goto('/school/coupons')
    await page.getByRole('button', { name: 'Make the first coupon' }).click()
    const dialog = page.getByRole('dialog', { name: 'New coupon' })
    await dialog.getByLabel('Code', { exact: true }).fill('spring')
    await dialog.getByLabel('Share of the price, in percent').fill('15')
    await dialog.getByLabel('How often in all').fill('2')
    await dialog.getByRole('button', { name: 'Make the coupon' }).click()
    await page
      .getByRole('row', { name: /SPRING/ })
      .getByText('0 of 2 used')
      .waitFor()

    const lena = await someone(school, 'Lena')
    const { dueNow } = await lena.client.payments.quote({ item: { kind: 'course', course: colour.course }, coupon: 'SPRING' })
    await lena.client.payments.checkout({ item: { kind: 'course', course: colour.course }, coupon: 'SPRING', shown: dueNow })
    await page.reload()
    await page
      .getByRole('row', { name: /SPRING/ })
      .getByText('1 of 2 used')
      .waitFor()
    await page.goto(`/courses/${colour.slug}?coupon=SPRING`)
    await page.getByText('€41.65').first().waitFor()

    await page.goto('/school/coupons')
    await page.getByRole('button', { name: 'Stop SPRING' }).click()
    await page.getByRole('dialog', { name: 'Stop SPRING?' }).getByRole('button', { name: 'Stop' }).click()
    await page
      .getByRole('row', { name: /SPRING/ })
      .getByText('Stopped')
      .waitFor()
  })
})
