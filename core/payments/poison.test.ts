import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sign } from '#sandbox/stripe/deliveries.ts'
import { buy } from '#test/buy.ts'
import { aSale, aTill, type Till, WEBHOOK_SECRET } from '#test/till.ts'
import { hookRecords } from './records.ts'

const HOUR = 3600

const send = (till: Till, event: object): Promise<{ status: number }> => {
  const body = JSON.stringify({ object: 'event', created: Math.floor(till.clock.now().getTime() / 1000), livemode: false, ...event })
  return till.deliver(body, sign(body, WEBHOOK_SECRET, Math.floor(till.clock.now().getTime() / 1000)))
}
const hookOf = async (till: Till, id: string) => (await hookRecords.get(till.world.tables, { id }))?.value

test('News that always fails holds no other up, is tried ever more rarely, and after three days the owner is told of it once', {
  timeout: 60_000,
}, async (t) => {
  const till = await aTill(t)
  const { learner, course, isEnrolled } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  const { payments } = till.world
  const tries: number[] = []
  let isPoisonous = true
  till.world.payments = {
    ...payments,
    readCheckout: async (session) => {
      if (session !== 'cs_poison') return payments.readCheckout(session)
      tries.push(till.clock.now().getTime())
      if (isPoisonous) throw new TypeError('This was never thought of.')
      return payments.readCheckout(String((await till.event('checkout.session.completed')).data.object['id']))
    },
  }
  await send(till, { id: 'evt_poison', type: 'checkout.session.completed', data: { object: { id: 'cs_poison', object: 'checkout.session' } } })
  await till.settle()
  await till.pay((await buy(learner, course)).checkoutUrl)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  assert.equal(await isEnrolled(), true)

  const given = () => till.told.filter(({ subject }) => subject.startsWith('Given up'))
  const began = till.clock.now().getTime()
  while (given().length === 0) {
    till.clock.pass(HOUR / 2)
    await till.settle()
    assert.ok(till.clock.now().getTime() - began < 10 * 24 * HOUR * 1000)
  }
  const days = (till.clock.now().getTime() - began) / (24 * HOUR * 1000)
  t.diagnostic(`given up after ${days.toFixed(1)} days and ${tries.length} tries`)
  assert.ok(days > 2.2 && days < 4.5, `${days}`)
  assert.ok(tries.length < 40)
  const waits = tries.slice(1).map((at, place) => at - (tries[place] ?? 0))
  assert.ok((waits.at(-1) ?? 0) > 2 * HOUR * 1000)
  till.clock.pass(24 * HOUR)
  await till.settle()
  assert.deepEqual([given().length, (await hookOf(till, 'evt_poison'))?.state], [1, 'received'])
  assert.match(given()[0]?.text ?? '', /payments\.process.*This was never thought of/s)

  // Once the cause is mended an admin has it tried again.
  isPoisonous = false
  const admin = await till.person('Ada', 'admin')
  const { letters } = await admin.client.operations.deadLetters({})
  assert.deepEqual(
    letters.map(({ listener }) => listener),
    ['payments.process'],
  )
  await admin.client.operations.replay({ event: letters[0]?.event ?? '', listener: 'payments.process' })
  await till.settle()
  assert.equal((await hookOf(till, 'evt_poison'))?.state, 'done')
})

test('An unknown type, a thin event, and a shape of another version are kept where a person sees them, each told of', async (t) => {
  const till = await aTill(t)
  const events = [
    { id: 'evt_type', type: 'treasury.something.new', api_version: '2026-10-28.endive', data: { object: { id: 'trx_1', object: 'treasury.something' } } },
    { id: 'evt_thin', object: 'v2.core.event', type: 'v2.core.account.updated', created: '2026-05-04T09:00:00.000Z', related_object: { id: 'acct_1' } },
    { id: 'evt_old', type: 'invoice.paid', api_version: '2020-08-27', data: { object: { id: 'in_1', object: 'invoice', subscription: 'sub_1' } } },
    { id: 'evt_next', type: 'checkout.session.completed', api_version: '2031-01-01.nobody', data: { object: { number: 7 } } },
  ]
  for (const event of events) assert.equal((await send(till, event)).status, 200)
  await till.settle()
  for (const { id } of events) assert.equal((await hookOf(till, id))?.state, 'parked', id)
  assert.equal(new Set(till.told.map(({ id }) => id)).size, events.length)
  assert.equal((await hookOf(till, 'evt_next'))?.apiVersion, '2031-01-01.nobody')
})

test('News of a connected account asks the provider nothing, grants nothing, and is told of once', async (t) => {
  const till = await aTill(t)
  const { learner, course, isEnrolled } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  await till.pay((await buy(learner, course)).checkoutUrl)
  const { data } = await till.event('checkout.session.completed')
  const { payments } = till.world
  till.world.payments = { ...payments, readCheckout: () => Promise.reject(new Error('There is no such session in this account.')) }
  for (const id of ['evt_1', 'evt_2']) await send(till, { id, type: 'checkout.session.completed', account: 'acct_another', data })
  await till.settle()
  for (const id of ['evt_1', 'evt_2']) {
    const { state, parkedBecause } = (await hookOf(till, id)) ?? {}
    assert.equal(state, 'parked')
    assert.match(parkedBecause ?? '', /acct_another/)
  }
  assert.deepEqual([new Set(till.told.map(({ id }) => id)).size, await isEnrolled()], [1, false])
})

test('News in another version of the provider’s is acted on where it says what to read', async (t) => {
  const till = await aTill(t)
  const { learner, course, isEnrolled } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  await till.pay((await buy(learner, course)).checkoutUrl)
  const { data } = await till.event('checkout.session.completed')
  await send(till, { id: 'evt_old', type: 'checkout.session.completed', api_version: '2020-08-27', data })
  await till.settle()
  assert.equal(await isEnrolled(), true)
  assert.deepEqual(till.told, [])
})

test('News of the other mode, though rightly signed, lets nobody in, and is kept where a person sees it', async (t) => {
  const till = await aTill(t)
  const { learner, course, isEnrolled } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  await till.pay((await buy(learner, course)).checkoutUrl)
  const { type, data } = await till.event('checkout.session.completed')
  assert.equal((await send(till, { id: 'evt_live', type, livemode: true, data })).status, 200)
  await till.settle()
  const hook = await hookOf(till, 'evt_live')
  assert.deepEqual([hook?.state, await isEnrolled(), till.told.length], ['parked', false, 1])
  assert.match(hook?.parkedBecause ?? '', /live news, and the school is not in that mode/)
})
