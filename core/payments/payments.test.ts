import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { listeners } from '#core/events.ts'
import { hearings } from '#core/platform.ts'
import { events } from '#homes/machine/events.ts'
import { silentLog } from '#homes/machine/log.ts'
import { tables } from '#homes/machine/tables.ts'
import type { StripeEvent } from '#sandbox/stripe/store.ts'
import { buy } from '#test/buy.ts'
import { refusalOf } from '#test/school.ts'
import { aPaidPage, aSale, aTill } from '#test/till.ts'
import { hookRecords } from './records.ts'

const stateOf = async ({ learner, order }: Awaited<ReturnType<typeof aPaidPage>>): Promise<string> =>
  (await learner.client.payments.order({ order: order.id })).state

test('A learner orders a course, pays on the checkout page, and is enrolled when the webhook comes', async (t) => {
  const till = await aTill(t)
  const { learner, course, isEnrolled } = await aSale(till)
  const order = await buy(learner, course)
  assert.equal(order.state, 'open')
  assert.match(order.checkoutUrl ?? '', /^http:\/\/school\.test\/sandbox\/stripe\/checkout\/cs_test_/)
  await till.pay(order.checkoutUrl)
  await till.hooks.arrived(2)
  assert.deepEqual(till.hooks.answers, [200, 200])
  assert.equal(await isEnrolled(), false)
  await till.settle()
  assert.equal(await isEnrolled(), true)
  const after = await learner.client.payments.order({ order: order.id })
  assert.equal(after.state, 'paid')
  assert.equal(after.checkoutUrl, undefined)
  assert.deepEqual(
    (await learner.client.payments.mine({})).orders.map(({ id }) => id),
    [order.id],
  )
  assert.equal(await refusalOf(buy(learner, course)), 'already-enrolled')
})

test('The same webhook delivered twenty times, five at once, enrols once, tells of it once, and writes one letter and one receipt', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const event = await till.event('checkout.session.completed')
  for (let round = 0; round < 4; round += 1) {
    const answers = await Promise.all(Array.from({ length: 5 }, () => till.tell(event)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200, 200],
    )
    await till.settle()
  }
  assert.equal(await paid.isEnrolled(), true)
  assert.equal(till.happened('enrolment.started'), 1)
  assert.equal(till.happened('order.paid'), 1)
  const subjects = till.letters.filter(({ to }) => to === paid.learner.email).map(({ subject }) => subject)
  assert.deepEqual(subjects.toSorted(), ['You are in: Colour', 'Your receipt 2026-000001'])
  assert.equal((await hookRecords.get(till.world.tables, { id: event.id }))?.value.state, 'done')
})

test('Two different events about one paid page, worked off at once, enrol once', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const event = await till.event('checkout.session.completed')
  await Promise.all(['evt_a', 'evt_b', 'evt_c', 'evt_d'].map((id) => till.tell({ ...event, id })))
  await till.settle()
  assert.equal(await stateOf(paid), 'paid')
  assert.equal(till.happened('enrolment.started'), 1)
})

for (const [what, paidWith] of Object.entries({
  'a smaller amount': { amount_total: 100 },
  'another currency': { currency: 'usd' },
  'live money for a test order': { livemode: true },
})) {
  test(`Paying ${what} grants nothing, holds the order and tells the operator once`, async (t) => {
    const till = await aTill(t)
    const paid = await aPaidPage(till, paidWith)
    const event = { ...(await till.event('checkout.session.completed')), livemode: false }
    await till.tell(event)
    await till.tell({ ...event, id: 'evt_again' })
    await till.settle()
    assert.equal(await stateOf(paid), 'held')
    assert.equal(await paid.isEnrolled(), false)
    assert.equal(till.told.length, 1)
    assert.match(till.told[0]?.text ?? '', new RegExp(paid.order.id))
    // Ordering again meets the held order: nobody is charged twice while a person looks at it.
    assert.equal((await buy(paid.learner, paid.course)).id, paid.order.id)
  })
}

test('Every order in which a payment’s events can arrive ends the same', async (t) => {
  const till = await aTill(t)
  const { course } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  const orders = permutations([0, 1, 2, 3])
  for (const [run, order] of orders.entries()) {
    const learner = await till.person(`Learner${run}`)
    const { id, checkoutUrl } = await buy(learner, course)
    await till.pay(checkoutUrl)
    const completed = await till.event('checkout.session.completed')
    const story: StripeEvent[] = [
      completed,
      { ...completed, id: `evt_second_${run}` },
      // A lie about the state: what counts is what the provider says when it is asked.
      { ...completed, id: `evt_expired_${run}`, type: 'checkout.session.expired' },
      await till.event('payment_intent.succeeded'),
    ]
    for (const place of order) {
      const event = story[place]
      if (event) assert.equal((await till.tell(event)).status, 200)
      await till.settle()
    }
    assert.equal((await learner.client.payments.order({ order: id })).state, 'paid', `order ${order.join('')}`)
  }
  assert.equal(orders.length, 24)
  assert.equal(till.happened('enrolment.started'), 24)
  assert.equal(till.told.length, 0)
})

