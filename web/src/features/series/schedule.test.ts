import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentWords, offsetText, zoneName } from './moments.ts'
import { cronOf, isTooOften, momentsOf, type Plan, planOf, usualPlan } from './schedule.ts'

const ZONE = 'Europe/Berlin'
const plan = (of: Partial<Plan>): Plan => ({ ...usualPlan(ZONE), ...of })
const readBack = (of: Partial<Plan>): Plan => planOf({ cron: cronOf(plan(of)) ?? '', zone: ZONE })
const SATURDAY = new Date('2026-11-28T21:00:00Z')

test('every rhythm one can build is read back as it was built', () => {
  for (const time of ['00:00', '09:05', '23:59']) {
    for (const rhythm of ['daily', 'weekdays'] as const) {
      const back = readBack({ rhythm, time })
      assert.deepEqual([back.rhythm, back.time], [rhythm, time])
    }
    for (const days of [[1], [0], [1, 3, 0], [6, 0], [1, 2, 3, 4, 5, 6]]) {
      const back = readBack({ rhythm: 'weekly', time, days })
      assert.deepEqual([back.rhythm, back.time, back.days], ['weekly', time, days])
    }
  }
})

test('all seven days are every day, and Monday to Friday are weekdays, however they are written', () => {
  assert.equal(readBack({ rhythm: 'weekly', days: [0, 1, 2, 3, 4, 5, 6] }).rhythm, 'daily')
  assert.equal(planOf({ cron: '30 7 * * 1,2,3,4,5', zone: ZONE }).rhythm, 'weekdays')
  assert.deepEqual(planOf({ cron: '30 7 * * 6-7', zone: ZONE }).days, [6, 0])
})

test('what no rhythm says is kept as one’s own fields, to the letter', () => {
  for (const cron of ['0 9 1 * *', '*/15 * * * *', '0 9,17 * * *', '0 9 * 1-6 1', '0 9 * * 1#1', '0 9 * * MON']) {
    const own = planOf({ cron, zone: ZONE })
    assert.deepEqual([own.rhythm, cronOf(own)], ['own', cron])
  }
})

test('a plan without a time or a day is no schedule yet', () => {
  assert.equal(cronOf(plan({ rhythm: 'weekly', days: [] })), undefined)
  assert.equal(cronOf(plan({ rhythm: 'daily', time: '' })), undefined)
  assert.equal(cronOf(plan({ rhythm: 'daily', time: '24:00' })), undefined)
  assert.equal(cronOf(plan({ rhythm: 'own', own: '  ' })), undefined)
})

test('the next moments keep their hour when the clocks change', () => {
  const moments = momentsOf({ cron: '0 9 * * *', zone: ZONE }, 3, new Date('2027-03-26T12:00:00Z'))
  assert.deepEqual(
    moments?.map((at) => at.toISOString()),
    ['2027-03-27T08:00:00.000Z', '2027-03-28T07:00:00.000Z', '2027-03-29T07:00:00.000Z'],
  )
})

test('fields that are none, a zone that is none and seconds have no moments; a day that never comes has none either', () => {
  assert.equal(momentsOf({ cron: '0 9 * * 9', zone: ZONE }, 3, SATURDAY), undefined)
  assert.equal(momentsOf({ cron: '0 0 9 * * 1', zone: ZONE }, 3, SATURDAY), undefined)
  assert.equal(momentsOf({ cron: '0 9 * * 1', zone: 'Europe/Nowhere' }, 3, SATURDAY), undefined)
  assert.deepEqual(momentsOf({ cron: '0 9 30 2 *', zone: ZONE }, 3, SATURDAY), [])
})

test('more than once an hour is told to be too often', () => {
  assert.equal(isTooOften({ cron: '*/20 8 1 * *', zone: ZONE }, SATURDAY), true)
  assert.equal(isTooOften({ cron: '0 * * * *', zone: ZONE }, SATURDAY), false)
  assert.equal(isTooOften({ cron: '0 9 30 2 *', zone: ZONE }, SATURDAY), false)
})

test('a moment is told by its day there, not here', () => {
  const said = (at: string, zone = ZONE) => momentWords(new Date(at), { zone, now: SATURDAY, locale: 'en-GB' })
  assert.deepEqual(said('2026-11-28T22:30:00Z'), { day: 'Today', time: '23:30', zone: 'Berlin' })
  // Half an hour later it is Sunday in Berlin.
  assert.equal(said('2026-11-28T23:30:00Z').day, 'Tomorrow')
  assert.equal(said('2026-11-30T08:00:00Z').day, 'Monday')
  assert.equal(said('2026-12-07T08:00:00Z').day, 'Mon 7 December')
  assert.equal(said('2027-01-04T08:00:00Z').day, 'Mon, 4 January 2027')
  assert.deepEqual(said('2026-11-29T00:30:00Z', 'America/Argentina/Buenos_Aires'), { day: 'Today', time: '21:30', zone: 'Buenos Aires' })
  assert.equal(zoneName('UTC'), 'UTC')
  assert.equal(offsetText('Asia/Kolkata', SATURDAY), 'GMT+5:30')
})
