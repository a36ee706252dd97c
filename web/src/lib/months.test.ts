import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daysAfter, monthsAfter } from './months.ts'

const day = (date: Date): string => `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`

test('somebody who pays on the last of a month is told the last of shorter months, and the same day of longer ones', () => {
  const from = new Date(2027, 0, 31, 15)
  assert.deepEqual(
    [1, 2, 3, 13].map((months) => day(monthsAfter(from, months))),
    ['2027-2-28', '2027-3-31', '2027-4-30', '2028-2-29'],
  )
  assert.equal(day(monthsAfter(new Date(2028, 1, 29), 12)), '2029-2-28')
})

test('a trial of 14 days that begins late in December ends in January', () => {
  assert.equal(day(daysAfter(new Date(2026, 11, 25, 23, 59), 14)), '2027-1-8')
})
