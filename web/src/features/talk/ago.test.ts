import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ago } from './ago.ts'

test('what was just written is now, then minutes, hours, days, and after a week a date', () => {
  const now = new Date('2026-05-10T12:00:00Z')
  const said = ['12:00:30Z', '11:59:30Z', '11:20:00Z', '05:00:00Z'].map((time) => ago(`2026-05-10T${time}`, now, 'en'))
  assert.deepEqual(said, ['now', 'now', '40 min. ago', '7 hr. ago'])
  assert.equal(ago('2026-05-09T11:00:00Z', now, 'en'), 'yesterday')
  assert.equal(ago('2026-04-01T12:00:00Z', now, 'en'), 'Apr 1, 2026')
})
