import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { enrolmentOf, enrolmentRecords, withFact } from '#core/enrolments/enrolments.ts'
import { membershipOfRecords, membershipRecords, type StoredMembership } from '#core/memberships/records.ts'
import { orderRecords, type StoredOrder, soldRecords } from '#core/payments/records.ts'
import { seatsRecords } from '#core/seats/records.ts'
import { PaymentsUnavailable } from '#ports/payments.ts'
import { buy } from '#test/buy.ts'
import { anOrder } from '#test/payments.ts'
import { refusalOf } from '#test/school.ts'
import { aPaidPage, aSale, aTill, type Till } from '#test/till.ts'

/** A school with an owner, and an order of Lena's that has been paid and settled. */
const aSchool = async (t: TestContext) => {
  const till = await aTill(t)
  const owner = await till.person('Olive', 'admin')
  const paid = await aPaidPage(till)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  const compare = async () => {
    await owner.client.money.check({})
    await till.settle()
    return owner.client.money.report({})
  }
  const isOpen = async (): Promise<boolean> => {
    const { sections } = await paid.learner.client.learning.curriculum({ course: paid.course })
    return (await refusalOf(paid.learner.client.learning.lesson({ lesson: sections[0]?.lessons[0]?.id ?? '' }))) === 'answered'
  }
  return { ...paid, till, owner, compare, isOpen }
}

const stored = async ({ world }: Till, id: string) => {
  const order = await orderRecords.get(world.tables, { id })
  assert.ok(order)
  return order
}
const damage = async (till: Till, id: string, to: Partial<StoredOrder>): Promise<void> => {
  const before = await stored(till, id)
  await till.world.tables.commit([orderRecords.replace(before, { ...before.value, ...to })])
}

test('A school where everything agrees is told so, and how much was looked at', async (t) => {
  const { owner, compare } = await aSchool(t)
  assert.equal((await owner.client.money.report({})).at, undefined)
  const report = await compare()
  assert.deepEqual([report.findings, report.isRunning, report.isProviderAsked, report.unread], [[], false, true, 0])
  // One order, and Olive, Tove and Lena.
  assert.equal(report.checked, 4)
  assert.equal(report.at, '2026-05-04T09:00:00.000Z')
})

test('Who has paid and has no access is found, told of, and given it in one click, once', async (t) => {
  const { till, owner, learner, course, order, compare, isOpen } = await aSchool(t)
  await till.world.tables.commit([enrolmentRecords.remove({ learner: learner.id, course })])
  assert.equal(await isOpen(), false)
  const { findings } = await compare()
  assert.deepEqual(
    findings.map(({ kind, order: of, learner: who, canRepair }) => [kind, of, who.email, canRepair]),
    [['paid-no-access', order.id, learner.email, true]],
  )
  assert.match(findings[0]?.says ?? '', /“Colour” was paid for and is not open to them/)
  assert.deepEqual(
    till.told.map(({ subject }) => subject),
    ['Payments and access do not agree (1)'],
  )
  const finding = findings[0]?.id ?? ''
  const after = await owner.client.money.repair({ finding })
  assert.deepEqual(after.findings, [])
  assert.deepEqual([after.repairs[0]?.by, after.repairs[0]?.did], ['Olive', '“Colour” was given.'])
  assert.equal(await isOpen(), true)
  const fact = (await enrolmentOf(till.world.tables, learner.id, course))?.value.facts.at(-1)
  assert.deepEqual([fact?.kind, fact?.order, fact?.by?.name], ['paid', order.id, 'Olive'])
  assert.equal(await refusalOf(owner.client.money.repair({ finding })), 'conflict')
  assert.deepEqual((await compare()).findings, [])
})

test('What agrees by the time somebody clicks is left alone', async (t) => {
  const { till, owner, learner, course, compare } = await aSchool(t)
  const enrolment = await enrolmentOf(till.world.tables, learner.id, course)
  assert.ok(enrolment)
  await till.world.tables.commit([enrolmentRecords.remove({ learner: learner.id, course })])
  const finding = (await compare()).findings[0]?.id ?? ''
  await till.world.tables.commit([enrolmentRecords.add(enrolment.value)])
  assert.equal(await refusalOf(owner.client.money.repair({ finding })), 'conflict')
  assert.deepEqual((await enrolmentOf(till.world.tables, learner.id, course))?.value.facts, enrolment.value.facts)
  assert.deepEqual((await owner.client.money.report({})).findings, [])
})

