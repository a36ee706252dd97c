import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Addresses, splitAddresses } from './addresses.ts'
import { splitTexts, type Texts, visitorsIcons, visitorsSources } from './visitors.ts'

const keysOf = (texts: Texts, under = ''): string[] =>
  Object.entries(texts).flatMap(([key, value]) => (typeof value === 'object' && value !== null ? keysOf({ ...value }, `${under}${key}.`) : [`${under}${key}`]))

const paths = (): string => [...visitorsSources().keys()].join('\n')

test('a visitor’s browser is given every text that the pages open to them ask for by name', () => {
  const given = new Set(keysOf(splitTexts().visitors))
  const asked = [...visitorsSources().values()].flatMap((source) => [...source.matchAll(/\b(?:t|text)\(\s*'([\w.-]+)'/g)].map(([, key = '']) => key))
  assert.ok(asked.length > 50)
  assert.deepEqual(
    asked.filter((key) => !given.has(key)),
    [],
  )
  // By a code that is known only then.
  assert.ok(given.has('refusals.offline') && given.has('kinds.article') && given.has('legal.imprint'))
})

test('no text is lost or given twice, and what teachers read stays inside', () => {
  const { visitors, inside } = splitTexts()
  const [given, kept] = [keysOf(visitors), keysOf(inside)]
  assert.equal(new Set([...given, ...kept]).size, given.length + kept.length)
  assert.ok(kept.length > given.length * 3)
  assert.ok(kept.some((key) => key.startsWith('series.')) && !given.some((key) => key.startsWith('series.')))
})

test('pages for everybody count among a visitor’s sources, and what comes only inside does not', () => {
  assert.match(paths(), /pages\/CoursePage\.vue/)
  assert.match(paths(), /ui\/MarkdownText\.vue/)
  assert.doesNotMatch(paths(), /PersonMenu|NotificationBell|pages\/teach\/CoursesPage/)
  assert.ok(visitorsIcons().includes('menu') && !visitorsIcons().includes('gauge'))
})

test('a visitor’s browser knows what its pages call, and no address is lost', () => {
  const { visitors, inside } = splitAddresses()
  const namesOf = (addresses: Addresses): string[] =>
    Object.entries(addresses).flatMap(([feature, verbs]) => Object.keys(verbs).map((verb) => `${feature}.${verb}`))
  const [given, kept] = [namesOf(visitors), namesOf(inside)]
  assert.ok(given.includes('accounts.me') && !given.includes('accounts.changePassword'))
  assert.equal(new Set([...given, ...kept]).size, given.length + kept.length)
  assert.ok(kept.length > given.length)
})
