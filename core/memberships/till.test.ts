import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Membership } from '#contract/memberships.ts'
import { entryRecords } from '#core/payments/ledger.ts'
import { buy } from '#test/buy.ts'
import { refusalOf } from '#test/school.ts'
import { aSale, aTill } from '#test/till.ts'

const DAY = 24 * 3600
const HOUR = 3600
const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })

type Terms = { kind: 'instalments'; count: number } | { kind: 'membership'; trialDays: number }

/** The real client of Stripe and its stand-in; what the stand-in tells comes by webhook unless a test drops it. */
const aShop = async (t: TestContext) => {
  const till = await aTill(t)
  const sale = await aSale(till)
  const owner = await till.person('Olive', 'admin')
  await till.rules({ retryDays: [1, 3, 5], afterRetries: 'unpaid' })
  const lesson = (await till.visitor.learning.curriculum({ course: sale.course })).sections[0]?.lessons[0]?.id ?? ''
  const { client } = sale.learner
  const anOffer = async (terms: Terms, month: number, title = 'All of it'): Promise<string> => {
    const prices = [{ every: 'month' as const, price: EUR(month) }]
    return (await owner.client.offers.create({ title, summary: 'Everything.', terms, prices, courses: [sale.course], isOnSale: true })).id
  }
  const mine = async (): Promise<Membership> => {
    const [newest] = (await client.memberships.mine({})).memberships
    if (!newest) throw new Error('There is no membership.')
    return newest
  }
  /** So much later, with the provider's news delivered and worked off. */
  const later = async (seconds: number): Promise<void> => {
    await till.later(seconds)
    await till.settle()
  }
  const look = async (): Promise<void> => {
    for (const timer of till.timers.filter(({ name }) => name === 'memberships.read-due' || name === 'payments.reconcile')) await timer.run(till.world)
    await till.settle()
  }
  const isOpen = async (): Promise<boolean> => (await refusalOf(client.learning.lesson({ lesson }))) === 'answered'
  const subscribe = async (offer: string): Promise<{ order: string; membership: string; checkoutUrl: string | undefined }> => {
    const { id: order, checkoutUrl } = await buy(sale.learner, { kind: 'offer', offer, every: 'month' })
    await till.pay(checkoutUrl)
    await later(20)
    await client.payments.order({ order })
    await till.settle()
    return { order, membership: (await mine()).id, checkoutUrl }
  }
  const booked = async (order: string): Promise<number[]> => {
    const { items } = await entryRecords.list(till.world.tables, `order#${order}`, { prefix: 'entry#' })
    return items.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)).map(({ amount }) => amount.amountMinor)
  }
  const subjects = (): string[] =>
    till.letters.filter(({ to, subject }) => to === sale.learner.email && !/^Your (receipt|credit note) /.test(subject)).map(({ subject }) => subject)
  return { ...till, ...sale, owner, anOffer, mine, later, look, isOpen, subscribe, booked, subjects }
}

test('Trial, renewal that fails, grace, closed, paid, open again: with the real client, its stand-in and its webhooks', async (t) => {
  const shop = await aShop(t)
  const { order } = await shop.subscribe(await shop.anOffer({ kind: 'membership', trialDays: 7 }, 1500))
  assert.deepEqual([(await shop.mine()).state, await shop.isOpen(), await shop.booked(order)], ['trial', true, []])
  await shop.later(7 * DAY + 2 * HOUR)
  await shop.look()
  assert.deepEqual([(await shop.mine()).state, await shop.booked(order)], ['active', [1500]])
  await shop.failCards()
  await shop.later(31 * DAY)
  await shop.look()
  const owing = await shop.mine()
  assert.deepEqual([owing.state, await shop.isOpen(), owing.payUrl !== undefined, owing.retryAt !== undefined], ['grace', true, true, true])
  for (let day = 0; day < 6; day += 1) {
    await shop.later(DAY)
    await shop.look()
  }
  assert.deepEqual([(await shop.mine()).state, await shop.isOpen()], ['lapsed', false])
  await shop.payInvoice((owing.payUrl ?? '').split('/').at(-1) ?? '', '4242424242424242')
  await shop.later(5)
  assert.deepEqual([(await shop.mine()).state, await shop.isOpen(), await shop.booked(order)], ['active', true, [1500, 1500]])
  const told = shop.subjects()
  assert.equal(new Set(told).size, told.length - told.filter((subject) => subject.startsWith('Still not paid')).length + 1, told.join('\n'))
  assert.deepEqual([told[0], told.at(-1)], ['Your trial has begun: All of it', 'Paid, all is well: All of it'])
})

test('A plan of three is charged three times and no more, also while no webhook comes', async (t) => {
  const shop = await aShop(t)
  const { order } = await shop.subscribe(await shop.anOffer({ kind: 'instalments', count: 3 }, 2000))
  await shop.faults({ webhooks: 'drop' })
  for (let month = 0; month < 5; month += 1) {
    await shop.later(31 * DAY + 2 * HOUR)
    await shop.look()
  }
  assert.deepEqual([(await shop.mine()).state, await shop.booked(order), await shop.isOpen()], ['complete', [2000, 2000, 2000], true])
  assert.deepEqual(shop.told, [])
})

test('A plan that the school slept through was ended by the provider after its third payment', async (t) => {
  const shop = await aShop(t)
  const { order } = await shop.subscribe(await shop.anOffer({ kind: 'instalments', count: 3 }, 2000))
  await shop.faults({ webhooks: 'drop' })
  await shop.later(200 * DAY)
  await shop.look()
  assert.deepEqual([(await shop.mine()).state, await shop.booked(order), await shop.isOpen()], ['complete', [2000, 2000, 2000], true])
})

