import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Because, Fact } from '#contract/grants.ts'
import { asOf, type Decision, decide, follows, isRunning, momentIn, oneLedger, periodsOf, rightsOf, type Standing } from './decide.ts'

const DAY_MS = 24 * 3600_000
const FIRST = Date.parse('2026-05-01T09:00:00.000Z')
const on = (day: number, milliseconds = 0): string => new Date(FIRST + day * DAY_MS + milliseconds).toISOString()

const aFact = (kind: Fact['kind'], day: number, of: Partial<Fact> = {}): Fact => ({ id: `fct_${kind}.${day}`, kind, at: on(day), ...of })

const locked = { isPreview: false }
const decidedOn = (facts: readonly Fact[], at: string, of: Partial<Standing> = {}, lesson = locked): Decision =>
  decide({ as: 'person', isDisabled: false, isListed: true, rights: rightsOf(asOf(facts, at), at), ...of }, lesson)
const verdict = (...asked: Parameters<typeof decidedOn>): string => {
  const { isOpen, because } = decidedOn(...asked)
  return `${isOpen ? 'open' : 'closed'}: ${because}`
}

test('a right until a day opens to its last millisecond, and not at that moment', () => {
  const facts = [aFact('gifted', 0, { until: on(10) })]
  assert.equal(verdict(facts, on(0, -1)), 'closed: not-enrolled')
  assert.equal(verdict(facts, on(0)), 'open: gifted')
  assert.equal(verdict(facts, on(10, -1)), 'open: gifted')
  assert.equal(verdict(facts, on(10)), 'closed: expired')
  assert.equal(decidedOn(facts, on(5)).until, on(10))
})

test('a refund of one order leaves what another paid for, and gifts', () => {
  const facts = [aFact('paid', 0, { order: 'ord_1' }), aFact('paid', 1, { order: 'ord_2' }), aFact('refunded', 2, { order: 'ord_1' })]
  assert.equal(verdict(facts, on(3)), 'open: paid')
  assert.equal(verdict([...facts, aFact('refunded', 4, { order: 'ord_2' })], on(5)), 'closed: refunded')
  const gifted = [aFact('gifted', 0), aFact('paid', 1, { order: 'ord_1' }), aFact('refunded', 2, { order: 'ord_1' })]
  assert.equal(verdict(gifted, on(3)), 'open: gifted')
  assert.equal(verdict([aFact('gifted', 0), aFact('refunded', 1)], on(2)), 'open: gifted', 'a refund of no order is none of a gift')
})

test('an end closes all that has begun, and nothing that begins after it', () => {
  const facts = [aFact('paid', 0, { order: 'ord_1' }), aFact('gifted', 1, { until: on(90) }), aFact('ended', 2)]
  assert.equal(verdict(facts, on(2, -1)), 'open: paid')
  assert.equal(verdict(facts, on(2)), 'closed: ended')
  assert.equal(verdict([...facts, aFact('gifted', 3)], on(3)), 'open: gifted')
})

test('of several rights the one that holds longest is the reason', () => {
  const facts = [aFact('gifted', 0, { until: on(30) }), aFact('enrolled', 1), aFact('gifted', 2, { until: on(60) })]
  assert.equal(verdict(facts, on(3)), 'open: enrolled')
  assert.equal(decidedOn(facts, on(3)).until, undefined)
  assert.equal(
    decidedOn(
      [facts[2], facts[0]].flatMap((fact) => fact ?? []),
      on(3),
    ).until,
    on(60),
  )
})

test('a closed account sees nothing, be it an admin’s, and the first rule decides', () => {
  for (const as of ['person', 'teacher', 'admin'] as const) {
    const { isOpen, because, rules } = decidedOn([aFact('enrolled', 0)], on(1), { as, isDisabled: true }, { isPreview: true })
    assert.deepEqual([isOpen, because, rules[0]], [false, 'disabled', { rule: 'account', says: 'closes' }])
  }
})

test('a course outside the catalogue is hidden from whoever has no right to it, its previews too', () => {
  assert.equal(verdict([], on(0), { isListed: false }, { isPreview: true }), 'closed: hidden')
  assert.equal(verdict([], on(0), { as: 'visitor', isListed: false }), 'closed: hidden')
  assert.equal(verdict([aFact('paid', 0)], on(1), { isListed: false }), 'open: paid')
  assert.equal(verdict([], on(0), { as: 'teacher', isListed: false }), 'open: teaches')
  assert.equal(verdict([], on(0), { as: 'visitor' }), 'closed: not-signed-in')
  assert.equal(verdict([], on(0), { as: 'visitor' }, { isPreview: true }), 'open: preview')
})

test('whoever lost a right still sees previews', () => {
  assert.equal(verdict([aFact('enrolled', 0), aFact('ended', 1)], on(2), {}, { isPreview: true }), 'open: preview')
})

