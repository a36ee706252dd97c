import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

const src = join(import.meta.dirname, '..')

/** Pages of those who teach and run a school: English speaks there where another language does not yet. */
const DESKS = /^pages\/(teach|school)\/|^lib\/places\.ts$/

/** Every source that a learner may have at work: what any file imports, now or later, from the app on to each page that is no desk. */
const learnersSources = (): string[] => {
  const found = new Map<string, string>()
  const walk = (path: string): void => {
    if (found.has(path) || DESKS.test(path) || !/\.(ts|vue)$/.test(path) || !existsSync(join(src, path))) return
    const source = readFileSync(join(src, path), 'utf8')
    found.set(path, source)
    for (const [, next = ''] of source.matchAll(/(?:\bfrom |\bimport |\bimport\()'(\.[^']+)'/g)) walk(join(dirname(path), next))
  }
  walk('main.ts')
  return [...found.values()]
}

/** What they name: a text, a group, or with `work.states.${state}` all of a group. */
const learnersTexts = (): string[] => {
  const named = learnersSources().flatMap((source) => [...source.matchAll(/['"`]([a-z]\w*(?:\.[\w-]+)*)(\.\$\{|['"`])/g)])
  const whole = new Set(named.flatMap(([, path = '', end]) => (path.includes('.') || end === '.${' ? path : [])))
  const isNamed = (key: string): boolean => key.split('.').some((_, place, words) => whole.has(words.slice(0, place + 1).join('.')))
  return [...english.keys()].filter(isNamed)
}

const forLearners = learnersTexts()

test('what learners read is found by what their pages name', () => {
  const some = ['notes.add', 'quiz.tells.each', 'work.states.returned', 'search.kinds.spoken', 'builder.waits.not-yet', 'account.title', 'refusals.offline']
  assert.deepEqual(
    some.filter((key) => !forLearners.includes(key)),
    [],
  )
  assert.ok(!forLearners.some((key) => /^(series|audit|insights|quizDesk)\./.test(key)))
})

for (const [code, name] of Object.entries(LANGUAGES).filter(([each]) => each !== 'en')) {
  const spoken = textsOf(code)

  test(`${name} says nothing that English does not, and fills in the same`, (context) => {
    const unknown = [...spoken.keys()].filter((key) => !english.has(key))
    assert.deepEqual(unknown, [])
    const otherwise = [...spoken].filter(([key, text]) => filledIn(text) !== filledIn(english.get(key) ?? '') || forms(text) !== forms(english.get(key) ?? ''))
    assert.deepEqual(otherwise, [])
    context.diagnostic(`${name}: ${share(spoken.size, english.size)}`)
    for (const part of new Set([...spoken.keys()].map(partOf))) {
      const within = (key: string): boolean => partOf(key) === part
      context.diagnostic(`${name}, ${part}: ${share([...spoken.keys()].filter(within).length, [...english.keys()].filter(within).length)}`)
    }
  })

  test(`${name} is whole on every page of a learner`, () => {
    assert.deepEqual(
      forLearners.filter((key) => !spoken.has(key)),
      [],
    )
  })
}
