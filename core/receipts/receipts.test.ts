import assert from 'node:assert/strict'
import { test } from 'node:test'
import { booking, entryRecords, type StoredEntry, shared } from '#core/payments/ledger.ts'
import { orderRecords, type StoredOrder } from '#core/payments/records.ts'
import { USUAL_POLICY } from '#core/refunds/policy.ts'
import { buy } from '#test/buy.ts'
import { anOrder } from '#test/payments.ts'
import { openSchool, refusalOf, type School } from '#test/school.ts'
import { aPaidPage, aSale, aTill } from '#test/till.ts'
import { issue } from './issue.ts'
import { numberRecords, RECEIPTS } from './records.ts'

const EUR = 'EUR'

/** Movements of money of orders of their own, as they are booked. */
const booked = async (school: School, learner: string, count: number, { from = 0 } = {}): Promise<StoredEntry[]> => {
  const entries = Array.from({ length: count }, (_, place): StoredEntry => {
    const order = `ord_0000${String(from + place).padStart(4, '0')}`
    const amount = { amountMinor: 4900, currency: EUR }
    const at = school.clock.now().toISOString()
    return {
      id: `pi_${from + place}.charged`,
      kind: 'charged',
      order,
      learner,
      payment: `pi_${from + place}`,
      at,
      amount,
      shares: shared(4900, [{ id: 'crs_1', title: 'Colour' }]),
    }
  })
  for (const entry of entries) {
    const order = anOrder({ id: entry.order, learner, state: 'paid', payment: entry.payment ?? '' })
    await school.world.tables.commit([orderRecords.add(order), ...booking(school.world, entry).changes])
  }
  return entries
}

const numbersOf = async ({ world }: School): Promise<string[]> =>
  (await numberRecords.listIndex(world.tables, RECEIPTS, { limit: 1000 })).items.map(({ number }) => number)

test('Receipts that are issued sixteen at once, each of them three times, have numbers without a gap or a double', async (t) => {
  const school = await openSchool()
  t.after(() => school.close())
  const learner = await school.person('Lena')
  const entries = await booked(school, learner.id, 48)
  for (let from = 0; from < 48; from += 16) {
    const some = entries.slice(from, from + 16)
    await Promise.all([...some, ...some, ...some].map(({ order, id }) => issue(school.world, { order, entry: id })))
  }
  assert.deepEqual(
    await numbersOf(school),
    Array.from({ length: 48 }, (_, place) => `2026-${String(place + 1).padStart(6, '0')}`),
  )
  assert.equal((await learner.client.receipts.mine({})).receipts.length, 48)
})

test('The numbers of a year begin at one', async (t) => {
  const school = await openSchool()
  t.after(() => school.close())
  const learner = await school.person('Lena')
  for (const { order, id } of await booked(school, learner.id, 2)) await issue(school.world, { order, entry: id })
  school.clock.pass(300 * 24 * 3600)
  for (const { order, id } of await booked(school, learner.id, 1, { from: 2 })) await issue(school.world, { order, entry: id })
  assert.deepEqual(await numbersOf(school), ['2026-000001', '2026-000002', '2027-000001'])
})

test('A credit note names the receipt it takes back, also when it is told of first', async (t) => {
  const school = await openSchool()
  t.after(() => school.close())
  const learner = await school.person('Lena')
  const [charge] = await booked(school, learner.id, 1)
  assert.ok(charge)
  const back: StoredEntry = { ...charge, id: 'pi_0.refunded.1900', kind: 'refunded', amount: { amountMinor: 1900, currency: EUR } }
  await school.world.tables.commit([entryRecords.add(back)])
  await issue(school.world, { order: charge.order, entry: back.id })
  await issue(school.world, { order: charge.order, entry: charge.id })
  const { receipts } = await learner.client.receipts.mine({})
  assert.deepEqual(
    receipts.map(({ number, kind, of, total }) => [number, kind, of, total.amountMinor]),
    [
      ['2026-000002', 'credit', '2026-000001', 1900],
      ['2026-000001', 'receipt', undefined, 4900],
    ],
  )
})

