import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ListedNews, PaymentsUnavailable } from '#ports/payments.ts'
import { buy } from '#test/buy.ts'
import { aPaidPage, aSale, aTill, type Till } from '#test/till.ts'
import { readNews } from './news.ts'
import { reconcile } from './reconcile.ts'
import { hookRecords } from './records.ts'
import { sweepRefunds } from './sweep.ts'

const listedNews = (id: string, type = 'checkout.session.completed'): ListedNews => ({
  news: {
    ...{ id, type, createdAt: '2026-05-04T09:00:00.000Z', isLive: false, account: undefined, apiVersion: undefined },
    ...{ subject: `cs_${id}`, payment: undefined, subscription: undefined, invoice: undefined },
  },
  raw: '{}',
})

/** What the list is asked for, and what it answers. */
const listing = (till: Till, answer: (since: string, page: string | undefined) => { items: ListedNews[]; next?: string }) => {
  const asked: { since: string; page: string | undefined }[] = []
  till.world.payments = {
    ...till.world.payments,
    listNews: async (since, page) => {
      asked.push({ since, page })
      return answer(since, page)
    },
  }
  return asked
}

/** The school's own timers of money, as a home runs them, for so many minutes. */
const run = async (till: Till, minutes: number, each: (minute: number) => Promise<void> = async () => {}): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    await each(minute)
    till.clock.pass(60)
    await reconcile(till.world)
    if (minute % 5 === 4) await readNews(till.world)
    if (minute % 60 === 59) await sweepRefunds(till.world)
    await till.settle()
  }
}

test('News that no webhook brought is found in the provider’s list, says so, and is worked off once', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  await readNews(till.world)
  await till.settle()
  assert.equal(await paid.isEnrolled(), true)
  const { id } = await till.event('checkout.session.completed')
  const hook = (await hookRecords.get(till.world.tables, { id }))?.value
  assert.deepEqual([hook?.by, hook?.state, hook?.subject !== undefined], ['list', 'done', true])
  till.clock.pass(300)
  await readNews(till.world)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  assert.deepEqual([till.stored('hook#'), till.happened('enrolment.started')], [1, 1])
})

test('Of a hundred learners who pay while no webhook ever comes, each is let in within ten minutes', async (t) => {
  const till = await aTill(t)
  await till.faults({ webhooks: 'drop' })
  const { course } = await aSale(till)
  const paidAt = new Map<string, number>()
  const waited: number[] = []
  const look = async (minute: number): Promise<void> => {
    for (const [learner, at] of paidAt) {
      if ((await till.world.tables.get({ pk: `learner#${learner}`, sk: `enrolment#${course}` })) === undefined) continue
      paidAt.delete(learner)
      waited.push(minute - at)
    }
  }
  let bought = 0
  await run(till, 45, async (minute) => {
    await look(minute)
    for (; bought < 100 && bought < (minute + 1) * 3; bought += 1) {
      const learner = await till.person(`Learner${bought}`)
      await till.pay((await buy(learner, course)).checkoutUrl)
      paidAt.set(learner.id, minute)
    }
  })
  const slowest = waited.toSorted((one, other) => one - other)
  t.diagnostic(`minutes until access: median ${slowest[50]}, p95 ${slowest[94]}, most ${slowest[99]}`)
  assert.equal(waited.length, 100)
  assert.ok((slowest[99] ?? 99) <= 10)
})

test('A run begins an hour before the last good one ended, and once a day two days back', async (t) => {
  const till = await aTill(t)
  const asked = listing(till, () => ({ items: [] }))
  const since = (): number => (till.clock.now().getTime() - Date.parse(asked.at(-1)?.since ?? '')) / 3600_000
  await readNews(till.world)
  assert.equal(since(), 48)
  till.clock.pass(300)
  await readNews(till.world)
  assert.equal(since().toFixed(3), (1 + 300 / 3600).toFixed(3))
  till.clock.pass(24 * 3600)
  await readNews(till.world)
  assert.equal(since(), 48)
  // Off for a long time: as far back as the provider remembers.
  till.clock.pass(60 * 24 * 3600)
  await readNews(till.world)
  assert.equal(since(), 30 * 24)
})

