import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '#contract/money.ts'
import { refundablesOf, timelineOf } from './timeline.ts'

const entry = (kind: Entry['kind'], amountMinor: number, of: Partial<Entry> = {}): Entry => ({
  ...{
    id: `${kind}${amountMinor}`,
    kind,
    order: 'ord_1',
    payment: 'pi_1',
    amount: { amountMinor, currency: 'EUR' },
    shares: [],
    at: '2026-05-04T09:00:00.000Z',
  },
  ...of,
})
const ORDER = { state: 'paid' as const, createdAt: '2026-05-04T09:00:00.000Z', paidAt: '2026-05-04T09:00:00.000Z' }

test('An order is followed from the day it was made, in the order things happened', () => {
  const entries = [entry('refunded', 100, { at: '2026-05-06T00:00:00.000Z' }), entry('charged', 4900)]
  assert.deepEqual(
    timelineOf(ORDER, entries).map(({ kind }) => kind),
    ['ordered', 'charged', 'refunded'],
  )
})

test('A receipt stands where it was issued, behind the money it is of', () => {
  const entries = [entry('charged', 4900), entry('refunded', 100, { at: '2026-05-06T00:00:00.000Z' })]
  const paper = (number: string, of: string, issuedAt?: string) => ({
    ...{ id: number, number, kind: 'receipt' as const },
    total: { amountMinor: 1, currency: 'EUR' },
    entry: of,
    issuedAt,
  })
  const papers = [paper('2026-000001', 'charged4900', '2026-05-04T09:00:00.000Z'), paper('2026-000002', 'refunded100')]
  assert.deepEqual(
    timelineOf(ORDER, entries, papers).map(({ kind }) => kind),
    ['ordered', 'charged', 'paper', 'refunded', 'paper'],
  )
})

test('What the provider says was paid at the beginning of the second it was ordered in was ordered first', () => {
  const order = { ...ORDER, createdAt: '2026-05-04T09:00:00.700Z' }
  assert.deepEqual(
    timelineOf(order, [entry('charged', 4900)]).map(({ kind }) => kind),
    ['ordered', 'charged'],
  )
})

test('An order that a coupon has paid for says so, and one that nobody paid does not', () => {
  assert.deepEqual(
    timelineOf(ORDER, []).map(({ kind }) => kind),
    ['ordered', 'free'],
  )
  assert.deepEqual(
    timelineOf({ state: 'open', createdAt: ORDER.createdAt }, []).map(({ kind }) => kind),
    ['ordered'],
  )
})

test('No more can be given back than is left of a payment, and nothing of what the bank has taken', () => {
  const later = { payment: 'pi_2', at: '2026-06-04T09:00:00.000Z' }
  const entries = [entry('charged', 4900), entry('refunded', 1900), entry('charged', 900, later)]
  assert.deepEqual(
    refundablesOf(entries).map(({ payment, leftMinor }) => [payment, leftMinor]),
    [
      ['pi_2', 900],
      ['pi_1', 3000],
    ],
  )
  assert.equal(refundablesOf([entry('charged', 4900), entry('refunded', 4900), entry('refund-failed', 4900)])[0]?.leftMinor, 4900)
  assert.deepEqual(refundablesOf([entry('charged', 4900), entry('disputed', 4900)]), [])
  assert.equal(refundablesOf([entry('charged', 4900), entry('disputed', 4900), entry('dispute-won', 4900)])[0]?.leftMinor, 4900)
})
