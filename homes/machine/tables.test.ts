import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tablesLaws } from '#ports/tables.laws.ts'
import { openDatabase, transaction } from './database.ts'
import { aStore } from './scratch.fixture.ts'

tablesLaws('machine', aStore)

test('a listing by prefix reads the index between its two ends, however much follows', async () => {
  const { file, close } = await aStore()
  const plan = file.reader
    .prepare("EXPLAIN QUERY PLAN SELECT * FROM items WHERE pk = 'p' AND sk >= 'a' AND sk < 'a' || char(1114111) ORDER BY sk DESC LIMIT 3")
    .all()
  assert.match(JSON.stringify(plan), /SEARCH items USING PRIMARY KEY \(pk=\? AND sk>\? AND sk<\?\)/)
  assert.doesNotMatch(JSON.stringify(plan), /TEMP B-TREE/)
  await close()
})

test('a commit that breaks in the middle leaves nothing behind and says why', async () => {
  const { path, tables, close } = await aStore()
  const database = openDatabase(path)
  const broken = (): void =>
    transaction(database, () => {
      database.exec("INSERT INTO items (pk, sk, body, version) VALUES ('p', '1', '{}', 1)")
      throw new Error('the disk is full')
    })
  assert.throws(broken, /the disk is full/)
  assert.deepEqual(await tables.list('p'), { items: [] })
  const rolledBack = (): void =>
    transaction(database, () => {
      database.exec('ROLLBACK')
      throw new Error('SQLite rolled back by itself')
    })
  assert.throws(rolledBack, /rolled back by itself/)
  database.close()
  await close()
})

test('of commits asked for in one turn each stands or falls by itself, in order, and all are on the disk when they are answered', async () => {
  const { path, tables, close } = await aStore()
  const database = openDatabase(path)
  const put = (sk: string, expect?: 'absent') => ({ kind: 'put' as const, key: { pk: 'p', sk }, body: { sk }, ...(expect && { expect }) })
  database.exec("CREATE TRIGGER broken BEFORE INSERT ON items WHEN NEW.sk = 'broken' BEGIN SELECT RAISE(FAIL, 'the disk is odd'); END")
  const asked = [tables.commit([put('1', 'absent')]), tables.commit([put('2'), put('broken')]), tables.commit([put('1', 'absent')]), tables.commit([put('3')])]
  const outcomes = await Promise.allSettled(asked)
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'broken')),
    ['done', 'broken', 'conflict', 'done'],
  )
  const { items } = await tables.list('p')
  assert.deepEqual(
    items.map(({ sk }) => sk),
    ['1', '3'],
  )
  database.close()
  await close()
})
