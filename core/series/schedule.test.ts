import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#core/refusal.ts'
import { checkSchedule, lastMoment, nextMoment } from './schedule.ts'

const NOW = '2026-05-04T09:00:00.000Z'

const following = (cron: string, zone: string, after: string, count: number): string[] => {
  const found: string[] = []
  for (let at: string | undefined = after; at !== undefined && found.length < count; ) {
    at = nextMoment({ cron, zone }, at)
    if (at !== undefined) found.push(at.replace(':00.000Z', 'Z'))
  }
  return found
}

const caseOf = (cron: string, zone = 'Europe/Berlin'): string => {
  try {
    checkSchedule({ cron, zone }, NOW)
    return 'fine'
  } catch (error) {
    if (error instanceof Refusal) return error.because ?? error.code
    throw error
  }
}

test('a daily lesson of Berlin keeps its time of day when the clocks change', () => {
  assert.deepEqual(following('0 9 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', 3), ['2026-03-28T08:00Z', '2026-03-29T07:00Z', '2026-03-30T07:00Z'])
  assert.deepEqual(following('0 9 * * *', 'Europe/Berlin', '2026-10-24T00:00:00Z', 3), ['2026-10-24T07:00Z', '2026-10-25T08:00Z', '2026-10-26T08:00Z'])
})

test('a time that the clocks skip in spring comes once, right after the gap', () => {
  assert.deepEqual(following('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 3), ['2026-03-29T01:00Z', '2026-03-30T00:30Z', '2026-03-31T00:30Z'])
  assert.deepEqual(following('30 2,14 * * *', 'Europe/Berlin', '2026-03-28T20:00:00Z', 2), ['2026-03-29T01:00Z', '2026-03-29T12:30Z'])
  assert.deepEqual(following('30 2 * * *', 'America/New_York', '2026-03-07T12:00:00Z', 2), ['2026-03-08T07:00Z', '2026-03-09T06:30Z'])
})

test('a time that the clocks show twice in autumn comes once', () => {
  assert.deepEqual(following('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2), ['2026-10-25T00:30Z', '2026-10-26T01:30Z'])
  assert.deepEqual(following('30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', 2), ['2026-11-01T05:30Z', '2026-11-02T06:30Z'])
})

test('what is written every hour is written every hour of that night too', () => {
  const night = following('0 * * * *', 'Europe/Berlin', '2026-10-24T22:30:00Z', 4)
  assert.deepEqual(night, ['2026-10-24T23:00Z', '2026-10-25T00:00Z', '2026-10-25T01:00Z', '2026-10-25T02:00Z'])
})

test('a lesson of the leap day waits for one', () => {
  assert.deepEqual(following('0 9 29 2 *', 'America/New_York', NOW, 2), ['2028-02-29T14:00Z', '2032-02-29T14:00Z'])
  assert.equal(lastMoment({ cron: '0 9 29 2 *', zone: 'America/New_York' }, NOW), '2024-02-29T14:00:00.000Z')
})

test('the last moment that has come is that very second, and never one to come', () => {
  const daily = { cron: '0 9 * * *', zone: 'UTC' }
  assert.equal(lastMoment(daily, '2026-05-04T08:59:59.999Z'), '2026-05-03T09:00:00.000Z')
  assert.equal(lastMoment(daily, '2026-05-04T09:00:00.000Z'), '2026-05-04T09:00:00.000Z')
  assert.equal(lastMoment(daily, '2026-05-04T09:00:00.500Z'), '2026-05-04T09:00:00.000Z')
  assert.equal(nextMoment(daily, '2026-05-04T09:00:00.000Z'), '2026-05-05T09:00:00.000Z')
})

test('each moment there was is found from either side, over a year of two zones', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])
    for (const cron of ['30 2 * * *', '15 1,3 * * 0', '0 0 1,15 * *']) {
      const forwards = following(cron, zone, '2026-01-01T00:00:00Z', 60).map((at) => at.replace('Z', ':00.000Z'))
      for (const [index, at] of forwards.entries()) {
        const until = forwards[index + 1] ?? at
        assert.equal(lastMoment({ cron, zone }, at), at)
        assert.equal(lastMoment({ cron, zone }, new Date(Date.parse(until) - 1).toISOString()), until === at ? forwards[index - 1] : at, `${cron} ${zone}`)
      }
    }
})

test('a teacher cannot ask for more than a lesson an hour, for a day that never comes, or for a place that has no time', () => {
  assert.equal(caseOf('0 9 * * 1-5'), 'fine')
  assert.equal(caseOf('0 * * * *'), 'fine')
  assert.equal(caseOf('0 9 * * MON#2'), 'fine')
  for (const cron of ['* * * * *', '*/30 * * * *', '0,30 9 * * *', '59,0 9-10 1 1 *']) assert.equal(caseOf(cron), 'too-often', cron)
  for (const cron of ['61 * * * *', '0 9 * *', '0 9 * * * *', '@daily', '? 9 * * *', '0 0 30 2 *', 'a b c d e']) assert.equal(caseOf(cron), 'schedule', cron)
  for (const zone of ['Mars/Olympus', '+02:00', '', 'Europe/Berlin ']) assert.equal(caseOf('0 9 * * *', zone), 'zone', zone)
})
