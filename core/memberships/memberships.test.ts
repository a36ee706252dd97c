import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalOf } from '#test/school.ts'
import { aMembersSchool, EUR } from './school.fixture.ts'
import { bringUpToDate } from './standing.ts'

const MEMBERSHIP = { kind: 'membership' as const, trialDays: 0 }

test('Somebody who begins a membership is let in at once, is welcomed, and the first payment is in the books', async (t) => {
  const school = await aMembersSchool(t)
  const { order, membership } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  assert.equal(await school.isOpen(), true)
  const mine = await school.mine()
  assert.deepEqual([mine.state, mine.kind, mine.price, mine.paidUntil, mine.endsAt], ['active', 'membership', EUR(1500), '2026-06-04T09:00:00.000Z', undefined])
  assert.deepEqual(
    mine.courses.map(({ id }) => id),
    [school.course],
  )
  assert.deepEqual(school.subjects(), ['You are a member: All of it'])
  const told = await school.learner.client.payments.order({ order })
  assert.deepEqual([told.state, told.membership], ['paid', membership])
  const [entry, ...rest] = await school.booked(order)
  assert.deepEqual([entry?.kind, entry?.amount, entry?.shares.map(({ title }) => title), rest.length], ['charged', EUR(1500), ['All of it'], 0])
})

test('A trial opens everything with nothing paid, is announced three days before it ends, and is charged for then', async (t) => {
  const school = await aMembersSchool(t)
  const { order, subscription } = await school.subscribe(await school.anOffer({ kind: 'membership', trialDays: 14 }))
  assert.equal((await school.mine()).state, 'trial')
  assert.equal(await school.isOpen(), true)
  assert.deepEqual(await school.booked(order), [])
  school.days(10)
  await school.run('memberships.read-due')
  assert.deepEqual(school.subjects(), ['Your trial has begun: All of it'])
  school.clock.pass(25 * 3600)
  await school.run('memberships.read-due')
  await school.tell(subscription, 'customer.subscription.trial_will_end')
  assert.deepEqual(school.subjects().slice(1), ['Your trial ends on 18 May 2026: All of it'])
  school.days(3)
  await school.tell(subscription, 'invoice.paid')
  const mine = await school.mine()
  assert.deepEqual([mine.state, mine.paidUntil], ['active', '2026-06-18T09:00:00.000Z'])
  assert.deepEqual(
    (await school.booked(order)).map(({ amount }) => amount.amountMinor),
    [1500],
  )
})

test('News that overtakes the checkout’s own settles the order first; told twenty times, it begins and books once', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription, order } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  for (let time = 0; time < 20; time += 1) await school.tell(subscription, 'invoice.paid')
  assert.equal((await school.booked(order)).length, 1)
  assert.equal(school.subjects().length, 1)
  assert.equal((await school.learner.client.memberships.mine({})).memberships.length, 1)
})

test('Twenty at once who hear of a renewal book it once, and all are answered', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription, order } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  school.days(31)
  const answers = await Promise.all(Array.from({ length: 20 }, () => bringUpToDate(school.world, subscription)))
  assert.deepEqual([answers.filter((odd) => odd !== undefined), (await school.booked(order)).length], [[], 2])
})

test('A year of renewals books each month once and never shuts the door, with webhooks as without', async (t) => {
  for (const hasNews of [true, false]) {
    const school = await aMembersSchool(t)
    const { subscription, order } = await school.subscribe(await school.anOffer(MEMBERSHIP))
    for (let day = 0; day < 364; day += 2) {
      school.days(2)
      if (hasNews) await school.tell(subscription, 'invoice.paid')
      else await school.run('memberships.read-due')
      assert.equal(await school.isOpen(), true, `day ${day}`)
    }
    assert.equal((await school.booked(order)).length, 12)
    assert.equal((await school.mine()).paidUntil, '2027-05-04T09:00:00.000Z')
    assert.equal(school.subjects().length, 1)
  }
})

test('With webhooks off a renewal, a failure and a payment are each seen within ten minutes', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  school.days(31)
  await school.wait(0.01)
  assert.equal((await school.mine()).paidUntil, '2026-07-04T09:00:00.000Z')
  school.provider.card(subscription, 'declines')
  school.days(30)
  await school.wait(0.01)
  assert.equal((await school.mine()).state, 'grace')
  school.provider.settle(subscription)
  await school.wait(0.01)
  assert.equal((await school.mine()).state, 'active')
})

test('A cancelled membership stays open to the end of what is paid for, and is then told of once', async (t) => {
  const school = await aMembersSchool(t)
  const { membership, subscription } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  const cancelled = await school.learner.client.memberships.cancel({ membership })
  await school.settle()
  assert.deepEqual([cancelled.state, cancelled.endsAt], ['active', '2026-06-04T09:00:00.000Z'])
  assert.equal(school.subjects().at(-1), 'Cancelled: All of it')
  school.days(30)
  await school.run('memberships.read-due')
  assert.equal(await school.isOpen(), true)
  school.days(1)
  await school.wait(0.02)
  assert.equal(await school.isOpen(), false)
  assert.equal((await school.mine()).state, 'ended')
  assert.equal(school.subjects().at(-1), 'Your membership has ended: All of it')
  const told = school.subjects().length
  const { reads } = school.provider.state
  await school.tell(subscription, 'customer.subscription.deleted')
  school.days(40)
  await school.run('memberships.read-due')
  assert.equal(school.subjects().length, told)
  assert.equal(school.provider.state.reads, reads + 1, 'what has ended is not asked about by itself')
})

