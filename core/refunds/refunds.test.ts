import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RefundPreview } from '#contract/refunds.ts'
import { balanceOf, lessonOf, orderNow } from '#test/aftermath.ts'
import { buy } from '#test/buy.ts'
import { refusalOf } from '#test/school.ts'
import { aPaidPage, aSale, aTill, type Till } from '#test/till.ts'

type Learner = Awaited<ReturnType<Till['person']>>

const told = async (till: Till, ...types: string[]): Promise<void> => {
  for (const type of types) await till.tell(await till.event(type))
  await till.settle()
}

const aPaidOrder = async (till: Till) => {
  const paid = await aPaidPage(till)
  await told(till, 'checkout.session.completed')
  return { ...paid, order: paid.order.id, url: paid.order.checkoutUrl, admin: await till.person('Ada', 'admin') }
}

test('A refund from within the school moves the money, closes the course and writes to the buyer at once, before any webhook', async (t) => {
  const till = await aTill(t)
  const { admin, order, learner, course } = await aPaidOrder(till)
  const { left, consequence, people } = await admin.client.refunds.preview({ order, amountMinor: 4900 })
  assert.deepEqual([left.amountMinor, consequence], [4900, 'ends'])
  assert.deepEqual(people, [{ id: learner.id, name: 'Lena', courses: [{ id: course, title: 'Colour', after: 'ends' }] }])
  assert.deepEqual(await admin.client.refunds.make({ order, amountMinor: 4900, key: 'key-of-the-page', note: 'Changed her mind' }), { refundedMinor: 4900 })
  assert.equal((await orderNow(till, order)).state, 'refunded')
  assert.equal(await lessonOf(learner, course), 'access-ended')
  await till.settle()
  assert.deepEqual(till.letters.map(({ subject }) => subject).toSorted(), [
    ...['Refunded: Colour', 'You are in: Colour', 'Your credit note 2026-000002', 'Your receipt 2026-000001'],
  ])
  // What the webhook tells afterwards is known.
  await told(till, 'charge.refunded')
  assert.equal(await balanceOf(till, order), 0)
  assert.equal(till.letters.length, 4)
})

test('Asked twice under one key, at once and afterwards, a refund is made once; under another key it is another', async (t) => {
  const till = await aTill(t)
  const { admin, order } = await aPaidOrder(till)
  const make = (key: string, amountMinor = 2000) => admin.client.refunds.make({ order, amountMinor, key })
  assert.deepEqual(await Promise.all([make('key-one-1'), make('key-one-1'), make('key-one-1')]), Array(3).fill({ refundedMinor: 2000 }))
  assert.deepEqual(await make('key-one-1'), { refundedMinor: 2000 })
  assert.equal(await refusalOf(make('key-one-1', 2100)), 'conflict')
  assert.deepEqual(await make('key-two-2'), { refundedMinor: 4000 })
  assert.equal((await orderNow(till, order)).state, 'paid')
  assert.equal(await balanceOf(till, order), 900)
})

test('More than is left is refused, by the preview as well, and so are others than admins and orders nobody paid', async (t) => {
  const till = await aTill(t)
  const { admin, order, learner, teacher } = await aPaidOrder(till)
  assert.equal(await refusalOf(admin.client.refunds.preview({ order, amountMinor: 4901 })), 'bad-input')
  assert.equal(await refusalOf(admin.client.refunds.make({ order, amountMinor: 4901, key: 'too-much-1' })), 'bad-input')
  await admin.client.refunds.make({ order, amountMinor: 4900, key: 'all-of-it' })
  assert.equal(await refusalOf(admin.client.refunds.make({ order, amountMinor: 1, key: 'one-more-1' })), 'bad-input')
  for (const { client } of [learner, teacher]) {
    assert.equal(await refusalOf(client.refunds.preview({ order, amountMinor: 1 })), 'not-allowed')
    assert.equal(await refusalOf(client.refunds.make({ order, amountMinor: 1, key: 'not-mine-1' })), 'not-allowed')
  }
  assert.equal(await refusalOf(admin.client.refunds.make({ order: 'ord_00000000', amountMinor: 1, key: 'nobody-s-1' })), 'not-found')
  assert.equal(await refusalOf(admin.client.refunds.make({ order, payment: 'pi_of_another', amountMinor: 1, key: 'another-s-1' })), 'not-found')
})

test('A payment that the bank has taken back is not given back as well', async (t) => {
  const till = await aTill(t)
  const { admin, order, url } = await aPaidOrder(till)
  await till.dispute(url)
  assert.equal(await refusalOf(admin.client.refunds.make({ order, amountMinor: 4900, key: 'twice-paid' })), 'conflict')
})

