import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policyRecords, USUAL_POLICY } from '#core/refunds/policy.ts'
import { refusalOf } from '#test/school.ts'
import { aMembersSchool, type MembersSchool } from './school.fixture.ts'

const MEMBERSHIP = { kind: 'membership' as const, trialDays: 0 }
const HOUR = 3600

/** A month on: the renewal is due, and the card does as it is told. */
const renewing = async (school: MembersSchool, card: 'declines' | 'asks') => {
  const begun = await school.subscribe(await school.anOffer(MEMBERSHIP))
  school.provider.card(begun.subscription, card)
  school.days(31)
  await school.tell(begun.subscription, 'invoice.payment_failed')
  return begun
}

test('A renewal that fails to the end: access goes on for 72 hours, one letter a step, then it closes, and opens again once paid', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription, order } = await renewing(school, 'declines')
  const mine = await school.mine()
  assert.deepEqual([mine.state, mine.graceUntil, mine.retryAt], ['grace', '2026-06-07T09:00:00.000Z', '2026-06-05T09:00:00.000Z'])
  assert.match(mine.payUrl ?? '', /^http:\/\/pay\.test\/in_/)
  const first = school.mail().at(-1)
  assert.match(
    first?.text ?? '',
    /15\.00 EUR[\s\S]*stays open to you until 7 June 2026 at 09:00 \(UTC\)[\s\S]*tried again on 5 June 2026[\s\S]*http:\/\/pay\.test\/in_/,
  )
  for (let hour = 0; hour < 72; hour += 1) {
    school.clock.pass(HOUR)
    // Of each thing that happens the provider tells several times.
    for (const type of ['invoice.payment_failed', 'customer.subscription.updated']) await school.tell(subscription, type)
    assert.equal(await school.isOpen(), true, `hour ${hour}`)
  }
  school.clock.pass(HOUR)
  await school.tell(subscription)
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['lapsed', false])
  assert.equal(await refusalOf(school.learner.client.learning.lesson({ lesson: school.lesson })), 'access-ended')
  const steps = ['A payment did not go through', 'Still not paid', 'Your access closes soon', 'Still not paid', 'Closed for now']
  assert.deepEqual(
    school.subjects().slice(1),
    steps.map((step) => `${step}: All of it`),
  )
  school.days(6)
  await school.tell(subscription)
  school.provider.settle(subscription)
  const started = school.clock.now().getTime()
  await school.tell(subscription, 'invoice.paid')
  assert.deepEqual([(await school.mine()).state, await school.isOpen(), school.clock.now().getTime() - started], ['active', true, 0])
  assert.deepEqual(school.subjects().slice(6), ['Paid, all is well: All of it'])
  assert.equal((await school.booked(order)).length, 2)
  assert.equal((await school.mine()).payUrl, undefined)
})

test('A bank that wants a confirmation: the letter leads to it, and confirming is all there is to do', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription } = await renewing(school, 'asks')
  await school.tell(subscription, 'invoice.payment_action_required')
  assert.deepEqual(school.subjects().slice(1), ['Please confirm a payment: All of it'])
  assert.match(school.mail().at(-1)?.text ?? '', /Confirm the payment: http:\/\/pay\.test\/in_/)
  school.clock.pass(HOUR)
  school.provider.settle(subscription)
  await school.tell(subscription, 'invoice.paid')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['active', true])
})

test('A retry that goes through within the grace is never felt, and said once', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription } = await renewing(school, 'declines')
  school.provider.card(subscription, 'pays')
  school.clock.pass(25 * HOUR)
  await school.tell(subscription, 'invoice.paid')
  await school.tell(subscription)
  assert.deepEqual(school.subjects().slice(1), ['A payment did not go through: All of it', 'Paid, all is well: All of it'])
  assert.equal((await school.mine()).paidUntil, '2026-07-04T09:00:00.000Z')
})

test('Nobody is cut while the provider cannot be read, until a week after what they paid for', async (t) => {
  const school = await aMembersSchool(t)
  await renewing(school, 'declines')
  school.provider.state.isDown = true
  school.days(6)
  await school.run('memberships.read-due')
  assert.equal(await school.isOpen(), true)
  school.clock.pass(25 * HOUR)
  await school.run('memberships.read-due')
  assert.equal(await school.isOpen(), false)
})

test('A letter that the post took late does not say what is no longer so', async (t) => {
  const school = await aMembersSchool(t)
  const post = school.world.mail
  const { subscription } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  school.provider.card(subscription, 'declines')
  school.days(31)
  school.world.mail = { send: () => Promise.reject(new Error('The post is down.')) }
  await school.tell(subscription, 'invoice.payment_failed')
  school.provider.settle(subscription)
  await school.tell(subscription, 'invoice.paid')
  school.world.mail = post
  school.clock.pass(HOUR)
  await school.settle()
  assert.deepEqual(school.subjects().slice(1), ['Paid, all is well: All of it'])
})

test('The school’s own grace counts, also none at all', async (t) => {
  for (const graceHours of [0, 24, 168]) {
    const school = await aMembersSchool(t)
    await school.world.tables.commit([policyRecords.put({ id: 'money', ...USUAL_POLICY, graceHours })])
    const { subscription } = await renewing(school, 'declines')
    school.clock.pass(graceHours * HOUR)
    await school.tell(subscription)
    assert.equal(await school.isOpen(), graceHours < 168, `${graceHours} hours on`)
    school.clock.pass(HOUR)
    await school.tell(subscription)
    assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['lapsed', false])
  }
})

test('Whoever cancels while they owe is charged no more, and may begin anew', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription, membership } = await renewing(school, 'declines')
  const cancelled = await school.learner.client.memberships.cancel({ membership })
  await school.settle()
  assert.equal(cancelled.payUrl, undefined)
  assert.equal(school.provider.subscription(subscription).status, 'canceled')
  assert.equal(school.subjects().at(-1), 'Cancelled: All of it')
  assert.match(school.mail().at(-1)?.text ?? '', /stays open to you until 7 June 2026/)
  school.days(4)
  await school.run('memberships.read-due')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['ended', false])
  const again = await school.subscribe(await school.anOffer(MEMBERSHIP))
  assert.notEqual(again.membership, membership)
  assert.equal(await school.isOpen(), true)
})

test('Paid after the provider has given up: open for the month that was paid, and not renewed', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription, order } = await renewing(school, 'declines')
  await school.provider.end(subscription)
  school.days(4)
  await school.tell(subscription, 'customer.subscription.deleted')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['ended', false])
  school.provider.settle(subscription)
  await school.tell(subscription, 'invoice.paid')
  const mine = await school.mine()
  assert.deepEqual([mine.state, mine.endsAt, await school.isOpen()], ['active', '2026-07-04T09:00:00.000Z', true])
  assert.equal(school.subjects().at(-1), 'Paid, all is well: All of it')
  school.days(27)
  await school.run('memberships.read-due')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['ended', false])
  assert.deepEqual([(await school.booked(order)).length, school.told], [2, []])
})

test('Money that comes in when its time is over is booked, opens nothing, and a person is told', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription, order } = await renewing(school, 'declines')
  await school.provider.end(subscription)
  school.days(60)
  await school.tell(subscription, 'customer.subscription.deleted')
  school.provider.settle(subscription)
  await school.tell(subscription, 'invoice.paid')
  await school.tell(subscription, 'customer.subscription.updated')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['ended', false])
  assert.equal((await school.booked(order)).length, 2)
  assert.equal(school.told.filter(({ subject }) => subject.includes('once too often')).length, 1)
})
