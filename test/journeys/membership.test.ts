import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { barriers } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { journey, openWindow, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let owner: Someone
let lena: Someone
let courses: { course: string; lesson: string; slug: string }[]
let offer: string

const CARD_THAT_FAILS = '4000000000000341'
/** Longer than any month, so that one that began then has ended; and still within the grace that the owner gives. */
const BEHIND_SECONDS = 32 * 86_400
const GRACE_HOURS = 5 * 24

const stripe = async (path: string, body: unknown): Promise<void> => {
  const answer = await fetch(`${school.url}/sandbox/stripe/api/${path}`, { method: 'POST', body: JSON.stringify(body) })
  assert.equal(answer.status, 200, await answer.text())
}
const aPublished = async (teacher: Someone, title: string) => {
  const made = await aCourseOf(teacher, { title, kind: 'article', amountMinor: 4900 })
  await teacher.client.courses.publish({ course: made.course })
  return made
}

before(async () => {
  await school.start()
  browser = await launchBrowser()
  owner = await someone(school, 'Olive', 'admin')
  lena = await someone(school, 'Lena')
  const teacher = await someone(school, 'Theo', 'instructor')
  courses = [await aPublished(teacher, 'Painting with light'), await aPublished(teacher, 'Drawing by ear')]
  await owner.client.refunds.putPolicy({ ...(await owner.client.refunds.policy({})), graceHours: GRACE_HOURS })
  const made = await owner.client.offers.create({
    title: 'All access',
    summary: 'Every course of the school, and each new one.',
    courses: courses.map(({ course }) => course),
    prices: [
      { every: 'month', price: { amountMinor: 1500, currency: 'EUR' } },
      { every: 'year', price: { amountMinor: 15_000, currency: 'EUR' } },
    ],
    terms: { kind: 'membership', trialDays: 0 },
    isOnSale: true,
  })
  offer = made.id
  await eventually('the offer', async () => ((await (await fetch(`${school.url}/catalogue/offers.json`)).text()).includes('All access') ? true : undefined))
  await stripe('clock', { advanceSeconds: -BEHIND_SECONDS })
})
after(async () => {
  await browser?.close()
  await school.close()
})

/** Asks for a lesson of each course ten times a second, until told to stop; what was answered. */
const knocking = (t: TestContext) => {
  const answers = new Set<string>()
  let isOver = false
  const knock = async (): Promise<true | undefined> => {
    for (const { lesson } of courses) {
      const asked = lena.client.learning.lesson({ lesson })
      answers.add(
        await asked.then(
          () => 'open',
          (refusal: unknown) => String(refusal),
        ),
      )
    }
    return isOver ? true : undefined
  }
  const ended = eventually('the end of knocking', knock, 240)
  t.after(() => {
    isOver = true
  })
  return async (): Promise<string[]> => {
    isOver = true
    await ended
    return [...answers]
  }
}

const letters = async (): Promise<string[]> => {
  const answer = await fetch(`${school.url}/sandbox/mail/api/messages?to=${encodeURIComponent(lena.email)}`)
  // The stand-in's own documented answer.
  return ((await answer.json()) as { subject: string }[]).map(({ subject }) => subject)
}
const aLetter = (fits: RegExp): Promise<true> =>
  eventually(`a letter ${fits}`, async () => ((await letters()).some((subject) => fits.test(subject)) ? true : undefined))

const assertNoBarrier = async (paths: [path: string, sign: string][]): Promise<void> => {
  for (const { width, colorScheme } of [
    { width: 1440, colorScheme: 'light' },
    { width: 360, colorScheme: 'dark' },
  ] as const) {
    const { page, close } = await openWindow(browser, school, { width, height: 800 })
    await page.emulateMedia({ colorScheme })
    await signIn(page, lena)
    for (const [path, sign] of paths) {
      await page.goto(path)
      await page.getByText(sign).first().waitFor()
      // A price that is being asked for is shown faintly, on purpose.
      await page.waitForLoadState('networkidle')
      assert.deepEqual(await barriers(page), [])
    }
    await close()
  }
}

const membershipCard = (page: Page) => page.getByRole('article', { name: 'All access' })

test('a learner becomes a member for a month, and a lesson of each course opens', async () => {
  await assertNoBarrier([[`/offers/${offer}`, 'Become a member']])
  await journey({ browser, school, name: 'member' }, async (page) => {
    await signIn(page, lena)
    await page.goto(`/offers/${offer}`)
    await page.getByText('€15 a month').first().waitFor()
    await page.getByRole('button', { name: 'Become a member' }).click()
    await page.waitForURL(/\/sandbox\/stripe\/checkout\//)
    await page.getByText('15.00').first().waitFor()
    await page.getByRole('button', { name: /^(Pay|Subscribe)/ }).click()
    await page.getByText('Your membership “All access” has begun').waitFor()
    for (const { slug, lesson } of courses) {
      await page.goto(`/learn/${slug}/${lesson}`)
      await page.getByText('Some words.').waitFor()
    }
    await page.goto('/purchases')
    await membershipCard(page).getByText('Active').waitFor()
    await page.goto(`/offers/${offer}`)
    await page.getByText('You are a member').waitFor()
  })
})

test('a renewal that fails is said with a way to pay, closes nothing, and once paid it goes on', async (t) => {
  const stopKnocking = knocking(t)
  await stripe('cards', { number: CARD_THAT_FAILS })
  await stripe('clock', { to: Math.floor(Date.now() / 1000) })
  await aLetter(/did not go through|Still not paid/)
  await assertNoBarrier([
    ['/purchases', 'Payment failed'],
    [`/offers/${offer}`, 'You are a member'],
  ])
  await journey({ browser, school, name: 'grace' }, async (page) => {
    await signIn(page, lena)
    await page.goto('/learning')
    const banner = page.getByRole('region', { name: 'All access' })
    await banner.getByText('The payment of €15 did not go through. Your courses stay open until').waitFor()
    await banner.getByRole('link', { name: 'Pay now' }).waitFor()
    await banner.getByRole('link', { name: 'See details' }).click()
    await membershipCard(page).getByText('Payment failed').waitFor()
    await membershipCard(page).getByText('We try the card again on').waitFor()
    for (const { slug, lesson } of courses) {
      await page.goto(`/learn/${slug}/${lesson}`)
      await page.getByText('Some words.').waitFor()
    }

    await page.goto('/purchases')
    await membershipCard(page).getByRole('link', { name: 'Pay now' }).click()
    await page.getByRole('button', { name: 'Pay €15.00' }).click()
    await page.getByRole('heading', { name: 'This invoice is paid' }).waitFor()
    await aLetter(/^Paid, all is well/)
    await page.goto('/purchases')
    await membershipCard(page).getByText('Active').waitFor()
    await membershipCard(page).getByText('The next payment of €15 is due on').waitFor()
    assert.equal(await page.getByRole('link', { name: 'Pay now' }).count(), 0)
    await page.goto('/learning')
    await page.getByRole('link', { name: 'Painting with light' }).first().waitFor()
    assert.equal(await page.getByRole('region', { name: 'All access' }).count(), 0)
  })
  assert.deepEqual(await stopKnocking(), ['open'])
  const [membership] = (await lena.client.memberships.mine({})).memberships
  assert.equal(membership?.state, 'active')
  assert.ok(Date.parse(membership.paidUntil) > Date.now(), membership.paidUntil)
  const told = await letters()
  assert.equal(told.filter((subject) => /did not go through|Still not paid/.test(subject)).length, 1, told.join('\n'))
})