test('Access that the school has ended itself is no finding, and neither is what the bank disputes', async (t) => {
  const { till, owner, learner, course, order, compare } = await aSchool(t)
  await owner.client.grants.end({ email: learner.email, course, note: 'Asked for it' })
  assert.deepEqual((await compare()).findings, [])
  await till.world.tables.commit([enrolmentRecords.remove({ learner: learner.id, course })])
  await damage(till, order.id, { dispute: { id: 'dp_1', outcome: 'open' } })
  assert.deepEqual((await compare()).findings, [])
})

test('Who has access by an order that was given back is found, and it ends in one click', async (t) => {
  const { till, owner, learner, course, order, compare, isOpen } = await aSchool(t)
  await damage(till, order.id, { state: 'refunded' })
  const [finding] = (await compare()).findings
  assert.deepEqual([finding?.kind, finding?.canRepair], ['access-no-payment', true])
  assert.equal(await isOpen(), true)
  await owner.client.money.repair({ finding: finding?.id ?? '' })
  await till.settle()
  assert.equal(await isOpen(), false)
  const fact = (await enrolmentOf(till.world.tables, learner.id, course))?.value.facts.at(-1)
  assert.deepEqual([fact?.kind, fact?.by?.id], ['refunded', owner.id])
  assert.ok(till.letters.some(({ subject }) => subject === 'Refunded: Colour'))
  assert.equal(await refusalOf(owner.client.money.repair({ finding: finding?.id ?? '' })), 'conflict')
})

test('A right that names an order nobody knows ends, and a gift beside it goes on', async (t) => {
  const { till, owner, learner, course, compare, isOpen } = await aSchool(t)
  await owner.client.grants.give({ email: learner.email, course, note: 'A present' })
  const enrolment = await enrolmentOf(till.world.tables, learner.id, course)
  const at = till.clock.now().toISOString()
  await till.world.tables.commit([withFact(enrolment, { learner: learner.id, course }, { id: 'fct_odd', kind: 'paid', at, order: 'ord_nobodys' })])
  const { findings } = await compare()
  assert.deepEqual(
    findings.map(({ kind, order }) => [kind, order]),
    [['access-no-payment', 'ord_nobodys']],
  )
  await owner.client.money.repair({ finding: findings[0]?.id ?? '' })
  await till.settle()
  assert.equal(await isOpen(), true)
  assert.equal(till.happened('enrolment.ended'), 0)
  assert.deepEqual((await compare()).findings, [])
})

test('What the provider has the money for and the school takes for run out is found, and settled', async (t) => {
  const till = await aTill(t)
  const owner = await till.person('Olive', 'admin')
  const { learner, order } = await aPaidPage(till)
  await damage(till, order.id, { state: 'expired' })
  till.clock.pass(2 * 3600)
  await owner.client.money.check({})
  await till.settle()
  const [finding] = (await owner.client.money.report({})).findings
  assert.deepEqual([finding?.kind, finding?.order], ['paid-at-provider', order.id])
  const { repairs } = await owner.client.money.repair({ finding: finding?.id ?? '' })
  assert.equal(repairs[0]?.did, 'The order was settled as paid.')
  assert.equal((await learner.client.payments.order({ order: order.id })).state, 'paid')
  assert.equal(await refusalOf(owner.client.money.repair({ finding: finding?.id ?? '' })), 'conflict')
})

test('While the provider cannot be asked the report says so, keeps what only the provider can settle, and a repair waits', async (t) => {
  const till = await aTill(t)
  const owner = await till.person('Olive', 'admin')
  const { order } = await aPaidPage(till)
  await damage(till, order.id, { state: 'expired' })
  till.clock.pass(2 * 3600)
  const compare = async () => {
    await owner.client.money.check({})
    await till.settle()
    return owner.client.money.report({})
  }
  assert.equal((await compare()).findings.length, 1)
  till.world.payments.readCheckout = () => Promise.reject(new PaymentsUnavailable('Gone fishing.'))
  const report = await compare()
  assert.deepEqual([report.isProviderAsked, report.findings.length], [false, 1])
  assert.equal(await refusalOf(owner.client.money.repair({ finding: report.findings[0]?.id ?? '' })), 'payments-down')
})

