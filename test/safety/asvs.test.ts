import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { NUMBERS } from './asvs-numbers.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(ROOT, 'docs', 'security', 'asvs.md'), 'utf8')
const rows = [...page.matchAll(/^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| (.+) \|$/gm)].map(([, number = '', level, , state = '', by = '']) => ({
  ...{ number, level: Number(level), state, by },
  // What looks like a path of ours: with a folder, and an ending or a slash; and the words that follow it, of the title of a test there.
  files: [...by.matchAll(/`([\w.-]+\/[\w./-]*)`(?: “([^”]+)”)?/g)].map(([, path = '', words]) => ({ path, words })),
}))

/** What the tests of a file are called. */
const titlesIn = (path: string): string[] =>
  [...readFileSync(join(ROOT, path), 'utf8').matchAll(/\b(?:test|it|law)\(\s*(['"`])(.+?)\1, /g)].map(([, , title = '']) => title)

test('every requirement of levels 1 and 2 has its row, once, and no other is made up', () => {
  assert.equal(NUMBERS.size, 253)
  assert.deepEqual(
    rows.map(({ number, level }) => [number, level]),
    [...NUMBERS],
  )
})

test('every row is met by a file that is there, and a test of it where it names one, or says why it is not', () => {
  for (const { number, state, by, files } of rows) {
    assert.ok(['met', 'partly', 'not met', 'n/a'].includes(state), number)
    for (const { path, words } of files) {
      assert.ok(existsSync(join(ROOT, path)), `${number} names ${path}`)
      if (words !== undefined)
        assert.ok(
          titlesIn(path).some((title) => title.includes(words)),
          `${number} names “${words}”, which is no test of ${path}`,
        )
    }
    assert.ok(files.length > 0 || by.length > 8, `${number} says neither a file nor a reason`)
  }
})

test('the sums at the head of the page are those of its rows', () => {
  const of = (state: string): number => rows.filter((row) => row.state === state).length
  assert.match(
    page.replace(/\s+/g, ' '),
    new RegExp(`Of ${rows.length} numbers ${of('met')} are met, ${of('partly')} partly, ${of('not met')} are not, and ${of('n/a')} ask`),
  )
})