test('A refund that was made is not made again when the same is asked days later, when the provider has forgotten the key', async (t) => {
  const till = await aTill(t)
  const { admin, order } = await aPaidOrder(till)
  const { payments } = till.world
  let asked = 0
  till.world.payments = {
    ...payments,
    giveBack: (refund) => {
      asked += 1
      return payments.giveBack({ ...refund, idempotencyKey: `${refund.idempotencyKey}.${asked}` })
    },
  }
  const make = () => admin.client.refunds.make({ order, amountMinor: 2000, key: 'days-later' })
  assert.deepEqual(await make(), { refundedMinor: 2000 })
  till.clock.pass(3 * 24 * 3600)
  assert.deepEqual(await make(), { refundedMinor: 2000 })
  assert.equal(await balanceOf(till, order), 2900)
})

test('While the provider is down a refund says so and changes nothing; asked again under the same key it is made once', async (t) => {
  const till = await aTill(t)
  const { admin, order, learner, course } = await aPaidOrder(till)
  await till.faults({ api: '500' })
  assert.equal(await refusalOf(admin.client.refunds.preview({ order, amountMinor: 4900 })), 'payments-down')
  assert.equal(await refusalOf(admin.client.refunds.make({ order, amountMinor: 4900, key: 'while-down' })), 'payments-down')
  assert.equal((await orderNow(till, order)).state, 'paid')
  assert.equal(await balanceOf(till, order), 4900)
  assert.equal(await lessonOf(learner, course), 'answered')
  await till.faults({ api: 'none' })
  till.clock.pass(60)
  assert.deepEqual(await admin.client.refunds.make({ order, amountMinor: 4900, key: 'while-down' }), { refundedMinor: 4900 })
  assert.equal(await balanceOf(till, order), 0)
})

/** Who has what by a preview, and what they find when it is made. */
const compared = async (people: RefundPreview['people'], learners: Learner[]): Promise<void> => {
  for (const { id, courses } of people) {
    const learner = learners.find((each) => each.id === id)
    assert.ok(learner, `${id} is not among those asked`)
    for (const { id: course, after, title } of courses) {
      assert.equal(await lessonOf(learner, course), after === 'ends' ? 'access-ended' : 'answered', `${title}: ${after}`)
    }
  }
}

/** Every kind of order that is paid once: what somebody has besides, what was given back before, and what is given back. */
const KINDS: {
  words: string
  before: (till: Till, of: { admin: Learner; learner: Learner; course: string; order: string }) => Promise<unknown>
  amountMinor: number
  after: string
}[] = [
  { words: 'a course, whole', before: async () => {}, amountMinor: 4900, after: 'ends' },
  { words: 'a course, in part', before: async () => {}, amountMinor: 4899, after: 'keeps' },
  {
    words: 'a course of which a part was given back, the rest',
    before: (_till, { admin, order }) => admin.client.refunds.make({ order, amountMinor: 900, key: 'a-part-before' }),
    amountMinor: 4000,
    after: 'ends',
  },
  {
    words: 'a course that was given to them as well, whole',
    before: (_till, { admin, learner, course }) => admin.client.grants.give({ email: learner.email, course, note: 'A prize' }),
    amountMinor: 4900,
    after: 'other',
  },
  {
    words: 'a course whose access the school has ended, whole',
    before: (_till, { admin, learner, course }) => admin.client.grants.end({ email: learner.email, course, note: 'Rude' }),
    amountMinor: 4900,
    after: 'ends',
  },
]

for (const { words, before, amountMinor, after } of KINDS) {
  test(`What the preview says of ${words}, is what happens`, async (t) => {
    const till = await aTill(t)
    const { admin, order, learner, course } = await aPaidOrder(till)
    await before(till, { admin, order, learner, course })
    await till.settle()
    const { people, endsMembership } = await admin.client.refunds.preview({ order, amountMinor })
    assert.deepEqual(
      people.flatMap(({ courses }) => courses.map((each) => each.after)),
      [after],
    )
    assert.equal(endsMembership, false)
    await admin.client.refunds.make({ order, amountMinor, key: 'of-the-table' })
    await till.settle()
    await compared(people, [learner])
  })
}

