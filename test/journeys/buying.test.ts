import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { WAITING_ORDERS } from '#core/payments/records.ts'
import { launchBrowser } from '#scripts/browser.ts'
import { barriers } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { journey, linkInLetter, openWindow, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let owner: Someone
let teacher: Someone
let lena: Someone
let course: { course: string; slug: string }

const sold = async (title: string, amountMinor: number): Promise<{ course: string; slug: string }> => {
  const made = await aCourseOf(teacher, { title, kind: 'article', amountMinor })
  await teacher.client.courses.publish({ course: made.course })
  await eventually('the catalogue', async () => ((await fetch(`${school.url}/catalogue/${made.slug}.json`)).ok ? true : undefined))
  return made
}

before(async () => {
  await school.start()
  browser = await launchBrowser()
  owner = await someone(school, 'Olive', 'admin')
  teacher = await someone(school, 'Theo', 'instructor')
  lena = await someone(school, 'Lena')
  course = await sold('Painting with light', 4900)
  await owner.client.offers.createCoupon({ code: 'SPRING-20', off: { kind: 'percent', percent: 20 }, isFirstTimeOnly: false, items: [course.course] })
})
after(async () => {
  await browser?.close()
  await school.close()
})

const stripe = (path: string, body: unknown): Promise<Response> =>
  fetch(`${school.url}/sandbox/stripe/api/${path}`, { method: 'POST', body: JSON.stringify(body) })
const pay = async (page: Page, amount: string): Promise<void> => {
  await page.waitForURL(/\/sandbox\/stripe\/checkout\//)
  await page.getByText(amount).first().waitFor()
  await page.getByRole('button', { name: /^(Pay|Subscribe|Start)/ }).click()
}

test('a price that has changed since the page was opened is shown anew before anything is ordered', async () => {
  const { course: id, slug } = await sold('Painting by numbers', 2000)
  await journey({ browser, school, name: 'price-changed' }, async (page) => {
    await signIn(page, lena)
    // The published page shows the price at once; what is ordered at is what the school has told since.
    const quoted = page.waitForResponse((answer) => answer.url().endsWith('/api/quotes'))
    await page.goto(`/courses/${slug}`)
    await quoted
    const card = page.getByRole('region', { name: 'See the course' })
    await card.getByText('€20', { exact: true }).waitFor()
    await teacher.client.courses.update({ course: id, price: { amountMinor: 2500, currency: 'EUR' } })
    await teacher.client.courses.publish({ course: id })
    await card.getByRole('button', { name: 'Buy this course' }).click()
    await card.getByText('it is €25 now. Nothing was ordered or charged.').waitFor()
    assert.deepEqual((await lena.client.payments.mine({})).orders, [])
    await card.getByRole('button', { name: 'Buy this course' }).click()
    await pay(page, '25.00')
    await page.getByRole('heading', { name: 'You’re in' }).waitFor()
  })
})

test('with the payment provider down the order is kept, and the rest of the school goes on', async () => {
  const { slug } = await sold('Sold in a storm', 3900)
  await journey({ browser, school, name: 'storm' }, async (page) => {
    await signIn(page, lena)
    await page.goto(`/courses/${slug}`)
    await stripe('faults', { api: 'down' })
    await page.getByRole('button', { name: 'Buy this course' }).click()
    await page.getByRole('heading', { name: 'Your order is kept' }).waitFor()
    await page.getByRole('button', { name: 'Try again now' }).click()
    await page.getByText('Still no answer from the payment provider.').waitFor()
    await page.goto('/learning')
    await page.getByText('Painting by numbers').waitFor()
    await stripe('faults', { api: 'none' })
  })
})

test('a visitor comes by a link with a coupon, signs up, pays the lower price that was shown, and begins the first lesson', async () => {
  await journey({ browser, school, name: 'coupon' }, async (page) => {
    const email = 'nadia@example.test'
    await page.goto(`/courses/${course.slug}?coupon=spring-20`)
    const card = page.getByRole('region', { name: 'See the course' })
    await card.getByText('SPRING-20 takes €9.80 off').waitFor()
    await card.getByText('€39.20').waitFor()
    assert.equal(await card.locator('s').textContent(), '€49')
    await card.getByRole('button', { name: 'Buy this course' }).click()
    await page.getByLabel('Name').fill('Nadia')
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill('three-quiet-herons')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
    await page.goto(await eventually('the letter', () => linkInLetter(school, email, /confirm/)))
    await pay(page, '39.20')
    await page.getByRole('heading', { name: 'You’re in' }).waitFor()
    await page.getByRole('link', { name: 'Start the first lesson' }).click()
    await page.getByRole('heading', { name: 'The lesson' }).first().waitFor()

    await page.getByRole('button', { name: 'Account', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Purchases' }).click()
    await page.getByRole('link', { name: 'Painting with light' }).first().waitFor()
    await page.getByText('€39.20').first().waitFor()
  })
  const { coupons } = await owner.client.offers.coupons({})
  assert.deepEqual(
    coupons.map(({ code, used, paid }) => ({ code, used, paid })),
    [{ code: 'SPRING-20', used: 1, paid: 1 }],
  )
})

test('a coupon that takes nothing off says why, and the whole price stays', async () => {
  const other = await sold('Painting in the dark', 3000)
  await journey({ browser, school, name: 'coupon-refused' }, async (page) => {
    await page.goto(`/courses/${other.slug}`)
    const card = page.getByRole('region', { name: 'See the course' })
    await card.getByRole('button', { name: 'Have a coupon?' }).click()
    await page.keyboard.type('no-such-thing')
    await page.keyboard.press('Enter')
    await card.getByText('There is no such coupon.').waitFor()
    await card.getByRole('button', { name: 'Remove the coupon NO-SUCH-THING' }).click()
    await card.getByRole('button', { name: 'Have a coupon?' }).click()
    await page.keyboard.type('spring-20')
    await page.keyboard.press('Enter')
    await card.getByText('This coupon is not for this.').waitFor()
    assert.equal(await card.locator('s').count(), 0)
    await card.getByText('€30', { exact: true }).waitFor()
  })
})

test('no page of buying has a barrier or scrolls sideways, light on a desk and dark on a phone', async () => {
  const courses = [course.course]
  const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })
  const summary = 'Every course of the school.'
  const prices = [
    { every: 'month' as const, price: eur(1500) },
    { every: 'year' as const, price: eur(15_000) },
  ]
  const membership = await owner.client.offers.create({
    title: 'All access',
    summary,
    courses,
    prices,
    terms: { kind: 'membership', trialDays: 14 },
    isOnSale: true,
  })
  await owner.client.offers.create({
    title: 'In parts',
    summary,
    courses,
    prices: prices.slice(0, 1),
    terms: { kind: 'instalments', count: 4 },
    isOnSale: true,
  })
  await eventually('the offers', async () => ((await (await fetch(`${school.url}/catalogue/offers.json`)).text()).includes('In parts') ? true : undefined))
  const { orders } = await lena.client.payments.mine({})
  const paid = orders.find(({ state }) => state === 'paid')
  for (const { width, scheme } of [
    { width: 1440, scheme: 'light' },
    { width: 360, scheme: 'dark' },
  ] as const) {
    const { page, close } = await openWindow(browser, school, { width, height: 800 })
    await page.emulateMedia({ colorScheme: scheme })
    await signIn(page, lena)
    const found: string[] = []
    for (const [path, sign] of [
      [`/courses/${course.slug}`, 'or 4 × €15'],
      [`/offers/${membership.id}`, 'Everything is open for 14 days'],
      ['/', 'Memberships and bundles'],
      [`/orders/${paid?.id}`, 'You’re in'],
      ['/purchases', 'Orders'],
    ] as const) {
      await page.goto(path)
      await page.getByText(sign).first().waitFor()
      found.push(...(await barriers(page)))
    }
    await page.goto(`/courses/${course.slug}?for=team&seats=7`)
    await page.getByRole('dialog').getByText('7 × €49').waitFor()
    found.push(...(await barriers(page)))
    await close()
    assert.deepEqual(found, [])
  }
})

/** Has what waits be due, as after some minutes, and the school look at it, as it does when it opens. */
const letTimePass = async (): Promise<void> => {
  await school.kill()
  const database = new DatabaseSync(join(school.data, 'school.sqlite'))
  const { changes } = database
    .prepare("UPDATE items SET body = json_set(body, '$.dueAt', $at), isk = $at || substr(isk, length($at) + 1) WHERE ipk = $waiting")
    .run({ at: new Date(0).toISOString(), waiting: WAITING_ORDERS })
  database.close()
  assert.equal(changes, 1)
  await school.start()
}

test('when the provider is back a letter comes, and the order goes on', async () => {
  await letTimePass()
  await journey({ browser, school, name: 'after-the-storm' }, async (page) => {
    await signIn(page, lena)
    await page.goto(await eventually('the letter', () => linkInLetter(school, lena.email, /\/orders\/ord_/)))
    await page.getByRole('heading', { name: 'Ready to be paid' }).waitFor()
    await page.getByRole('link', { name: 'Go to the checkout' }).click()
    await pay(page, '39.00')
    await page.getByRole('heading', { name: 'You’re in' }).waitFor()
  })
})