test('News that a page expired, told before its payment or long after, never takes a payment back', async (t) => {
  const till = await aTill(t)
  await till.faults({ webhooks: 'drop' })
  const { learner, course, isEnrolled } = await aSale(till)
  const first = await buy(learner, course)
  await till.expire(first.checkoutUrl)
  till.clock.pass(200)
  const second = await buy(learner, course)
  const expired = await till.event('checkout.session.expired')
  await till.tell(expired)
  await till.settle()
  assert.equal((await learner.client.payments.order({ order: first.id })).state, 'open')
  await till.pay(second.checkoutUrl)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  till.clock.pass(3 * 24 * 3600)
  await till.tell({ ...expired, id: 'evt_late' })
  await till.settle()
  assert.equal((await learner.client.payments.order({ order: first.id })).state, 'paid')
  assert.equal(await isEnrolled(), true)
})

test('What was stored before a crash is worked off by the process that comes after it', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  await till.tell(await till.event('checkout.session.completed'))
  const outbox = events({ file: till.file, clock: till.clock, log: silentLog })
  const world = { ...till.world, events: outbox, tables: tables({ file: till.file, outbox }) }
  outbox.listen(listeners(world, hearings))
  await outbox.drain()
  assert.equal(await paid.isEnrolled(), true)
  assert.equal(till.happened('enrolment.started'), 1)
})

test('A webhook that comes while the provider cannot be asked is worked off when it can', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const event = await till.event('checkout.session.completed')
  await till.faults({ api: '500' })
  assert.equal((await till.tell(event)).status, 200)
  await till.settle()
  assert.equal(await paid.isEnrolled(), false)
  await till.faults({ api: 'none' })
  till.clock.pass(60)
  await till.settle()
  assert.equal(await paid.isEnrolled(), true)
})

test('Someone who was let in by other means has still paid, and is not enrolled twice', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const since = till.clock.now().toISOString()
  await till.world.tables.commit([
    enrolmentRecords.add({ learner: paid.learner.id, course: paid.course, since, facts: [{ id: 'fct_1', kind: 'gifted', at: since }] }),
  ])
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  assert.equal(await stateOf(paid), 'paid')
  assert.equal(till.happened('order.paid'), 1)
  assert.equal(till.happened('enrolment.started'), 0)
})

test('A page paid after its course was removed grants nothing, and the operator hears of it', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  await paid.teacher.client.courses.unpublish({ course: paid.course })
  await paid.teacher.client.courses.remove({ course: paid.course })
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  assert.equal(await stateOf(paid), 'held')
  assert.equal(await paid.isEnrolled(), false)
  assert.match(till.told[0]?.text ?? '', /has been removed/)
})

test('News the school does not understand is kept, visibly, and the operator hears of its kind once', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const event = await till.event('checkout.session.completed')
  const stateIs = async (id: string) => (await hookRecords.get(till.world.tables, { id }))?.value.state
  await till.tell({ ...event, id: 'evt_strange1', type: 'issuing_card.created' })
  await till.tell({ ...event, id: 'evt_strange2', type: 'issuing_card.created' })
  await till.tell({ ...event, id: 'evt_live', livemode: true })
  await till.tell({ ...event, id: 'evt_plain', type: 'charge.succeeded' })
  await till.settle()
  assert.deepEqual([await stateIs('evt_strange1'), await stateIs('evt_strange2'), await stateIs('evt_live')], ['parked', 'parked', 'parked'])
  assert.equal((await hookRecords.listIndex(till.world.tables, 'hooks#parked')).items.length, 3)
  assert.equal((await hookRecords.listIndex(till.world.tables, 'hooks#ignored')).items.length, 1)
  assert.deepEqual(new Set(till.told.map(({ id }) => id)).size, 2)
  assert.equal(await stateOf(paid), 'open')
})

function permutations(of: number[]): number[][] {
  return of.length < 2 ? [of] : of.flatMap((first) => permutations(of.filter((each) => each !== first)).map((rest) => [first, ...rest]))
}
