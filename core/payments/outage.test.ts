import assert from 'node:assert/strict'
import { createServer as createTcpServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { buy } from '#test/buy.ts'
import { aSale, aTill, type Till } from '#test/till.ts'
import { limitsOf, type StripeOptions } from '#vendors/stripe/client.ts'
import { openWaiting } from './waiting.ts'

const TOTAL_MS = 800
const LIMITS = { totalMs: TOTAL_MS, connectMs: 300 }
/** What a busy machine may add. */
const LEEWAY_MS = 1500

const timed = async <T>(work: Promise<T>): Promise<{ answer: T; ms: number }> => {
  const before = performance.now()
  const answer = await work
  return { answer, ms: performance.now() - before }
}

/** A course for sale, and as many learners as are asked for. */
const aCrowd = async (till: Till, count: number) => {
  const sale = await aSale(till)
  const learners = await Promise.all(Array.from({ length: count }, (_, number) => till.person(`Learner${number}`)))
  return { ...sale, learners }
}

/** Everything else the school does, again and again until `over`; how long each took. */
const everythingElse = async (till: Till, learner: Awaited<ReturnType<Till['person']>>, over: () => boolean): Promise<number[]> => {
  const waits: number[] = []
  while (!over()) {
    waits.push((await timed(learner.client.payments.mine({}))).ms)
    waits.push((await timed(till.visitor.operations.health({}))).ms)
    // These calls go over no wire: without a turn of the loop no timer would ever come due beside them.
    await new Promise<void>((turn) => setImmediate(turn))
  }
  return waits
}

const FAULTS = [
  ['down', 'cuts every connection'],
  ['hang', 'takes calls and never answers'],
  ['slow', 'needs thirty seconds'],
  ['500', 'fails'],
  ['kept', 'fails, and keeps that'],
  ['429', 'has had too many calls'],
  ['malformed', 'answers what is no JSON'],
] as const

for (const [fault, what] of FAULTS) {
  test(`While the provider ${what}, orders are kept and told so in time, everything else goes on, and all of it goes on when it is back`, {
    timeout: 60_000,
  }, async (t) => {
    const till = await aTill(t, { limits: LIMITS })
    const { learners, course, learner } = await aCrowd(till, 12)
    await till.faults({ api: fault, seconds: 30 })
    let isOver = false
    const others = everythingElse(till, learner, () => isOver)
    const asked = await timed(
      Promise.all(learners.map((one) => buy(one, course))).finally(() => {
        isOver = true
      }),
    )
    const waits = (await others).toSorted((one, other) => one - other)
    t.diagnostic(`12 checkouts told within ${Math.round(asked.ms)} ms; of ${waits.length} other answers the slowest took ${Math.round(waits.at(-1) ?? 0)} ms`)
    assert.deepEqual(new Set(asked.answer.map(({ state }) => state)), new Set(['waiting']))
    assert.ok(asked.ms < TOTAL_MS * 1.1 + LEEWAY_MS)

    // By now the breaker is open: nobody is made to wait.
    const [first] = learners
    assert.ok(first)
    const quick = await timed(buy(first, course))
    assert.equal(quick.answer.state, 'waiting')
    assert.ok(quick.ms < TOTAL_MS / 2, `${quick.ms}`)
    await till.faults({ api: 'none' })
    assert.equal((await buy(first, course)).state, 'waiting')
    till.clock.pass(30)
    for (const [place, one] of learners.entries()) {
      const { state, id } = await buy(one, course)
      assert.deepEqual([state, id], ['open', asked.answer[place]?.id])
    }
    assert.equal(await till.sessions(), 12)
  })
}

const aSilentPort = async (t: TestContext): Promise<number> => {
  const silent = createTcpServer((socket) => void socket.on('error', () => {}).resume())
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening))
  t.after(() => silent.close())
  const address = silent.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return address.port
}

const isKept = async (t: TestContext, options: Partial<StripeOptions>): Promise<number> => {
  const till = await aTill(t, options)
  const { learner, course } = await aSale(till)
  const { answer, ms } = await timed(buy(learner, course))
  assert.equal(answer.state, 'waiting')
  assert.equal((await learner.client.payments.order({ order: answer.id })).state, 'waiting')
  t.diagnostic(`told within ${(ms / 1000).toFixed(1)} s`)
  return ms
}

test('A provider that nobody listens for keeps an order waiting', async (t) => {
  assert.ok((await isKept(t, { apiUrl: 'http://127.0.0.1:1', limits: LIMITS })) < TOTAL_MS + LEEWAY_MS)
})

test('With the limits as they are, a handshake that stays half open is given up, and the order told of, within eleven seconds', {
  timeout: 20_000,
}, async (t) => {
  const port = await aSilentPort(t)
  assert.ok((await isKept(t, { apiUrl: `https://127.0.0.1:${port}` })) < 11_000)
})

test('The limits are three seconds to connect, ten in all, ten calls at once, five failures, and a probe every thirty seconds', () => {
  const limits = { connectMs: 3000, totalMs: 10_000, atOnce: 10, failures: 5, probeEveryMs: 30_000 }
  assert.deepEqual(limitsOf({ secretKey: 'sk_test_x', webhookSecrets: [], clock: { now: () => new Date(0) } }), limits)
})

test('One probe in thirty seconds finds out whether the provider is back, however many wait for it', { timeout: 30_000 }, async (t) => {
  const till = await aTill(t, { limits: LIMITS })
  const { learners, course } = await aCrowd(till, 8)
  await till.faults({ api: '500' })
  await Promise.all(learners.map((one) => buy(one, course)))
  await till.faults({ api: 'hang' })
  for (let probed = 0; probed < 3; probed += 1) {
    till.clock.pass(30)
    const waited = await Promise.all(learners.map((one) => timed(buy(one, course))))
    assert.equal(waited.filter(({ ms }) => ms >= TOTAL_MS * 0.9).length, 1, waited.map(({ ms }) => Math.round(ms)).join(' '))
  }
})

test('An order whose first asking failed, which the provider keeps, is opened by the next one, and stands in nobody’s way', async (t) => {
  const till = await aTill(t)
  const { learners, course } = await aCrowd(till, 3)
  await till.faults({ api: 'kept' })
  const waiting = await Promise.all(learners.map((one) => buy(one, course)))
  assert.deepEqual(new Set(waiting.map(({ state }) => state)), new Set(['waiting']))
  await till.faults({ api: 'none' })
  till.clock.pass(60)
  await openWaiting(till.world)
  for (const [place, one] of learners.entries()) {
    const order = await one.client.payments.order({ order: waiting[place]?.id ?? '' })
    assert.equal(order.state, 'open')
    await till.pay(order.checkoutUrl)
  }
  assert.equal(await till.sessions(), 3)
  await till.later(5)
  await till.settle()
  for (const [place, one] of learners.entries()) assert.equal((await one.client.payments.order({ order: waiting[place]?.id ?? '' })).state, 'paid')
})

test('A program that asks for a page in other words than the last one did, under the same key, has it under a new one', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  await till.faults({ api: 'lost' })
  const order = await buy(learner, course)
  assert.equal(order.state, 'waiting')
  await till.faults({ api: 'none' })
  till.world.settings = { ...till.world.settings, url: 'http://moved.test' }
  assert.equal((await learner.client.payments.retry({ order: order.id })).state, 'open')
})
