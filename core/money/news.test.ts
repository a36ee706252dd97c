import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hookRecords } from '#core/payments/records.ts'
import { PaymentsUnavailable } from '#ports/payments.ts'
import { aPaidPage, aTill, type Till } from '#test/till.ts'

const HOUR = 3600

/** So many hours of a home at work: what is due is delivered, and the timer runs. */
const hours = async (till: Till, count: number, timer: string): Promise<void> => {
  const { run } = till.timers.find(({ name }) => name === timer) ?? {}
  for (let hour = 0; hour < count; hour += 1) {
    till.clock.pass(HOUR)
    await run?.(till.world)
    await till.settle()
  }
}

test('A dispute that could not be read while the provider was down for five days is acted on within hours of its return', async (t) => {
  const till = await aTill(t)
  const { learner, order } = await aPaidPage(till)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  await till.dispute(order.checkoutUrl)
  const { payments } = till.world
  till.world.payments = { ...payments, readPayment: () => Promise.reject(new PaymentsUnavailable('The breaker is open.')) }
  const news = await till.event('charge.dispute.created')
  await till.tell(news)
  await till.settle()
  await hours(till, 5 * 24, 'money.retry-received')
  const hook = async () => (await hookRecords.get(till.world.tables, { id: news.id }))?.value
  assert.equal((await hook())?.state, 'received')
  assert.ok(till.told.some(({ subject }) => subject.startsWith('Given up')))

  till.world.payments = payments
  await hours(till, 7, 'money.retry-received')
  assert.equal((await hook())?.state, 'done')
  assert.ok(till.told.some(({ subject }) => subject === 'A payment is disputed: Colour'))
  assert.deepEqual(await till.world.events.deadLetters(), [])
  assert.equal((await learner.client.payments.order({ order: order.id })).state, 'paid')
})

test('News that was taken up by a click and given up is tried again as well, and none for longer than thirty days', async (t) => {
  const till = await aTill(t)
  const owner = await till.person('Olive', 'admin')
  await aPaidPage(till)
  const news = await till.event('checkout.session.completed')
  await till.tell(news)
  await till.settle()
  let tries = 0
  const { payments } = till.world
  const readCheckout = async (): Promise<never> => {
    tries += 1
    throw new PaymentsUnavailable('Gone fishing.')
  }
  till.world.payments = { ...payments, readCheckout }
  await owner.client.money.replayNews({ news: news.id })
  await till.settle()
  await hours(till, 4 * 24, 'money.retry-received')
  assert.ok(tries > 28, `${tries}`)
  await hours(till, 30 * 24, 'money.retry-received')
  const before = tries
  await hours(till, 4 * 24, 'money.retry-received')
  assert.equal(tries, before)
  assert.equal((await till.world.events.deadLetters()).length, 1)
})