test('A new school whose provider is down for its first days misses nothing of those days', async (t) => {
  const till = await aTill(t)
  let isDown = true
  const asked = listing(till, () => {
    if (isDown) throw new PaymentsUnavailable('down')
    return { items: [listedNews('evt_of_the_first_day')] }
  })
  const openedAt = till.clock.now().getTime()
  await readNews(till.world)
  till.clock.pass(5 * 24 * 3600)
  await readNews(till.world)
  isDown = false
  await readNews(till.world)
  assert.ok(Date.parse(asked.at(-1)?.since ?? '') < openedAt)
  assert.equal(till.stored('hook#'), 1)
})

test('A page that fails leaves the cursor where it was, and what came before it is in the inbox', async (t) => {
  const till = await aTill(t)
  await readNews(till.world)
  till.clock.pass(6 * 3600)
  let isDown = true
  const asked = listing(till, (_since, page) => {
    if (page === undefined) return { items: [listedNews('evt_1')], next: 'two' }
    if (isDown) throw new PaymentsUnavailable('down')
    return { items: [listedNews('evt_2')] }
  })
  await readNews(till.world)
  assert.equal(till.stored('hook#'), 1)
  isDown = false
  till.clock.pass(300)
  await readNews(till.world)
  assert.equal(till.stored('hook#'), 2)
  assert.equal(asked[2]?.since, asked[0]?.since)
  till.clock.pass(300)
  await readNews(till.world)
  assert.ok((asked[4]?.since ?? '') > (asked[0]?.since ?? ''))
})

test('A list that does not end is read a hundred pages at a time, and the next run goes on where this one stopped', async (t) => {
  const till = await aTill(t)
  const asked = listing(till, (_since, page = '0') => (page === '149' ? { items: [] } : { items: [], next: String(Number(page) + 1) }))
  await readNews(till.world)
  assert.equal(asked.length, 100)
  till.clock.pass(300)
  await readNews(till.world)
  assert.deepEqual([asked.length, asked[100]?.page], [150, '100'])
  assert.equal(asked[100]?.since, asked[0]?.since)
})

test('What the account is used for besides, and what accompanies every sale, stays out of the inbox', async (t) => {
  const till = await aTill(t)
  listing(till, () => ({ items: [listedNews('evt_1', 'payment_intent.succeeded'), listedNews('evt_2', 'terminal.reader.action_failed')] }))
  await readNews(till.world)
  assert.equal(till.stored('hook#'), 0)
  assert.deepEqual(till.told, [])
})

test('A refund whose news comes three days late is acted on, and one of 31 days ago, whose news is gone, is found by the sweep', async (t) => {
  const till = await aTill(t)
  const late = await aPaidPage(till)
  await run(till, 10)
  await till.refund(late.order.checkoutUrl)
  const news = await till.event('charge.refunded')
  till.clock.pass(3 * 24 * 3600)
  assert.equal((await till.tell(news)).status, 200)
  await till.settle()
  assert.equal((await late.learner.client.payments.order({ order: late.order.id })).state, 'refunded')

  const other = await till.person('Other')
  const order = await buy(other, late.course)
  await till.pay(order.checkoutUrl)
  await run(till, 10)
  await sweepRefunds(till.world)
  await till.refund(order.checkoutUrl)
  till.clock.pass(31 * 24 * 3600)
  await readNews(till.world)
  await till.settle()
  const stateOf = async (): Promise<string> => (await other.client.payments.order({ order: order.id })).state
  assert.equal(await stateOf(), 'paid')
  await sweepRefunds(till.world)
  assert.equal(await stateOf(), 'refunded')
})
