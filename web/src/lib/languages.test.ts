import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directionOf, languageFor, mirrored } from './languages.ts'

test('somebody reads in the language they chose, else in the first of their browser that is spoken here, else in English', () => {
  const rows: [string | undefined, string[], string][] = [
    [undefined, ['de-AT', 'en'], 'de'],
    [undefined, ['fr-FR', 'es-MX', 'de'], 'es'],
    [undefined, ['fr', 'pt-BR'], 'en'],
    [undefined, [], 'en'],
    ['es', ['de'], 'es'],
    ['xx', ['de'], 'de'],
    ['toString', ['constructor'], 'en'],
    ['ar-XB', ['de'], 'ar-XB'],
    [undefined, ['ar-XB'], 'en'],
  ]
  for (const [chosen, preferred, spoken] of rows) assert.equal(languageFor(chosen, preferred), spoken, `${chosen} of ${preferred}`)
  assert.deepEqual([directionOf('de'), directionOf('ar-XB')], ['ltr', 'rtl'])
})

test('a text turned round keeps what is filled in and its forms', () => {
  assert.equal(mirrored('{count} lesson | {count} lessons'), '{count} \u202elesson\u202c | {count} \u202elessons\u202c')
  assert.equal(mirrored("lena{'@'}example.com"), "\u202elena\u202c{'@'}\u202eexample.com\u202c")
})
