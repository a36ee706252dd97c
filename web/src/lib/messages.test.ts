import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createI18n } from 'vue-i18n'
import { compileMessage } from './messages.ts'

const LOCALES = join(import.meta.dirname, '..', 'locales')

const textsIn = (texts: unknown): string[] =>
  typeof texts === 'string' ? [texts] : typeof texts === 'object' && texts !== null ? Object.values(texts).flatMap((each) => textsIn(each)) : []

const texts = readdirSync(LOCALES)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => textsIn(JSON.parse(readFileSync(join(LOCALES, name), 'utf8'))))

/** Every text under a number, in one language. */
const speaker = (own: boolean) => {
  const messages = Object.fromEntries(texts.map((text, place) => [`t${place}`, text]))
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: messages }, ...(own && { messageCompiler: compileMessage }) })
  return (place: number, values: Record<string, unknown>, count: number): string => i18n.global.t(`t${place}`, values, count)
}

test('every text of every language says the same as vue-i18n’s own reader has it say, for none, one and many', () => {
  const [ours, theirs] = [speaker(true), speaker(false)]
  assert.ok(texts.length > 2000)
  const differing = texts.flatMap((text, place) => {
    const values = Object.fromEntries([...text.matchAll(/\{\s*(\w+)\s*\}/g)].map(([, name = '']) => [name, `<${name}>`]))
    return [0, 1, 7].flatMap((count) => {
      const [one, other] = [ours(place, values, count), theirs(place, values, count)]
      return one === other ? [] : [`${text} (${count}): ${one} / ${other}`]
    })
  })
  assert.deepEqual(differing, [])
})