test('A cancelled membership is resumed, here or on the provider’s page, and goes on', async (t) => {
  const school = await aMembersSchool(t)
  const { membership, subscription } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  const { client } = school.learner
  await client.memberships.cancel({ membership })
  await school.settle()
  assert.equal(await refusalOf(client.memberships.cancel({ membership })), 'conflict')
  const resumed = await client.memberships.resume({ membership })
  await school.settle()
  assert.deepEqual([resumed.state, resumed.endsAt], ['active', undefined])
  assert.equal(await refusalOf(client.memberships.resume({ membership })), 'conflict')
  await client.memberships.cancel({ membership })
  await school.settle()
  await school.provider.payments.resumeSubscription(subscription)
  await school.tell(subscription)
  await school.settle()
  assert.deepEqual(school.subjects().slice(1), ['Cancelled: All of it', 'It goes on: All of it', 'Cancelled: All of it', 'It goes on: All of it'])
  school.days(31)
  await school.tell(subscription, 'invoice.paid')
  assert.equal(await school.isOpen(), true)
})

test('What the provider’s own people end at once stays open while it is paid for', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  school.days(3)
  await school.provider.end(subscription)
  await school.tell(subscription, 'customer.subscription.deleted')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['active', true])
  school.days(29)
  await school.run('memberships.read-due')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['ended', false])
})

test('Nobody reaches somebody else’s membership by any verb', async (t) => {
  const school = await aMembersSchool(t)
  const offer = await school.anOffer(MEMBERSHIP)
  const { membership } = await school.subscribe(offer)
  const { client } = await school.person('Stefan')
  const change = { membership, offer, every: 'year' as const }
  for (const attempt of [
    client.memberships.cancel({ membership }),
    client.memberships.resume({ membership }),
    client.memberships.portal({ membership }),
    client.memberships.previewChange(change),
    client.memberships.change({ ...change, shown: EUR(0) }),
  ]) {
    assert.equal(await refusalOf(attempt), 'not-found')
  }
  assert.deepEqual(await client.memberships.mine({}), { memberships: [] })
  assert.equal(await refusalOf(school.visitor.memberships.mine({})), 'not-signed-in')
})

test('While the provider is down verbs say so, access and lists go on, and nothing is lost', async (t) => {
  const school = await aMembersSchool(t)
  const offer = await school.anOffer(MEMBERSHIP)
  const { membership, subscription } = await school.subscribe(offer)
  const { client } = school.learner
  school.provider.state.isDown = true
  const change = { membership, offer, every: 'year' as const }
  for (const attempt of [client.memberships.cancel({ membership }), client.memberships.portal({ membership }), client.memberships.previewChange(change)]) {
    assert.equal(await refusalOf(attempt), 'payments-down')
  }
  school.days(33)
  await school.run('memberships.read-due')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['active', true])
  await school.tell(subscription, 'invoice.paid')
  school.provider.state.isDown = false
  await school.run('memberships.read-due')
  school.clock.pass(600)
  await school.settle()
  await school.run('memberships.read-due')
  assert.equal((await school.mine()).paidUntil, '2026-07-04T09:00:00.000Z')
})

test('The provider’s page is opened for its own customer, and leads back', async (t) => {
  const school = await aMembersSchool(t)
  const { membership } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  const { url } = await school.learner.client.memberships.portal({ membership })
  assert.equal(url, 'http://pay.test/portal/cus_1?back=http://school.test/purchases')
})

test('Whoever takes up their trial again reads that it is free until it ends, not that it is paid for', async (t) => {
  const school = await aMembersSchool(t)
  const { membership } = await school.subscribe(await school.anOffer({ kind: 'membership', trialDays: 14 }))
  await school.learner.client.memberships.cancel({ membership })
  await school.learner.client.memberships.resume({ membership })
  await school.settle()
  assert.match(school.mail().at(-1)?.text ?? '', /It is free until 18 May 2026 and is renewed then at 15\.00 EUR a month/)
})

test('Letters say the price exactly in every currency, however many digits its minor unit has', async (t) => {
  for (const [currency, amountMinor, words] of [
    ['HUF', 499_000, '4990.00 HUF'],
    ['IQD', 25_000_000, '25000.000 IQD'],
    ['JPY', 1500, '1500 JPY'],
  ] as const) {
    const school = await aMembersSchool(t)
    const offer = await school.anOffer({ kind: 'membership', trialDays: 0 }, { prices: [{ every: 'month', price: { amountMinor, currency } }] })
    await school.subscribe(offer)
    assert.match(school.mail()[0]?.text ?? '', new RegExp(`renewed at ${words} a month`))
  }
})

test('Nobody is charged again whose account is closed: the membership is not renewed, and the owner is told once', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription, order } = await school.subscribe(await school.anOffer({ kind: 'membership', trialDays: 0 }))
  await school.world.identity.disable(school.learner.id)
  await school.wait(3, 360)
  assert.notEqual(school.provider.subscription(subscription).endsAt, undefined)
  assert.equal(school.told.filter(({ subject }) => subject.startsWith('A membership of a closed account')).length, 1)
  await school.wait(40, 720)
  assert.equal((await school.booked(order)).length, 1)
})
