import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LetterLanguage } from '#contract/notifications.ts'
import { WORDS } from './words.ts'

/** Each text by its path, said with marks in place of what is filled in; which marks it has said. */
const said = (words: object, under = ''): [path: string, text: string][] =>
  Object.entries(words).flatMap(([key, value]) => {
    const path = `${under}${key}`
    if (typeof value === 'object') return said(value, `${path}.`)
    return [[path, typeof value === 'function' ? value('‹1›', '‹2›', '‹3›') : value]] satisfies [string, string][]
  })
const marks = (text: string): string[] => (text.match(/‹\d›/g) ?? []).toSorted()

for (const language of LetterLanguage.options.filter((each) => each !== 'en')) {
  test(`letters in ${language} say everything that there is to say, and name in it whatever English names`, () => {
    const [english, own] = [said(WORDS.en), said(WORDS[language])]
    assert.deepEqual(
      own.map(([path, text]) => [path, marks(text)]),
      english.map(([path, text]) => [path, marks(text)]),
    )
    assert.ok(own.every(([, text]) => text.trim() !== ''))
    const same = own.filter(([, text], at) => text === english[at]?.[1]).map(([path]) => path)
    assert.deepEqual(same, [])
  })
}