test('a refund written after the clock was put right ends what was bought before, then and for good', () => {
  const paid = aFact('paid', 3, { order: 'ord_1' })
  assert.equal(isRunning([paid], on(0)), true, 'what is written has happened, whatever the clock said')
  const refunded = aFact('refunded', 1, { order: 'ord_1' })
  for (const facts of [
    [paid, refunded],
    oneLedger([paid, refunded], []),
    oneLedger([], [paid, refunded]),
    oneLedger([paid, refunded], [aFact('subscribed', 2, { order: 'ord_2', until: on(0) })]),
  ]) {
    for (const day of [1, 2, 3, 4, 400]) assert.equal(isRunning(facts, on(day)), false, `on day ${day}`)
  }
  assert.equal(momentIn([paid], on(1)), on(3))
  assert.equal(momentIn([paid], on(4)), on(4))
})

const moment = fc.integer({ min: 0, max: 12 }).map((day) => on(day))
const order = fc.constantFrom('ord_1', 'ord_2')
const someFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({ id: fc.uuid(), kind: fc.constantFrom('enrolled' as const, 'ended' as const), at: moment }),
  fc.record({ id: fc.uuid(), kind: fc.constantFrom('paid' as const, 'refunded' as const), at: moment, order }),
  fc.record({ id: fc.uuid(), kind: fc.constant('gifted' as const), at: moment, until: moment }),
)
/** As it is written: each fact after those before it. */
const someLedger = fc.array(someFact, { maxLength: 8 }).map((facts) => facts.sort((one, other) => Date.parse(one.at) - Date.parse(other.at)))

/** The same in other words: a fact begins something, its day has not passed, and nothing after it in the ledger takes that back. */
const holds = (facts: readonly Fact[], at: string): boolean =>
  facts.some(
    (fact, place) =>
      ['enrolled', 'paid', 'gifted'].includes(fact.kind) &&
      fact.at <= at &&
      (fact.until === undefined || at < fact.until) &&
      !facts
        .slice(place)
        .some((later) => later.at <= at && (later.kind === 'ended' || (later.kind === 'refunded' && fact.kind === 'paid' && later.order === fact.order))),
  )

const someStanding = fc.record({
  as: fc.constantFrom('visitor' as const, 'person' as const, 'teacher' as const, 'admin' as const),
  isDisabled: fc.boolean(),
  isListed: fc.boolean(),
})

test('whatever the ledger, the verdict is that of the rules in plain words', () => {
  fc.assert(
    fc.property(someLedger, moment, someStanding, fc.boolean(), (ledger, at, of, isPreview) => {
      const facts = of.as === 'visitor' ? [] : ledger
      const standing: Standing = { ...of, rights: rightsOf(asOf(facts, at), at) }
      const { isOpen, because, rules, until } = decide(standing, { isPreview })
      const isStaff = of.as === 'admin' || of.as === 'teacher'
      assert.equal(isOpen, !of.isDisabled && (isStaff || holds(facts, at) || (isPreview && of.isListed)))
      assert.equal(follows(standing), !of.isDisabled && (isStaff || holds(facts, at)))
      const opening: Because[] = ['admin', 'teaches', 'paid', 'enrolled', 'gifted', 'preview']
      assert.equal(opening.includes(because), isOpen)
      assert.equal(rules.find(({ says }) => says !== 'nothing')?.says === 'opens', isOpen)
      assert.ok(until === undefined || (isOpen && at < until))
    }),
    { numRuns: 2000 },
  )
})

test('the periods of a ledger are the moments at which a right held', () => {
  fc.assert(
    fc.property(someLedger, moment, (facts, at) => {
      const periods = periodsOf(facts)
      assert.equal(
        periods.some(({ from, to }) => from <= at && (to === undefined || at < to)),
        isRunning(asOf(facts, at), at),
      )
      assert.ok(periods.every(({ to }, place) => to !== undefined || place === periods.length - 1))
      assert.ok(periods.every(({ from }, place) => place === 0 || (periods[place - 1]?.to ?? '9') < from))
    }),
    { numRuns: 2000 },
  )
})

test('two ledgers told as one each keep their own order, and an end closes what had begun elsewhere by then', () => {
  fc.assert(
    fc.property(fc.array(someFact), fc.array(someFact), (own, paid) => {
      const all = oneLedger(own, paid)
      assert.deepEqual([all.filter((fact) => own.includes(fact)), all.filter((fact) => paid.includes(fact))], [own, paid])
    }),
  )
  const [subscribed, ended] = [aFact('subscribed', 2, { order: 'ord_1', until: on(90) }), aFact('ended', 2)]
  assert.equal(isRunning(oneLedger([ended], [subscribed]), on(3)), false)
})
