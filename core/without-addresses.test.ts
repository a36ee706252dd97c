import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonOf, withoutAddresses, withoutName } from './without-addresses.ts'

test('an address is shown by its first letter and its host, however it is written and wherever it stands', () => {
  const cases: [text: string, shown: string][] = [
    ['ada@lectern.test', 'a…@lectern.test'],
    ['a@b.test', 'a…@b.test'],
    ['"odd@name"@host.test', '"…@host.test'],
    ['_o!connor#1@lectern.test', '_…@lectern.test'],
    ["o'brien@lectern.test", 'o…@lectern.test'],
    ['root@localhost', 'r…@localhost'],
    ['élan@schüle.test', 'é…@schüle.test'],
    [`${'l'.repeat(200)}@lectern.test`, 'l…@lectern.test'],
    ['550 <lena@lectern.test> is over quota, try mailto:theo@lectern.test', '550 <l…@lectern.test> is over quota, try mailto:t…@lectern.test'],
    [JSON.stringify({ to: 'ada@lectern.test', said: 'no:\nnina@x.test "lost"' }), '{"to":"a…@lectern.test","said":"no:\\n…@x.test \\"lost\\""}'],
  ]
  for (const [text, shown] of cases) assert.equal(withoutAddresses(text), shown)
})

test('what is no address stays: paths of packages, moments, and marks by themselves', () => {
  for (const text of ['at file:///school/node_modules/@orpc/server/index.mjs:3:14', '2026-05-04T09:00:00Z @ noon', 'nothing'])
    assert.equal(withoutAddresses(text), text)
})

test('what stands between two strings of JSON is no name', () => {
  for (const value of [{ handle: '@school' }, ['x', '@y'], { of: ['a', { package: '@scope/name' }] }]) {
    const line = JSON.stringify(value)
    assert.equal(withoutAddresses(line), line)
  }
})

test('of an address alone all before its host goes but the first sign, whatever marks it has', () => {
  const cases = [
    ['ada.lovelace/school@host.test', 'a…@host.test'],
    ['"odd@name"@host.test', '"…@host.test'],
    ['@host.test', '@host.test'],
  ] as const
  for (const [address, shown] of cases) assert.equal(withoutName(address), shown)
})

test('a line that is masked is still JSON, and one of half a million signs ends within the time of a test', () => {
  const line = JSON.stringify({ to: '"odd@name"@host.test', path: 'C:\\x@y.test\\z', long: 'a@'.repeat(100_000) })
  assert.doesNotThrow(() => JSON.parse(withoutAddresses(line)))
  withoutAddresses('a'.repeat(300_000) + '"'.repeat(300_000))
})

test('what an error says names nobody, whatever was thrown', () => {
  assert.equal(reasonOf(new Error('550 <lena@lectern.test>')), '550 <l…@lectern.test>')
  assert.equal(reasonOf('lena@lectern.test'), 'l…@lectern.test')
  assert.equal(reasonOf(new Error('x'.repeat(5000))).length, 2000)
})