test('An order that is held is told of at once, no machine decides it, and it is gone once it is given back', async (t) => {
  const { till, owner, learner, course } = await aSchool(t)
  await till.world.tables.commit([enrolmentRecords.remove({ learner: learner.id, course })])
  const order = await buy(learner, course)
  const { value } = await stored(till, order.id)
  await till.pay(order.checkoutUrl)
  await damage(till, order.id, { price: { ...value.price, amountMinor: 1 } })
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  const [finding] = (await owner.client.money.report({})).findings
  assert.deepEqual([finding?.kind, finding?.order, finding?.canRepair], ['held', order.id, false])
  assert.equal((await owner.client.money.overview({})).held, 1)
  assert.equal(await refusalOf(owner.client.money.repair({ finding: finding?.id ?? '' })), 'conflict')
  await till.refund(order.checkoutUrl)
  await till.tell(await till.event('charge.refunded'))
  await till.settle()
  await owner.client.money.check({})
  await till.settle()
  const left = (await owner.client.money.report({})).findings
  assert.deepEqual(
    left.filter(({ kind }) => kind === 'held'),
    [],
  )
})

test('A present that was paid for and cannot be taken up is found, and can be after one click', async (t) => {
  const till = await aTill(t)
  const owner = await till.person('Olive', 'admin')
  const { learner, course } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  const order = await buy(learner, course, { recipient: { kind: 'gift' } })
  await till.pay(order.checkoutUrl)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  const compare = async () => {
    await owner.client.money.check({})
    await till.settle()
    return (await owner.client.money.report({})).findings
  }
  assert.deepEqual(await compare(), [])
  await till.world.tables.commit([seatsRecords.remove({ order: order.id })])
  const [finding] = await compare()
  assert.deepEqual([finding?.kind, finding?.order], ['paid-no-access', order.id])
  await owner.client.money.repair({ finding: finding?.id ?? '' })
  assert.deepEqual(await compare(), [])
  assert.equal((await learner.client.seats.ofOrder({ order: order.id })).isEnded, false)
})

const aMembership = async (till: Till, of: Partial<StoredMembership> = {}) => {
  const { learner } = await aSale(till)
  const order = anOrder({
    ...{ learner: learner.id, email: learner.email, state: 'paid', title: 'All of it', membership: 'mem_00000001', courses: [] },
    terms: { kind: 'membership', every: 'month', trialDays: 0 },
  })
  const fact = { id: 'fct_1', kind: 'subscribed' as const, at: '2026-05-04T09:00:00.000Z', order: order.id, until: '2026-06-07T09:00:00.000Z' }
  const membership: StoredMembership = {
    ...{ id: 'mem_00000001', learner: learner.id, email: learner.email, order: order.id, offer: 'off_00000001', title: 'All of it', kind: 'membership' },
    ...{ paidCount: 1, price: order.price, every: 'month', state: 'active', isLive: false, subscription: 'sub_1', startedAt: order.createdAt },
    ...{ paidUntil: '2026-06-04T09:00:00.000Z', readAt: '2026-05-04T09:00:00.000Z', invoices: [], facts: [fact] },
    ...of,
  }
  const { world } = till
  await world.tables.commit([
    ...[orderRecords.add(order), soldRecords.add({ order: order.id, createdAt: order.createdAt }), membershipRecords.add(membership)],
    membershipOfRecords.put({ by: membership.id, learner: learner.id, id: membership.id }),
  ])
  const owner = await till.person('Olive', 'admin')
  const compare = async () => {
    await owner.client.money.check({})
    await till.settle()
    return (await owner.client.money.report({})).findings
  }
  return { owner, learner, order, membership, compare }
}

