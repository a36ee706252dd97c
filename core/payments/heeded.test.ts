import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { HEEDED } from './process.ts'

test('an owner who chooses the events that the documents name is sent all that the school acts on, and nothing it would ask about', async () => {
  const way = await readFile(new URL('../../docs/operations/aws.md', import.meta.url), 'utf8')
  const named = /```stripe-events\n([^`]*)```/.exec(way)?.[1]?.trim().split(/\s+/) ?? []
  assert.deepEqual(named.sort(), [...HEEDED].sort())
})
