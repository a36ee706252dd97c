import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Refusal } from '#core/refusal.ts'
import { hasCode } from './error-code.ts'

test('a missing file and a refusal are each known by their code, and by no other', async () => {
  const absent = await readFile('/nowhere/at/all').catch((error: unknown) => error)
  assert.equal(hasCode(absent, 'ENOENT'), true)
  assert.equal(hasCode(absent, 'ENOTDIR', 'ENOENT'), true)
  assert.equal(hasCode(absent, 'ENOTDIR', 'EACCES'), false)
  assert.equal(hasCode(absent), false)
  assert.equal(hasCode(new Refusal('conflict', 'Try again.'), 'conflict'), true)
})

test('what has no code, or is no error, is known by none', () => {
  for (const thrown of [new Error('ENOENT'), { code: 'ENOENT' }, 'ENOENT', undefined, null]) assert.equal(hasCode(thrown, 'ENOENT'), false, String(thrown))
})