test('A membership that is being paid and opens nothing is found; one that has ended and opens all is too', async (t) => {
  const till = await aTill(t)
  const { compare, membership } = await aMembership(till)
  assert.deepEqual(await compare(), [])
  const change = async (of: Partial<StoredMembership>) => till.world.tables.commit([membershipRecords.put({ ...membership, ...of })])
  await change({ facts: [] })
  assert.deepEqual(
    (await compare()).map(({ id }) => id),
    ['paid-no-access.mem_00000001'],
  )
  await change({ state: 'ended' })
  assert.deepEqual(
    (await compare()).map(({ id }) => id),
    ['access-no-payment.mem_00000001'],
  )
})

test('A paid order of a membership of which nothing came is found', async (t) => {
  const till = await aTill(t)
  const { compare, learner } = await aMembership(till)
  await till.world.tables.commit([membershipRecords.remove({ learner: learner.id, id: 'mem_00000001' })])
  assert.deepEqual(
    (await compare()).map(({ id, canRepair }) => [id, canRepair]),
    [['paid-no-access.ord_00000001', true]],
  )
})

test('One order that cannot be read hides none of the others', async (t) => {
  const { till, learner, course, compare } = await aSchool(t)
  await till.world.tables.commit([
    { kind: 'put', key: { pk: 'order#ord_broken01', sk: 'order' }, body: { id: 'ord_broken01' } },
    soldRecords.add({ order: 'ord_broken01', createdAt: till.clock.now().toISOString() }),
    enrolmentRecords.remove({ learner: learner.id, course }),
  ])
  const { findings, unread } = await compare()
  assert.deepEqual([findings.length, unread], [1, 1])
})

test('A comparison that was cut short goes on where it stood, and one a day begins by itself', async (t) => {
  const { till, owner } = await aSchool(t)
  const orders = Array.from({ length: 120 }, (_, place) => anOrder({ id: `ord_${String(place).padStart(8, '0')}`, state: 'expired' }))
  for (const order of orders) await till.world.tables.commit([orderRecords.add(order), soldRecords.add({ order: order.id, createdAt: order.createdAt })])
  const daily = till.timers.find(({ name }) => name === 'money.compare')
  await daily?.run(till.world)
  assert.equal((await owner.client.money.report({})).isRunning, true)
  // Asked again while it is under way, nothing is begun twice.
  await owner.client.money.check({})
  await daily?.run(till.world)
  await till.settle()
  const report = await owner.client.money.report({})
  assert.deepEqual([report.isRunning, report.checked], [false, 124])
  assert.equal(till.happened('agreement.stepped'), 4)
  till.clock.pass(22 * 3600)
  await daily?.run(till.world)
  assert.equal((await owner.client.money.report({})).isRunning, false)
  till.clock.pass(2 * 3600)
  await daily?.run(till.world)
  assert.equal((await owner.client.money.report({})).isRunning, true)
})

test('A membership that was lost is begun anew from what the provider tells, and its money is not booked twice', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  const owner = await till.person('Olive', 'admin')
  const prices = [{ every: 'month' as const, price: { amountMinor: 1500, currency: 'EUR' } }]
  const terms = { kind: 'membership' as const, trialDays: 0 }
  const offer = await owner.client.offers.create({ title: 'All of it', summary: 'Everything.', terms, prices, courses: [course], isOnSale: true })
  const { id: order, checkoutUrl } = await buy(learner, { kind: 'offer', offer: offer.id, every: 'month' })
  await till.pay(checkoutUrl)
  await till.later(20)
  await till.settle()
  const [membership] = (await learner.client.memberships.mine({})).memberships
  assert.ok(membership)
  const compare = async () => {
    await owner.client.money.check({})
    await till.settle()
    return (await owner.client.money.report({})).findings
  }
  assert.deepEqual(await compare(), [])
  await till.world.tables.commit([membershipRecords.remove({ learner: learner.id, id: membership.id })])
  const [finding] = await compare()
  assert.deepEqual([finding?.id, finding?.canRepair], [`paid-no-access.${order}`, true])
  const { repairs } = await owner.client.money.repair({ finding: finding?.id ?? '' })
  await till.settle()
  assert.equal(repairs[0]?.did, '“All of it” was begun.')
  assert.equal((await learner.client.memberships.mine({})).memberships[0]?.state, 'active')
  assert.equal((await owner.client.money.order({ order })).entries.length, 1)
  assert.deepEqual(await compare(), [])
})
