import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { buy } from '#test/buy.ts'
import { barriers } from './barriers.ts'
import { journey, signIn, signInByPages } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let owner: Someone
let lena: Someone
let marek: Someone
let course: string
let lost: string

const paid = async (buyer: Someone): Promise<string> => {
  const { id, checkoutUrl } = await buy(buyer, course)
  await fetch(`${school.url}/sandbox/stripe/api/sessions/${checkoutUrl?.split('/').at(-1)}/pay`, { method: 'POST', body: '{}' })
  await eventually('the payment', async () => ((await buyer.client.payments.order({ order: id })).state === 'paid' ? true : undefined))
  return id
}
const hasCourse = async ({ client }: Someone): Promise<boolean> => (await client.learning.mine({})).enrolled.length > 0

/** What no page of the school can do: damage its records. */
const damage = (write: (database: DatabaseSync) => void): void => {
  // The school may be writing at that moment.
  const database = new DatabaseSync(join(school.data, 'school.sqlite'), { timeout: 5000 })
  write(database)
  database.close()
}

const parkedNews = (): void =>
  damage((database) => {
    const at = new Date().toISOString()
    const parked = { id: 'evt_odd', type: 'customer.created', isLive: false, createdAt: at, receivedAt: at, by: 'webhook', state: 'parked' }
    const body = { ...parked, parkedBecause: 'its type is unknown to the school' }
    const said = { id: 'evt_odd', receivedAt: at, raw: '{"id":"evt_odd","name":"<b>Nobody</b>"}' }
    const row = database.prepare('INSERT INTO items (pk, sk, body, version, ipk, isk) VALUES (?, ?, ?, 1, ?, ?)')
    row.run('hook#evt_odd', 'hook', JSON.stringify(body), 'hooks#parked', `${at}#evt_odd`)
    row.run('hook-body#evt_odd', 'body', JSON.stringify(said), 'hook-bodies', `${at}#evt_odd`)
  })

before(async () => {
  await school.start()
  browser = await launchBrowser()
  owner = await someone(school, 'Olive', 'admin')
  lena = await someone(school, 'Lena')
  marek = await someone(school, 'Marek')
  const { courses } = (await someone(school, 'Theo', 'instructor')).client
  course = (await courses.create({ title: 'Painting with light' })).id
  const { sections } = await courses.addSection({ course, title: 'First steps' })
  await courses.addLesson({ course, section: sections[0]?.id ?? '', title: 'The window', kind: 'article' })
  await courses.update({ course, summary: 'Where to put the window.', price: { amountMinor: 3900, currency: 'EUR' } })
  await courses.publish({ course })
})
after(async () => {
  await browser?.close()
  await school.close()
})

test('before the first sale the owner’s books say what will stand there', async () => {
  await journey({ browser, school, name: 'money-empty' }, async (page) => {
    await signInByPages(page, owner)
    await page.getByRole('button', { name: 'Account', exact: true }).click()
    await page.getByRole('menuitem', { name: 'School', exact: true }).click()
    await page
      .getByRole('main')
      .getByRole('link', { name: /^Money Orders/ })
      .click()
    await page.getByRole('heading', { name: 'No order yet' }).waitFor()
    assert.deepEqual(await barriers(page), [])
  })
})

test('the owner finds a sale, sees who loses what by giving it back, and gives it back', async () => {
  const order = await paid(lena)
  await journey({ browser, school, name: 'money-refund' }, async (page) => {
    await signIn(page, owner)
    await page.goto('/school/money')
    await page.getByRole('heading', { name: 'Revenue by month' }).waitFor()
    await page.getByText('€39').first().waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('switch', { name: 'As a table' }).click()
    await page.getByRole('region', { name: 'Revenue in numbers' }).getByRole('columnheader', { name: 'Painting with light' }).waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('link', { name: 'Orders', exact: true }).click()
    await page.getByRole('searchbox', { name: 'E-mail address, order or receipt number' }).fill(lena.email)
    await page.getByRole('button', { name: 'Find' }).click()
    await page.getByRole('link', { name: 'Painting with light' }).click()
    await page.getByRole('heading', { name: 'What has happened' }).waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: 'Give money back' }).click()
    const dialog = page.getByRole('dialog', { name: 'Give money back' })
    await dialog.getByText('1 person loses access at once.').waitFor()
    await dialog.getByText('“Painting with light” closes').waitFor()
    await dialog.getByLabel('Amount').fill('10')
    await dialog.getByText('Nobody loses access.').waitFor()
    await dialog.getByLabel('Amount').fill('39')
    await dialog.getByText('1 person loses access at once.').waitFor()
    await dialog.getByRole('button', { name: 'Give back €39' }).click()
    await page.getByText('The money is on its way back').first().waitFor()
  })
  await eventually('the refund', async () => ((await lena.client.payments.order({ order })).state === 'refunded' ? true : undefined))
  assert.equal(await hasCourse(lena), false)
})

test('what does not add up is found and put right in one click, by name', async () => {
  lost = await paid(marek)
  damage((database) => database.prepare('DELETE FROM items WHERE pk = ? AND sk = ?').run(`learner#${marek.id}`, `enrolment#${course}`))
  assert.equal(await hasCourse(marek), false)
  await journey({ browser, school, name: 'money-agreement' }, async (page) => {
    await signIn(page, owner)
    await page.goto('/school/money/agreement')
    await page.getByRole('button', { name: 'Compare now' }).click()
    await page.getByRole('heading', { name: 'Paid, and no access' }).waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: 'Give access' }).click()
    await page.getByText('Everything adds up').waitFor()
    await page.getByText('Olive, this minute').waitFor()
  })
  assert.equal(await hasCourse(marek), true)
  assert.equal((await marek.client.payments.order({ order: lost })).state, 'paid')
})

test('parked news is read as it was sent and worked off once more, on a phone in the dark', async () => {
  parkedNews()
  await journey({ browser, school, name: 'money-inbox' }, async (page) => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await signIn(page, owner)
    for (const [path, heading] of [
      ['', 'Revenue by month'],
      ['/orders', 'Money'],
      [`/orders/${lost}`, 'What has happened'],
      ['/memberships', 'No membership yet'],
      ['/policy', 'When a renewal fails'],
      ['/agreement', 'Money'],
    ] as const) {
      await page.goto(`/school/money${path}`)
      await page.getByRole('heading', { name: heading }).first().waitFor()
      await page.waitForLoadState('networkidle')
      assert.deepEqual(await barriers(page), [])
    }
    await page.goto('/school/money/inbox')
    await page.getByRole('button', { name: /customer\.created/ }).waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: /customer\.created/ }).click()
    const panel = page.getByRole('dialog', { name: 'customer.created' })
    await panel.getByText('<b>Nobody</b>').waitFor()
    assert.deepEqual(await barriers(page), [])
    await panel.getByRole('button', { name: 'Work it off once more' }).click()
    await page.getByRole('heading', { name: 'Nothing is parked' }).waitFor()
    await page.getByRole('button', { name: /^Of no concern/ }).click()
    await page.getByRole('button', { name: /customer\.created/ }).waitFor()
  })
})

test('the books are kept from everybody else', async () => {
  await journey({ browser, school, name: 'money-learner' }, async (page) => {
    await signIn(page, marek)
    await page.goto('/school/money/orders')
    await page.getByRole('heading', { name: 'This page is for those who run the school' }).waitFor()
  })
})
