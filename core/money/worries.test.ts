import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buy } from '#test/buy.ts'
import { aPaidPage, aSale, aTill, type Till } from '#test/till.ts'
import { readDisputes } from './worries.ts'

const told = async (till: Till, ...types: string[]): Promise<void> => {
  for (const type of types) await till.tell(await till.event(type))
  await till.settle()
}

test('An open dispute needs the owner until the bank has decided, with its reason and the day it has to be answered by', async (t) => {
  const till = await aTill(t)
  const { client } = await till.person('Olive', 'admin')
  const { order } = await aPaidPage(till)
  await told(till, 'checkout.session.completed')
  assert.deepEqual([(await client.money.overview({})).disputed, (await client.money.orders({ worry: 'disputed' })).orders], [0, []])
  await till.dispute(order.checkoutUrl)
  await told(till, 'charge.dispute.created')
  const { disputed, answerBy } = await client.money.overview({})
  const { disputes, receipts } = await client.money.order({ order: order.id })
  assert.deepEqual([disputed, disputes.map(({ outcome }) => outcome), disputes[0]?.answerBy], [1, ['open'], answerBy])
  assert.ok(answerBy !== undefined && disputes[0]?.reason !== '')
  assert.ok(receipts.every(({ issuedAt }) => issuedAt !== undefined))
  assert.deepEqual(
    (await client.money.orders({ worry: 'disputed' })).orders.map(({ id }) => id),
    [order.id],
  )
  const [row] = (await client.money.revenue({ months: 1 })).rows
  assert.deepEqual([row?.backMinor, row?.bankMinor], [0, 4900])
  await till.dispute(order.checkoutUrl, 'won')
  await told(till, 'charge.dispute.closed')
  assert.equal((await client.money.overview({})).disputed, 0)
  assert.equal((await client.money.revenue({ months: 1 })).rows[0]?.bankMinor, 0)
})

test('A dispute that is won while nobody hears of it gives access back within six hours, however long it took', async (t) => {
  const till = await aTill(t)
  const { order, course, learner } = await aPaidPage(till)
  await told(till, 'checkout.session.completed')
  await till.dispute(order.checkoutUrl)
  await told(till, 'charge.dispute.created')
  const isOpen = async (): Promise<boolean> => (await learner.client.learning.curriculum({ course })).isEnrolled
  assert.equal(await isOpen(), false)
  till.clock.pass(80 * 24 * 3600)
  await till.dispute(order.checkoutUrl, 'won')
  till.clock.pass(40 * 24 * 3600)
  await till.faults({ api: 'down' })
  await readDisputes.run(till.world)
  assert.equal(await isOpen(), false)
  await till.faults({ api: 'none' })
  till.clock.pass(60)
  await readDisputes.run(till.world)
  await readDisputes.run(till.world)
  assert.equal(await isOpen(), true)
})

test('A fraud warning needs the owner until something is given back, or until two months have passed', async (t) => {
  const till = await aTill(t)
  const { client } = await till.person('Olive', 'admin')
  const { order, course } = await aPaidPage(till)
  await told(till, 'checkout.session.completed')
  await till.warn(order.checkoutUrl)
  await told(till, 'radar.early_fraud_warning.created')
  const warned = async (): Promise<number> => (await client.money.overview({})).warned
  assert.equal(await warned(), 1)
  await client.refunds.make({ order: order.id, amountMinor: 4900, key: 'warned-and-back' })
  await till.settle()
  assert.equal(await warned(), 0)
  const other = await buy(await till.person('Marek'), course)
  await till.pay(other.checkoutUrl)
  await told(till, 'checkout.session.completed')
  await till.warn(other.checkoutUrl)
  await told(till, 'radar.early_fraud_warning.created')
  assert.equal(await warned(), 1)
  till.clock.pass(61 * 24 * 3600)
  assert.equal(await warned(), 0)
})

test('Orders that wait for a provider that is down are told, and so are empty seller lines', async (t) => {
  const till = await aTill(t)
  const { client } = await till.person('Olive', 'admin')
  const { learner, course } = await aSale(till)
  await till.faults({ api: 'down' })
  await buy(learner, course)
  const { unreached, hasSeller } = await client.money.overview({})
  assert.deepEqual([unreached, hasSeller], [1, false])
  await client.refunds.putPolicy({ ...(await client.refunds.policy({})), seller: 'The School Ltd' })
  assert.equal((await client.money.overview({})).hasSeller, true)
})

test('An order is found by the number of its receipt, and a number nobody has finds none', async (t) => {
  const till = await aTill(t)
  const { client } = await till.person('Olive', 'admin')
  const { order } = await aPaidPage(till)
  await told(till, 'checkout.session.completed')
  const [receipt] = (await client.money.order({ order: order.id })).receipts
  const found = await client.money.orders({ receipt: receipt?.number ?? '' })
  assert.deepEqual(
    found.orders.map(({ id }) => id),
    [order.id],
  )
  assert.deepEqual((await client.money.orders({ receipt: '2026-999999' })).orders, [])
})
