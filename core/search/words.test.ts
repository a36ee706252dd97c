import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Found, folded, foundAt, type Line, queryOf, spotsIn } from './words.ts'

const find = (query: string, ...texts: string[]): Found[] => {
  const [lines, asked] = [texts.map((text, index): Line => [index * 10, text]), queryOf(query)]
  return spotsIn(texts.map(folded), asked).map((spot) => foundAt(lines, spot, asked))
}
/** What a reader sees marked. */
const marked = ({ text, matches }: Found): string =>
  matches.toReversed().reduce((shown, { start, end }) => `${shown.slice(0, start)}[${shown.slice(start, end)}]${shown.slice(end)}`, text)
const shown = (query: string, ...texts: string[]): string[] => find(query, ...texts).map(marked)

test('words are found whatever their case and accents, and marked where they stand in the text itself', () => {
  assert.deepEqual(shown('cafe', 'Au CAFÉ, cafe\u0301s'), ['Au [CAFÉ], [cafe\u0301]s'])
  assert.deepEqual(shown('ÉCOLE', "L'école 😀 ECOLE"), ["L'[école] 😀 [ECOLE]"])
  assert.deepEqual(shown('οδοσ', 'η ΟΔΟΣ, οδός'), ['η [ΟΔΟΣ], [οδός]'])
  assert.deepEqual(shown('istanbul', 'İstanbul'), ['[İstanbul]'])
})

test('a word is found by its beginning, not by its middle; where words are not set apart, anywhere', () => {
  assert.deepEqual(shown('light', 'Lighting the lights, delight'), ['[Light]ing the [light]s, delight'])
  assert.deepEqual(shown('art', 'Start here'), [])
  assert.deepEqual(shown('東京', '私は東京に住む'), ['私は[東京]に住む'])
  assert.deepEqual(shown('हिंदी', 'मैं हिंदी बोलता हूँ'), ['मैं [हिंदी] बोलता हूँ'])
})

test('all words must be said, within one line or in two that follow each other', () => {
  assert.deepEqual(shown('window light', 'The light falls', 'through a window.', 'A window.'), ['The [light] falls through a [window].'])
  assert.deepEqual(shown('window light', 'The light', 'falls', 'through a window'), [])
  assert.deepEqual(shown('window light', 'A window', 'with light at the window'), ['with [light] at the [window]'])
  assert.deepEqual(
    find('one two', 'zero', 'one', 'two').map(({ startSeconds }) => startSeconds),
    [10],
  )
})

test('marks that overlap are one', () => {
  assert.deepEqual(shown('li light', 'light'), ['[light]'])
})

test('what stands between quotation marks is looked for as it stands, over the end of a line too', () => {
  assert.deepEqual(shown('"soft light"', 'A soft light', 'light, soft'), ['A [soft light]'])
  assert.deepEqual(shown('“soft light” falls', 'It is soft', 'light that falls'), ['It is [soft light] that [falls]'])
})

test('wide, narrow and composed signs are one, and so are the syllables of Korean as they are typed', () => {
  assert.deepEqual(shown('lectern', 'Ｌｅｃｔｅｒｎ'), ['[Ｌｅｃｔｅｒｎ]'])
  assert.deepEqual(shown('하', '한국어'), ['[한]국어'])
})
