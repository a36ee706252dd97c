import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRunning } from '#core/grants/decide.ts'
import { DAY_MS, monthsAfter, plus } from '#core/moments.ts'
import type { CheckoutRequest, Subscription } from '#ports/payments.ts'
import { billing, type Kept } from './billing.fixture.ts'
import { judge } from './judge.ts'
import type { StoredMembership } from './records.ts'

const HOUR_MS = 3600_000
const policy = { graceHours: 72 }
const PRICE = { amountMinor: 1500, currency: 'EUR' }

const aClock = (at: string) => {
  let milliseconds = Date.parse(at)
  return {
    now: () => new Date(milliseconds),
    pass: (seconds: number) => {
      milliseconds += seconds * 1000
    },
  }
}

const request = (every: Subscription['every'], trialDays: number): CheckoutRequest => ({
  ...{ order: 'ord_00000001', idempotencyKey: 'k', price: PRICE, quantity: 1, title: 'All of it', email: 'lena@lectern.test' },
  ...{ successUrl: '', cancelUrl: '', isTaxed: false, recurring: { every, trialDays, firstOffMinor: 0 } },
})

const unbegun = ({ id, price, every, startedAt, status }: Subscription, of: Partial<StoredMembership> = {}): StoredMembership => ({
  ...{ id: 'mem_00000001', learner: 'prs_1', email: 'lena@lectern.test', order: 'ord_00000001', offer: 'off_1', title: 'All of it', kind: 'membership' },
  ...{
    paidCount: 0,
    price,
    every,
    state: status === 'trialing' ? 'trial' : 'active',
    isLive: false,
    subscription: id,
    startedAt,
    paidUntil: startedAt,
    readAt: startedAt,
  },
  ...{ invoices: [], facts: [], ...of },
})

const after = (before: StoredMembership, told: Subscription, now: string): StoredMembership => {
  const verdict = judge(before, told, { now, policy })
  return verdict.is === 'so' ? verdict.membership : before
}

/** A repeatable stream of numbers from nought to one. */
const dice = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const owes = ({ told }: Kept): boolean => told.invoices.some(({ state }) => state === 'open')

/** What one subscription went through until it was ended, as it was told after each step. */
const aHistory = (roll: () => number): { told: Subscription[]; endedAt: string } => {
  const clock = aClock('2026-01-31T10:00:00.000Z')
  const books = billing(clock)
  const { id } = books.begin(request('month', roll() < 0.3 ? 14 : 0))
  const told: Subscription[] = [books.of(id).told]
  const turn = (of: Partial<Pick<Kept, 'card'>>, ends?: 'yes' | 'no') => (one: Kept) => {
    Object.assign(one, of)
    if (ends) one.told = { ...one.told, endsAt: ends === 'yes' ? one.told.periodEnd : undefined }
  }
  const pay = (one: Kept): void => (owes(one) ? books.settle(one) : undefined)
  const steps = [turn({ card: 'declines' }), turn({ card: 'pays' }), turn({ card: 'asks' }), pay, turn({}, 'yes'), turn({}, 'no')]
  for (let step = 0; step < 8 && books.of(id).told.status !== 'canceled'; step += 1) {
    clock.pass(roll() * 25 * 24 * 3600)
    const one = books.of(id)
    if (one.told.status !== 'canceled') steps[Math.floor(roll() * steps.length)]?.(one)
    told.push(books.of(id).told)
  }
  const one = books.of(id)
  if (one.told.status !== 'canceled') one.told = { ...one.told, status: 'canceled', endedAt: clock.now().toISOString() }
  told.push(one.told)
  return { told, endedAt: clock.now().toISOString() }
}

