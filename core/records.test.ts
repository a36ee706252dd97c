import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as z from 'zod/mini'
import type { Item, Tables } from '#ports/tables.ts'
import { openSchool } from '#test/school.ts'
import { ofNobody } from './personal.ts'
import { records } from './records.ts'

const school = await openSchool()
after(() => school.close())

const notes = records({
  schema: z.object({ id: z.string(), text: z.string() }),
  key: ({ id }: { id: string }) => ({ pk: `note#${id}`, sk: 'note' }),
  people: ofNobody,
})

test('An item that is handed out again is read anew by each reader: what one does to theirs, no other sees', async () => {
  const item: Item = { pk: 'note#1', sk: 'note', body: { id: '1', text: 'as written' }, version: 1 }
  const tables: Tables = { ...school.world.tables, get: async () => item }
  const first = await notes.get(tables, { id: '1' })
  if (first) first.value.text = 'scribbled over'
  assert.deepEqual((await notes.get(tables, { id: '1' }))?.value, { id: '1', text: 'as written' })
})

test('A stored item that does not fit is a fault each time it is read', async () => {
  const item: Item = { pk: 'note#1', sk: 'note', body: { id: '1' }, version: 1 }
  const tables: Tables = { ...school.world.tables, get: async () => item }
  for (let read = 0; read < 2; read += 1) await assert.rejects(notes.get(tables, { id: '1' }))
})
