import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const src = join(import.meta.dirname, '..')

const flat = (texts: object, under = ''): string[] =>
  Object.entries(texts).flatMap(([key, value]) => (typeof value === 'object' && value !== null ? flat(value, `${under}${key}.`) : [`${under}${key}`]))

const written = new Set(
  readdirSync(import.meta.dirname)
    .filter((name) => /^en\b.*\.json$/.test(name))
    .flatMap((name) => flat(JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')))),
)

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(vue|ts)$/.test(name) && !name.endsWith('.test.ts'))

test('every text a page asks for by name is written', () => {
  const missing = sources.flatMap((name) =>
    [...readFileSync(join(src, name), 'utf8').matchAll(/\b(?:t|text)\(\s*'([\w.-]+)'/g)]
      .map(([, key = '']) => key)
      .filter((key) => !written.has(key))
      .map((key) => `${name}: ${key}`),
  )
  assert.deepEqual(missing, [])
  assert.ok(written.size > 100)
})

test('every refusal of the school has its words', async () => {
  const { REFUSALS } = await import('#contract/refusals.ts')
  assert.deepEqual(
    Object.keys(REFUSALS).filter((code) => !written.has(`refusals.${code}`)),
    [],
  )
})