test('A refund that failed has a paper that cancels its credit note: papers add up to what was paid', async (t) => {
  const school = await openSchool()
  t.after(() => school.close())
  const learner = await school.person('Lena')
  const [charge] = await booked(school, learner.id, 1)
  assert.ok(charge)
  const part = { ...charge, amount: { amountMinor: 1900, currency: EUR } }
  const back: StoredEntry = { ...part, id: 'pi_0.refunded.1900', kind: 'refunded' }
  const failed: StoredEntry = { ...part, id: 'pi_0.refund-failed.1900', kind: 'refund-failed' }
  await school.world.tables.commit([entryRecords.add(back), entryRecords.add(failed)])
  for (const { id } of [failed, back, charge, failed]) await issue(school.world, { order: charge.order, entry: id })
  const { receipts } = await learner.client.receipts.mine({})
  assert.deepEqual(
    receipts.map(({ number, kind, of, total }) => [number, kind, of, total.amountMinor]),
    [
      ['2026-000003', 'receipt', '2026-000002', 1900],
      ['2026-000002', 'credit', '2026-000001', 1900],
      ['2026-000001', 'receipt', undefined, 4900],
    ],
  )
  assert.match(receipts[0]?.lines[0]?.title ?? '', /^Refund that did not go through/)
})

test('A receipt says who sold what to whom, with the tax that is in it, and comes as a letter that says the same', async (t) => {
  const till = await aTill(t)
  const admin = await till.person('Ada', 'admin')
  await admin.client.refunds.putPolicy({ ...USUAL_POLICY, seller: 'School of Light\nHarbour 1, Skagen\nVAT DK12345678' })
  const { learner, teacher, course } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  const { id, checkoutUrl } = await buy(learner, course, { recipient: { kind: 'team', seats: 3 } })
  await till.pay(checkoutUrl)
  const { payments } = till.world
  till.world.payments = {
    ...payments,
    readCheckout: async (session) => ({
      ...(await payments.readCheckout(session)),
      taxMinor: 2939,
      buyer: { name: 'Lena L.', country: 'DK', taxId: 'DK87654321' },
    }),
  }
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  const [receipt] = (await learner.client.receipts.mine({})).receipts
  assert.ok(receipt)
  const { id: _, issuedAt: _at, ...said } = receipt
  assert.deepEqual(said, {
    ...{ number: '2026-000001', kind: 'receipt', order: id, paidAt: '2026-05-04T09:00:00.000Z' },
    seller: { name: 'School of Light', lines: ['Harbour 1, Skagen', 'VAT DK12345678'] },
    buyer: { name: 'Lena L.', email: learner.email, taxId: 'DK87654321', country: 'DK' },
    lines: [{ title: 'Colour', quantity: 3, amount: { amountMinor: 14_700, currency: EUR } }],
    tax: { amountMinor: 2939, currency: EUR },
    total: { amountMinor: 14_700, currency: EUR },
  })
  const letter = till.letters.find(({ subject }) => subject === 'Your receipt 2026-000001')
  assert.equal(letter?.to, learner.email)
  assert.match(letter?.text ?? '', /For Lena L\., tax number DK87654321, DK/)
  assert.match(letter?.text ?? '', /Colour × 3 +147\.00 EUR\nTotal +147\.00 EUR\nof which tax +29\.39 EUR/)
  assert.match(letter?.text ?? '', /\n\nSchool of Light, Harbour 1, Skagen, VAT DK12345678$/)
  assert.match(letter?.html ?? '', /<td[^>]*>Colour × 3<\/td><td[^>]*>147\.00 EUR<\/td>/)
  assert.match(letter?.text ?? '', new RegExp(`http://school\\.test/receipts/${receipt.id}`))
  assert.deepEqual(await learner.client.receipts.receipt({ receipt: receipt.id }), receipt)
  assert.deepEqual(await admin.client.receipts.receipt({ receipt: receipt.id }), receipt)
  const { receipts } = await admin.client.money.order({ order: id })
  assert.deepEqual(
    receipts.map(({ entry: _, ...paper }) => paper),
    [{ id: receipt.id, number: '2026-000001', kind: 'receipt', total: receipt.total, issuedAt: receipt.issuedAt }],
  )
  till.clock.pass(1)
  const { csv } = await admin.client.money.table({ what: 'receipts' })
  assert.match(csv, /"2026-000001",[^\n]*"receipt",,[^\n]*"Lena L\.","lena@lectern\.test","DK","DK87654321","EUR",147\.00,14700,29\.39,2939,"Colour",/)
  assert.equal(await refusalOf(teacher.client.receipts.receipt({ receipt: receipt.id })), 'not-found')
  assert.deepEqual((await teacher.client.receipts.mine({})).receipts, [])
})