test('What the preview says of a team’s order, person by person, is what happens to each who sits in it', async (t) => {
  const till = await aTill(t)
  const { learner: buyer, course } = await aSale(till)
  const admin = await till.person('Ada', 'admin')
  await till.faults({ webhooks: 'drop' })
  const { id: order, checkoutUrl } = await buy(buyer, course, { recipient: { kind: 'team', seats: 3 } })
  await till.pay(checkoutUrl)
  await told(till, 'checkout.session.completed')
  const { url } = await buyer.client.seats.ofOrder({ order })
  const token = url.split('/').at(-1) ?? ''
  const [mia, noa] = [await till.person('Mia'), await till.person('Noa')]
  for (const { client } of [mia, noa]) await client.seats.accept({ token })
  await admin.client.grants.give({ email: noa.email, course, note: 'A prize' })
  const part = await admin.client.refunds.preview({ order, amountMinor: 4900 })
  assert.deepEqual(
    part.people.map(({ name, courses }) => [name, courses[0]?.after]),
    [
      ['Mia', 'keeps'],
      ['Noa', 'keeps'],
    ],
  )
  const { people, left } = await admin.client.refunds.preview({ order, amountMinor: 3 * 4900 })
  assert.equal(left.amountMinor, 3 * 4900)
  assert.deepEqual(
    people.map(({ name, courses }) => [name, courses[0]?.after]),
    [
      ['Mia', 'ends'],
      ['Noa', 'other'],
    ],
  )
  await admin.client.refunds.make({ order, amountMinor: 3 * 4900, key: 'of-the-team' })
  await till.settle()
  await compared(people, [mia, noa])
})

test('What the preview says of a held order and of a second payment is nothing, and nothing is what happens', async (t) => {
  const till = await aTill(t)
  const held = await aPaidPage(till, { amount_total: 100 })
  await told(till, 'checkout.session.completed')
  const admin = await till.person('Ada', 'admin')
  assert.equal(await balanceOf(till, held.order.id), 100)
  assert.deepEqual((await admin.client.refunds.preview({ order: held.order.id, amountMinor: 100 })).people, [])
  await admin.client.refunds.make({ order: held.order.id, amountMinor: 100, key: 'of-the-held' })
  assert.equal((await orderNow(till, held.order.id)).state, 'refunded')
  assert.equal(await balanceOf(till, held.order.id), 0)
})

test('A second payment of an order is in the ledger, is given back by itself, and takes nothing', async (t) => {
  const till = await aTill(t)
  const { admin, order, learner, course } = await aPaidOrder(till)
  const urls = { successUrl: 'http://school.test/', cancelUrl: 'http://school.test/' }
  const price = { amountMinor: 4900, currency: 'EUR' }
  const { url } = await till.world.payments.openCheckout({
    ...{ order, idempotencyKey: 'another', price, quantity: 1, title: 'Colour', email: learner.email, isTaxed: false, ...urls },
  })
  await till.pay(url)
  await told(till, 'checkout.session.completed')
  assert.equal(await balanceOf(till, order), 9800)
  const [payment] = await till.paymentsOf(url)
  const { people, occasion } = await admin.client.refunds.preview({ order, payment, amountMinor: 4900 })
  assert.deepEqual([occasion, people.flatMap(({ courses }) => courses.map(({ after }) => after))], ['refund-part', ['keeps']])
  await admin.client.refunds.make({ order, payment, amountMinor: 4900, key: 'of-the-second' })
  assert.equal(await balanceOf(till, order), 4900)
  assert.equal((await orderNow(till, order)).state, 'paid')
  assert.equal(await lessonOf(learner, course), 'answered')
})

test('An order from before there was a ledger is refunded like any other: what had come in is booked first', async (t) => {
  const till = await aTill(t)
  const { admin, order, learner, course } = await aPaidOrder(till)
  till.database.prepare("DELETE FROM items WHERE pk = ? AND sk LIKE 'entry#%'").run(`order#${order}`)
  await admin.client.refunds.make({ order, amountMinor: 1900, key: 'of-the-old-1' })
  assert.equal(await balanceOf(till, order), 3000)
  await admin.client.refunds.make({ order, amountMinor: 3000, key: 'of-the-old-2' })
  assert.equal(await balanceOf(till, order), 0)
  assert.equal(await lessonOf(learner, course), 'access-ended')
})

test('A bank that only asks has taken nothing: access and books stay as they were, and giving the money back settles it', async (t) => {
  const till = await aTill(t)
  const { admin, order, url, learner, course } = await aPaidOrder(till)
  await till.inquire(url)
  await told(till, 'charge.dispute.created')
  assert.deepEqual(
    [(await orderNow(till, order)).dispute?.outcome, await balanceOf(till, order), await lessonOf(learner, course)],
    ['inquiry', 4900, 'answered'],
  )
  const [alert] = till.told
  assert.deepEqual([till.told.length, alert?.subject], [1, 'A bank asks about a payment: Colour'])
  assert.match(alert?.text ?? '', /no money has moved[\s\S]*What the order opened is open[\s\S]*give the money back: that settles it/)
  assert.deepEqual(await admin.client.refunds.make({ order, amountMinor: 4900, key: 'settle-it-1' }), { refundedMinor: 4900 })
  await till.inquire(url)
  await told(till, 'charge.dispute.closed')
  const { state, dispute } = await orderNow(till, order)
  assert.deepEqual([state, dispute?.outcome, await balanceOf(till, order), await lessonOf(learner, course)], ['refunded', 'dropped', 0, 'access-ended'])
})
