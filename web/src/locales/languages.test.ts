import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { LANGUAGES } from '../lib/languages.ts'

type Texts = { [key: string]: string | Texts }

const flat = (texts: Texts, under = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${under}${key}`, value]] : flat(value, `${under}${key}.`),
  )

const textsOf = (language: string): Map<string, string> => {
  const files = readdirSync(import.meta.dirname).filter((name) => name === `${language}.json` || (name.startsWith(`${language}.`) && name.endsWith('.json')))
  // The files of texts are ours: texts, or groups of them.
  return new Map(files.flatMap((name) => flat(JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as Texts)))
}

const filledIn = (text: string): string => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].toSorted().join()
const forms = (text: string): number => text.split(' | ').length

const partOf = (key: string): string => key.split('.', 1)[0] ?? ''
const share = (said: number, all: number): string => `${said} of ${all} texts, ${Math.floor((100 * said) / all)} %`

const english = textsOf('en')

for (const [code, name] of Object.entries(LANGUAGES).filter(([each]) => each !== 'en')) {
  const spoken = textsOf(code)

  test(`${name} says nothing that English does not, and fills in the same`, (context) => {
    const unknown = [...spoken.keys()].filter((key) => !english.has(key))
    assert.deepEqual(unknown, [])
    const otherwise = [...spoken].filter(([key, text]) => filledIn(text) !== filledIn(english.get(key) ?? '') || forms(text) !== forms(english.get(key) ?? ''))
    assert.deepEqual(otherwise, [])
    assert.ok(spoken.size > 100)
    context.diagnostic(`${name}: ${share(spoken.size, english.size)}`)
    for (const part of new Set([...spoken.keys()].map(partOf))) {
      const within = (key: string): boolean => partOf(key) === part
      context.diagnostic(`${name}, ${part}: ${share([...spoken.keys()].filter(within).length, [...english.keys()].filter(within).length)}`)
    }
  })
}
