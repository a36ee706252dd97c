import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withFact } from '#core/enrolments/enrolments.ts'
import { orderRecords } from '#core/payments/records.ts'
import { rewrite } from '#core/payments/settle.ts'
import { type Turn, turning } from '#core/payments/take.ts'
import { anOrder } from '#test/payments.ts'
import { aMembersSchool, type MembersSchool } from './school.fixture.ts'

const MEMBERSHIP = { kind: 'membership' as const, trialDays: 0 }

/** What the processing of refunds and disputes does, of an order. */
const turn = async (school: MembersSchool, order: string, kind: Turn['kind']): Promise<void> => {
  await rewrite(school.world, order, async ({ value }) => turning(school.world, value, { kind, at: school.clock.now().toISOString(), id: kind }))
  await school.settle()
}

test('A membership that was refunded ends at once, with the provider too, and nothing that comes later brings it back', async (t) => {
  const school = await aMembersSchool(t)
  const { order, subscription } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  school.days(5)
  await turn(school, order, 'refunded')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['ended', false])
  assert.equal(school.provider.subscription(subscription).status, 'canceled')
  assert.equal(school.subjects().at(-1), 'Refunded: All of it')
  for (const type of ['invoice.paid', 'customer.subscription.updated']) await school.tell(subscription, type)
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['ended', false])
  assert.ok(await orderRecords.get(school.world.tables, { id: order }))
})

test('While the provider is down a refund ends access at once, and the provider is told as soon as it is back', async (t) => {
  const school = await aMembersSchool(t)
  const { order, subscription } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  school.provider.state.isDown = true
  await turn(school, order, 'refunded')
  assert.equal(await school.isOpen(), false)
  school.days(2)
  school.provider.state.isDown = false
  await school.run('memberships.read-due')
  assert.equal(school.provider.subscription(subscription).status, 'canceled')
})

test('A dispute pauses; won, all is as it would have been; a renewal meanwhile is booked', async (t) => {
  const school = await aMembersSchool(t)
  const { order, subscription } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  school.days(20)
  await turn(school, order, 'disputed')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['paused', false])
  assert.equal(school.subjects().at(-1), 'On hold: All of it')
  school.days(20)
  await school.tell(subscription, 'invoice.paid')
  assert.deepEqual([(await school.mine()).state, await school.isOpen(), (await school.booked(order)).length], ['paused', false, 2])
  await turn(school, order, 'cleared')
  await school.run('memberships.read-due')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['active', true])
  assert.equal(school.subjects().at(-1), 'Open again: All of it')
  school.days(10)
  await school.run('memberships.read-due')
  assert.equal(await school.isOpen(), true)
})

test('A dispute that is lost after all ends it for good, with the provider too, and winning it too late opens nothing', async (t) => {
  const school = await aMembersSchool(t)
  const { order, subscription } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  await turn(school, order, 'disputed')
  school.clock.pass(60)
  await turn(school, order, 'lost')
  assert.deepEqual([(await school.mine()).state, school.provider.subscription(subscription).status], ['ended', 'canceled'])
  assert.deepEqual(school.subjects().slice(-2), ['On hold: All of it', 'Ended: All of it'])
  for (const later of ['cleared', 'refunded'] as const) {
    school.clock.pass(60)
    await turn(school, order, later)
    assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['ended', false])
  }
})

test('A plan that is all paid survives a dispute that is won, and not a refund', async (t) => {
  const school = await aMembersSchool(t)
  const { order, subscription } = await school.subscribe(await school.anOffer({ kind: 'instalments', count: 2 }))
  school.days(31)
  await school.tell(subscription, 'invoice.paid')
  await turn(school, order, 'disputed')
  assert.equal(await school.isOpen(), false)
  school.clock.pass(60)
  await turn(school, order, 'cleared')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['complete', true])
  school.clock.pass(60)
  await turn(school, order, 'refunded')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['ended', false])
})

test('Whoever keeps a course by a membership is not told that a purchase of it is on hold, or open again', async (t) => {
  const school = await aMembersSchool(t)
  const { learner, course, world } = school
  const at = () => school.clock.now().toISOString()
  const bought = anOrder({ id: 'ord_00000001', learner: learner.id, courses: [{ id: course, slug: 'colour', title: 'Colour' }] })
  const { order } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  await world.tables.commit([withFact(undefined, { learner: learner.id, course }, { id: 'fct_paid', kind: 'paid', at: at(), order: bought.id })])
  const told = async (kind: Turn['kind']) => {
    school.days(1)
    const { changes, events } = await turning(world, bought, { kind, at: at(), id: `${kind}.${at()}` })
    await world.tables.commit(changes)
    return events.map(({ name }) => name)
  }
  assert.deepEqual([await told('disputed'), await school.isOpen(), await told('cleared')], [[], true, []])
  await turn(school, order, 'refunded')
  assert.deepEqual([await told('disputed'), await school.isOpen(), await told('cleared')], [['enrolment.ended'], false, ['enrolment.returned']])
})
