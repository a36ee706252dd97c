import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { changedOnly, lineDiff } from './line-diff.ts'

const marks = { same: ' ', gone: '-', came: '+' }
const told = (before: string, after: string): string[] => lineDiff(before, after).map(({ kind, text }) => marks[kind] + text)

test('what stayed, went and came is told line by line', () => {
  assert.deepEqual(told('one\ntwo\nthree', 'one\n2\nthree\nfour'), [' one', '-two', '+2', ' three', '+four'])
  assert.deepEqual(told('', 'new'), ['+new'])
  assert.deepEqual(told('same', 'same'), [' same'])
})

test('whatever two texts are, the lines that stayed and went make the old one, those that stayed and came the new one', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '', 'c d'), { maxLength: 12 }).map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before, after)
      const of = (kind: 'gone' | 'came'): string =>
        lines
          .filter((line) => line.kind === 'same' || line.kind === kind)
          .map((line) => line.text)
          .join('\n')
      assert.deepEqual([of('gone'), of('came')], [before, after])
    }),
  )
})

test('of a long text only what changed is shown, with two lines around it', () => {
  const lines = Array.from({ length: 20 }, (_, place) => `line ${place}`)
  const after = lines.with(10, 'other').join('\n')
  const shown = changedOnly(lineDiff(lines.join('\n'), after))
  assert.deepEqual(
    shown.map((line) => (line.kind === 'skipped' ? line.lines : `${line.kind} ${line.text}`)),
    [8, 'same line 8', 'same line 9', 'gone line 10', 'came other', 'same line 11', 'same line 12', 7],
  )
})
