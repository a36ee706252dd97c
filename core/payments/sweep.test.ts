import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPaidPage, aTill } from '#test/till.ts'
import { reconcile } from './reconcile.ts'
import { orderRecords } from './records.ts'
import { sweepRefunds } from './sweep.ts'

test('A refund whose news is lost is found within an hour, and the one whose payment was never told of as well', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const stateOf = async (): Promise<string | undefined> => (await orderRecords.get(till.world.tables, paid.order))?.value.state
  till.clock.pass(301)
  await reconcile(till.world)
  await sweepRefunds(till.world)
  assert.equal(await stateOf(), 'paid')
  till.clock.pass(1800)
  await till.refund(paid.order.checkoutUrl)
  till.clock.pass(1800)
  await sweepRefunds(till.world)
  assert.equal(await stateOf(), 'refunded')
  assert.equal(till.happened('enrolment.ended'), 1)
  // Found again by the overlap of two runs: nothing is done twice.
  till.clock.pass(3600)
  await sweepRefunds(till.world)
  assert.equal(till.happened('enrolment.ended'), 1)
  assert.deepEqual(till.told, [])
})

test('A school that was off for a month finds the refunds of that month', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  await sweepRefunds(till.world)
  till.clock.pass(3600)
  await till.refund(paid.order.checkoutUrl)
  till.clock.pass(31 * 24 * 3600)
  await sweepRefunds(till.world)
  assert.equal((await paid.learner.client.payments.order({ order: paid.order.id })).state, 'refunded')
})

test('While the provider is down nothing is skipped: the next run looks from where the last good one ended', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  await sweepRefunds(till.world)
  await till.refund(paid.order.checkoutUrl)
  await till.faults({ api: '500' })
  for (let hour = 0; hour < 3; hour += 1) {
    till.clock.pass(3600)
    await sweepRefunds(till.world)
  }
  await till.faults({ api: 'none' })
  till.clock.pass(3600)
  await sweepRefunds(till.world)
  assert.equal((await paid.learner.client.payments.order({ order: paid.order.id })).state, 'refunded')
})

test('More refunds than fit on a page, most of them of somebody else’s sales, hide none, and one that fails keeps no other back', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  await till.refund(paid.order.checkoutUrl)
  const { payments } = till.world
  const strangers = Array.from({ length: 100 }, (_, place) => `pi_${place}`)
  const asked: (string | undefined)[] = []
  till.world.payments = {
    ...payments,
    // The newest first, as the provider has it: ours is on the last page.
    listRefunded: async (since, page) => {
      asked.push(page)
      if (page === undefined) return { items: strangers, next: 'one' }
      return page === 'one' ? { items: ['pi_broken', ...strangers], next: 'two' } : payments.listRefunded(since)
    },
    readPayment: async (payment) => {
      if (payment === 'pi_broken') throw new Error('broken')
      return strangers.includes(payment) ? undefined : payments.readPayment(payment)
    },
  }
  await sweepRefunds(till.world)
  assert.deepEqual(asked, [undefined, 'one', 'two'])
  assert.equal((await paid.learner.client.payments.order({ order: paid.order.id })).state, 'refunded')
})

test('A refund that fails on and on is told of once and tried each hour, and the list that is asked for does not grow', async (t) => {
  const till = await aTill(t)
  const { payments } = till.world
  const [asked, tried]: [string[], string[]] = [[], []]
  let isBroken = true
  till.world.payments = {
    ...payments,
    listRefunded: async (since) => {
      asked.push(since)
      return { items: asked.length === 1 ? ['pi_broken'] : [] }
    },
    readPayment: async (payment) => {
      tried.push(payment)
      if (isBroken) throw new Error('broken')
      return undefined
    },
  }
  for (let hour = 0; hour < 3; hour += 1) {
    await sweepRefunds(till.world)
    till.clock.pass(3600)
  }
  assert.deepEqual(tried, ['pi_broken', 'pi_broken', 'pi_broken'])
  assert.deepEqual([...new Set(till.told.map(({ id }) => id))], ['payments.refund-failed.pi_broken'])
  const [, second, third] = asked.map((since) => Date.parse(since))
  assert.equal((third ?? 0) - (second ?? 0), 3600_000)
  isBroken = false
  await sweepRefunds(till.world)
  await sweepRefunds(till.world)
  assert.equal(tried.length, 4, 'once it has been looked at, it is tried no more')
})