test('A receipt is what it was when the policy or the course is another since', async (t) => {
  const till = await aTill(t)
  const { learner, teacher, course } = await aPaidPage(till)
  const admin = await till.person('Ada', 'admin')
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  const before = (await learner.client.receipts.mine({})).receipts
  assert.deepEqual(before[0]?.seller, { name: 'Test School', lines: [] })
  await admin.client.refunds.putPolicy({ ...USUAL_POLICY, seller: 'Somebody Else' })
  await teacher.client.courses.update({ course, title: 'Colours' })
  await teacher.client.courses.publish({ course })
  assert.deepEqual((await learner.client.receipts.mine({})).receipts, before)
})

/** Of an order that was paid once: what its receipt says was bought. */
const saidOf = async (
  school: School,
  learner: string,
  { of, amountMinor, isAssigned }: { of: Partial<StoredOrder>; amountMinor: number; isAssigned: boolean },
) => {
  const order = anOrder({ ...of, learner, state: 'paid', payment: 'pi_1' })
  const shares = isAssigned ? shared(amountMinor, order.courses) : [{ of: 'unassigned', title: 'Unassigned', amountMinor }]
  const at = school.clock.now().toISOString()
  const entry: StoredEntry = {
    id: 'pi_1.charged',
    kind: 'charged',
    order: order.id,
    learner,
    payment: 'pi_1',
    at,
    amount: { amountMinor, currency: EUR },
    shares,
  }
  await school.world.tables.commit([orderRecords.put(order), entryRecords.add(entry)])
  await issue(school.world, { order: order.id, entry: entry.id })
  const [issued] = (await numberRecords.listIndex(school.world.tables, RECEIPTS, { descending: true, limit: 1 })).items
  return issued?.receipt
}

test('A coupon, a gift and money that bought nothing are said to be what they are', async (t) => {
  const price = { amountMinor: 3900, currency: EUR }
  const unit = { amountMinor: 4900, currency: EUR }
  const coupon = { code: 'SPRING', off: { amountMinor: 1000, currency: EUR } }
  for (const [of, amountMinor, isAssigned, expected] of [
    [{ price, unit, coupon }, 3900, true, { lines: [{ title: 'Colour', quantity: 1, amount: unit }], coupon }],
    [{ recipient: { kind: 'gift' } }, 4900, true, { lines: [{ title: 'Colour (a gift)', quantity: 1, amount: unit }] }],
    [{}, 100, false, { lines: [{ title: 'Colour (payment on account)', quantity: 1, amount: { amountMinor: 100, currency: EUR } }] }],
  ] as const) {
    const school = await openSchool()
    t.after(() => school.close())
    const learner = await school.person('Lena')
    const id = await saidOf(school, learner.id, { of, amountMinor, isAssigned })
    const { lines, coupon: said } = await learner.client.receipts.receipt({ receipt: id ?? '' })
    assert.deepEqual({ lines, ...(said && { coupon: said }) }, expected)
  }
})
