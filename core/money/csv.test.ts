import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decimalText } from '#contract/currency.ts'
import { csvText } from './csv.ts'

const row = (...cells: (string | number | undefined)[]): string => csvText([], [cells]).slice('\uFEFF\r\n'.length, -'\r\n'.length)

test('A table is UTF-8 with a mark of it, its lines end as RFC 4180 says, and what would part a cell stands in quotes', () => {
  assert.equal(csvText(['Who', 'Paid'], [['Zoë, “the” "first"\nof all', 49]]), '\uFEFF"Who","Paid"\r\n"Zoë, “the” ""first""\nof all",49\r\n')
  assert.equal(row('a;b', undefined, ''), '"a;b",,""')
})

test('What a buyer typed is never a formula in the owner’s spreadsheet', () => {
  for (const typed of ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x","y")', "-2+3+cmd|' /C calc'!A0"])
    assert.ok(row(typed).startsWith(`"'${typed[0]}`), typed)
  assert.equal(row('lena@lectern.test', '1=1'), '"lena@lectern.test","1=1"')
})

test('An amount that went out is a number below nought, and no text', () => {
  assert.equal(row(decimalText(-1999, 'EUR'), -1999), '-19.99,-1999')
})

test('Amounts are written in major units exactly, whatever digits their currency has', () => {
  const written = [
    [29, 'EUR', '0.29'],
    [435, 'EUR', '4.35'],
    [1005, 'EUR', '10.05'],
    [0, 'EUR', '0.00'],
    [100_000_000, 'EUR', '1000000.00'],
    [4900, 'JPY', '4900'],
    [5, 'KWD', '0.005'],
    [1250, 'IQD', '1.250'],
    [490_000, 'HUF', '4900.00'],
    [250, 'ISK', '250'],
    [-1, 'KWD', '-0.001'],
  ] as const
  for (const [minor, currency, text] of written) assert.equal(decimalText(minor, currency), text)
})