test('An upgrade charges what was shown for the rest of the month, and the whole price after it', async (t) => {
  const shop = await aShop(t)
  const { order, membership } = await shop.subscribe(await shop.anOffer({ kind: 'membership', trialDays: 0 }, 1000))
  const large = await shop.anOffer({ kind: 'membership', trialDays: 0 }, 3000, 'Even more')
  await shop.later(10 * DAY + 1)
  const wanted = { membership, offer: large, every: 'month' as const }
  const { client } = shop.learner
  const { dueNow } = await client.memberships.previewChange(wanted)
  assert.ok(dueNow.amountMinor > 1200 && dueNow.amountMinor < 1500, String(dueNow.amountMinor))
  await shop.later(10 * 60)
  const changed = await client.memberships.change({ ...wanted, shown: dueNow })
  assert.deepEqual([changed.title, changed.price, changed.state], ['Even more', EUR(3000), 'active'])
  assert.deepEqual(await shop.booked(order), [1000, dueNow.amountMinor])
  await shop.later(22 * DAY)
  await shop.look()
  assert.deepEqual(await shop.booked(order), [1000, dueNow.amountMinor, 3000])
})

test('Giving back what an upgrade cost keeps the membership; giving back what pays for the month ends it', async (t) => {
  const shop = await aShop(t)
  const { order, membership, checkoutUrl } = await shop.subscribe(await shop.anOffer({ kind: 'membership', trialDays: 0 }, 1000))
  const large = await shop.anOffer({ kind: 'membership', trialDays: 0 }, 3000, 'Even more')
  await shop.later(10 * DAY + 1)
  const wanted = { membership, offer: large, every: 'month' as const }
  const { dueNow } = await shop.learner.client.memberships.previewChange(wanted)
  await shop.learner.client.memberships.change({ ...wanted, shown: dueNow })
  const [upgrade, first] = await shop.paymentsOf(checkoutUrl)
  const refunds = shop.owner.client.refunds
  const small = { order, payment: upgrade, amountMinor: dueNow.amountMinor }
  assert.equal((await refunds.preview(small)).endsMembership, false)
  await refunds.make({ ...small, key: 'the-upgrade-1' })
  await shop.later(60)
  assert.deepEqual([(await shop.mine()).state, await shop.isOpen()], ['active', true])
  assert.equal((await refunds.preview({ order, amountMinor: 1000 })).endsMembership, true)
  await refunds.make({ order, payment: first, amountMinor: 1000, key: 'the-month-1' })
  await shop.later(60)
  assert.deepEqual([(await shop.mine()).state, await shop.isOpen()], ['ended', false])
})

test('An upgrade that the bank refuses changes nothing', async (t) => {
  const shop = await aShop(t)
  const { order, membership } = await shop.subscribe(await shop.anOffer({ kind: 'membership', trialDays: 0 }, 1000))
  const large = await shop.anOffer({ kind: 'membership', trialDays: 0 }, 3000, 'Even more')
  await shop.failCards()
  const wanted = { membership, offer: large, every: 'month' as const }
  const { dueNow } = await shop.learner.client.memberships.previewChange(wanted)
  assert.equal(await refusalOf(shop.learner.client.memberships.change({ ...wanted, shown: dueNow })), 'payment-refused')
  const mine = await shop.mine()
  assert.deepEqual([mine.title, mine.price, mine.state, await shop.booked(order)], ['All of it', EUR(1000), 'active', [1000]])
})

test('Cancelled, resumed, cancelled again: open to the end of the month, and not charged after', async (t) => {
  const shop = await aShop(t)
  const { order, membership } = await shop.subscribe(await shop.anOffer({ kind: 'membership', trialDays: 0 }, 1500))
  const { client } = shop.learner
  const { endsAt, paidUntil } = await client.memberships.cancel({ membership })
  assert.equal(endsAt, paidUntil)
  assert.equal((await client.memberships.resume({ membership })).endsAt, undefined)
  await shop.later(32 * DAY)
  await shop.look()
  assert.deepEqual([(await shop.mine()).state, await shop.booked(order)], ['active', [1500, 1500]])
  await client.memberships.cancel({ membership })
  await shop.later(20 * DAY)
  assert.equal(await shop.isOpen(), true)
  await shop.later(15 * DAY)
  await shop.look()
  assert.deepEqual([(await shop.mine()).state, await shop.isOpen(), await shop.booked(order)], ['ended', false, [1500, 1500]])
  assert.match((await client.memberships.portal({ membership })).url, /^http/)
})

test('A trial is free once: whoever orders the offer again is shown what it costs, and pays it', async (t) => {
  const shop = await aShop(t)
  const offer = await shop.anOffer({ kind: 'membership', trialDays: 7 }, 1500)
  const item = { kind: 'offer' as const, offer, every: 'month' as const }
  const { membership } = await shop.subscribe(offer)
  await shop.learner.client.memberships.cancel({ membership })
  await shop.later(8 * DAY)
  await shop.look()
  assert.deepEqual([(await shop.mine()).state, await shop.isOpen()], ['ended', false])
  assert.equal(await refusalOf(shop.learner.client.payments.checkout({ item, shown: EUR(0) })), 'price-changed')
  const { dueNow, terms } = await shop.learner.client.payments.quote({ item })
  assert.deepEqual([dueNow, terms], [EUR(1500), { kind: 'membership', every: 'month', trialDays: 0 }])
  assert.deepEqual((await shop.visitor.payments.quote({ item })).dueNow, EUR(0), 'a visitor is shown the trial')
  const { order } = await shop.subscribe(offer)
  assert.deepEqual([(await shop.learner.client.payments.order({ order })).state, await shop.booked(order), await shop.isOpen()], ['paid', [1500], true])
})