const shuffled = <T>(items: readonly T[], roll: () => number): T[] =>
  items
    .map((item) => ({ item, place: roll() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)

const stands = (membership: StoredMembership, at: string) => {
  const { state, paidUntil, paidCount, endedAt, facts } = membership
  return { state, paidUntil, paidCount, endedAt, isOpen: isRunning(facts, at), isOpenForGood: isRunning(facts, plus(at, 400 * DAY_MS)) }
}

test('However the answers are shuffled and repeated, what was cancelled never comes back, and ends as if only the last had been read: 10,000 seeds', () => {
  let cancelledFirst = 0
  for (let seed = 1; seed <= 10_000; seed += 1) {
    const roll = dice(seed)
    const { told, endedAt } = aHistory(roll)
    const [first, last] = [told[0], told.at(-1)]
    if (!first || !last) throw new Error('A history has a beginning and an end.')
    const order = shuffled([...told, ...told.filter(() => roll() < 0.3)], roll)
    if (order[0]?.status === 'canceled') cancelledFirst += 1
    let membership = unbegun(first)
    for (const answer of order) {
      const before = membership
      membership = after(before, answer, endedAt)
      if (before.endedAt === undefined) continue
      const isSame = membership.endedAt === before.endedAt && membership.facts.length === before.facts.length
      if (!isSame) assert.fail(`seed ${seed}: came back`)
    }
    const booked = membership.invoices.map(({ id }) => id)
    assert.equal(new Set(booked).size, booked.length, `seed ${seed}: booked twice`)
    assert.deepEqual(stands(membership, endedAt), stands(after(unbegun(first), last, endedAt), endedAt), `seed ${seed}`)
    const later = after(membership, last, plus(endedAt, 40 * DAY_MS))
    assert.deepEqual([later.state, isRunning(later.facts, plus(endedAt, 40 * DAY_MS)), later.dueAt], ['ended', false, undefined], `seed ${seed}: goes on`)
  }
  assert.ok(cancelledFirst > 500, 'many histories were read from their end')
})

test('An answer that is older than the last changes nothing: an earlier try, an earlier month, a payment not yet known', () => {
  const clock = aClock('2026-05-04T09:00:00.000Z')
  const books = billing(clock)
  const one = books.of(books.begin(request('month', 0)).id)
  const answers = [structuredClone(one.told)]
  const look = (days: number, card: Kept['card']): void => {
    one.card = card
    clock.pass(days * 24 * 3600)
    answers.push(structuredClone(books.of(one.told.id).told))
  }
  look(31, 'declines')
  look(1, 'declines')
  look(2.5, 'pays')
  look(30, 'pays')
  const now = clock.now().toISOString()
  const [first = one.told] = answers
  const newest = after(unbegun(first), one.told, now)
  for (const older of answers.slice(0, -1)) assert.equal(judge(newest, older, { now, policy }).is, 'older')
  // Should the provider have taken back what it told, it is believed once nothing newer came for a day.
  assert.equal(judge(newest, answers[2] ?? first, { now: plus(now, 25 * HOUR_MS), policy }).is, 'so')
})

const wrongMoments = ({ from, years, every, offMs }: { from: string; years: number; every: Subscription['every']; offMs: number }): string[] => {
  const clock = aClock(from)
  const books = billing(clock)
  const first = structuredClone(books.begin(request(every, 0)))
  const ours = (): string => plus(clock.now().toISOString(), offMs)
  let membership = after(unbegun(first), first, ours())
  const wrong: string[] = []
  const stepHours = every === 'year' ? 12 : 3
  for (let hour = 0; hour < years * 366 * 24; hour += stepHours) {
    clock.pass(stepHours * 3600)
    if (membership.dueAt !== undefined && membership.dueAt <= ours()) membership = after(membership, books.of(first.id).told, ours())
    if (membership.state !== 'active' || !isRunning(membership.facts, ours())) wrong.push(ours())
  }
  return wrong
}

test('A clock ten minutes off, leap days and the 29th of February shut nobody out', () => {
  for (const offMs of [-600_000, 0, 600_000]) {
    assert.deepEqual(wrongMoments({ from: '2028-02-29T23:30:00.000Z', years: 5, every: 'year', offMs }), [])
    assert.deepEqual(wrongMoments({ from: '2027-12-31T23:59:00.000Z', years: 2, every: 'month', offMs }), [])
  }
  const years = [1, 2, 3, 4].map((count) => monthsAfter('2028-02-29T12:00:00.000Z', 12 * count).slice(0, 10))
  assert.deepEqual(years, ['2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29'])
})

test('A change of the clocks in the school’s own time zone moves no end by an hour', () => {
  const zone = process.env['TZ']
  const ends = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'].map((name) => {
    process.env['TZ'] = name
    assert.deepEqual(wrongMoments({ from: '2026-02-28T01:30:00.000Z', years: 1, every: 'month', offMs: 0 }), [], name)
    return ['2026-03-29T01:30:00.000Z', '2026-10-25T01:30:00.000Z'].map((at) => [monthsAfter(at, 1), monthsAfter(at, -1)])
  })
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
  assert.equal(new Set(ends.map((end) => JSON.stringify(end))).size, 1)
})

test('With the school’s clock ten minutes ahead an unpaid membership keeps its whole grace, and a cancelled one what was paid for', () => {
  const clock = aClock('2026-05-04T09:00:00.000Z')
  const books = billing(clock)
  const one = books.of(books.begin(request('month', 0)).id)
  const first = structuredClone(one.told)
  const ahead = (at: string): string => plus(at, 600_000)
  const ending = after(unbegun(first), { ...first, endsAt: first.periodEnd }, ahead('2026-05-04T09:00:00.000Z'))
  assert.deepEqual([isRunning(ending.facts, ahead(plus(first.periodEnd, -1))), isRunning(ending.facts, ahead(plus(first.periodEnd, HOUR_MS)))], [true, false])
  one.card = 'declines'
  clock.pass(31 * 24 * 3600)
  const { told } = books.of(first.id)
  const closes = plus(first.periodEnd, 72 * HOUR_MS)
  const owing = after(unbegun(first), first, '2026-05-04T09:00:00.000Z')
  assert.equal(after(owing, told, ahead(plus(closes, -1))).state, 'grace')
  assert.equal(after(owing, told, ahead(plus(closes, HOUR_MS))).state, 'lapsed')
})

test('What does not agree is for a person: another mode, another order, another currency, a plan at another price', () => {
  const books = billing(aClock('2026-05-04T09:00:00.000Z'))
  const told = books.begin(request('month', 0))
  const odd = (of: Partial<Subscription>, kept: Partial<StoredMembership> = {}): string =>
    judge(unbegun(told, kept), { ...told, ...of }, { now: told.startedAt, policy }).is
  assert.equal(odd({ isLive: true }), 'odd')
  assert.equal(odd({ order: 'ord_00000002' }), 'odd')
  assert.equal(odd({ price: { amountMinor: 1500, currency: 'USD' } }), 'odd')
  assert.equal(odd({ price: { amountMinor: 1501, currency: 'EUR' } }, { kind: 'instalments', count: 3, courses: [] }), 'odd')
  assert.equal(odd({ price: { amountMinor: 1501, currency: 'EUR' } }), 'so')
})
