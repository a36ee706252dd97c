import assert from 'node:assert/strict'
import { test } from 'node:test'
import { around, asBlock, asLink, before, type Edit, type Field, isAddress, wordsOfFile } from './edits.ts'

/** A field with what is chosen between bars, before and after. */
const field = (marked: string): Field => {
  const [from, to] = [marked.indexOf('|'), marked.lastIndexOf('|') - 1]
  return { text: marked.replaceAll('|', ''), from, to }
}
const edited = (marked: string, edit: (field: Field) => Edit): string => {
  const { from, to, put, choose } = edit(field(marked))
  const text = field(marked).text
  const shown = `${put.slice(0, choose[0])}|${put.slice(...choose)}|${put.slice(choose[1])}`
  return `${text.slice(0, from)}${shown}${text.slice(to)}`
}

test('signs go around what is chosen, and away again', () => {
  assert.equal(
    edited('Paint |light| now', (each) => around(each, '**')),
    'Paint **|light|** now',
  )
  assert.equal(
    edited('Paint **|light|** now', (each) => around(each, '**')),
    'Paint |light| now',
  )
  assert.equal(
    edited('||', (each) => around(each, '*')),
    '*||*',
  )
})

test('a mark stands before each line that is touched, and away from all that have it', () => {
  assert.equal(
    edited('one\nt|wo\nth|ree\nfour', (each) => before(each, '- ')),
    'one\n|- two\n- three|\nfour',
  )
  assert.equal(
    edited('|- two\n- three|', (each) => before(each, '- ')),
    '|two\nthree|',
  )
  assert.equal(
    edited('a|b|c', (each) => before(each, '## ')),
    '## abc||',
  )
})

test('a block has lines of its own', () => {
  assert.equal(
    edited('above|x|below', (each) => asBlock(each, ['$$\n', '\n$$'])),
    'above\n\n$$\n|x|\n$$\nbelow',
  )
  assert.equal(
    edited('||', (each) => asBlock(each, ['```\n', '\n```'])),
    '```\n||\n```\n',
  )
})

test('an address pasted over words leads from them', () => {
  assert.equal(
    edited('see |this| now', (each) => asLink(each, 'https://a.test')),
    'see [|this|](https://a.test) now',
  )
  assert.equal(
    edited('see |this| now', (each) => asLink(each)),
    'see [this](||) now',
  )
  assert.equal(
    edited('|https://a.test|', (each) => asLink(each)),
    '[||](https://a.test)',
  )
  assert.deepEqual([isAddress(' https://a.test '), isAddress('a https://a.test')], [true, false])
})

test('a picture is called as its file is, without what brackets could not hold', () => {
  assert.equal(wordsOfFile('a-lamp_by [night].final.png'), 'a lamp by night .final')
})
