import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { openDatabase, writingAhead } from './database.ts'
import { scratchFolder } from './scratch.fixture.ts'

type Sync = { wal: number; end(): void; fail(error: Error): void }

/** A database with one table, and a disk that keeps what is written only when it is told to. */
const aDatabase = async (t: TestContext) => {
  const folder = await scratchFolder()
  const path = join(folder, 'a.sqlite')
  const database = openDatabase(path)
  database.exec('PRAGMA busy_timeout = 0')
  database.exec('CREATE TABLE words (word TEXT PRIMARY KEY) STRICT')
  t.after(async () => {
    database.close()
    await rm(folder, { recursive: true })
  })
  const insert = database.prepare('INSERT INTO words (word) VALUES (?)')
  const words = (): unknown[] =>
    database
      .prepare('SELECT word FROM words ORDER BY word')
      .all()
      .map(({ word }) => word)
  const syncs: Sync[] = []
  const datasync = (): Promise<void> =>
    new Promise((resolve, reject) => {
      syncs.push({ wal: words().length, end: resolve, fail: reject })
    })
  const write = writingAhead(database, { datasync })
  const answered: string[] = []
  const add = async (word: string): Promise<void> => {
    await write(() => insert.run(word))
    answered.push(word)
  }
  return { path, add, answered, words, syncs }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('What is written is there to be read at once, and answered when a sync that began after it has ended', async (t) => {
  const { add, answered, words, syncs } = await aDatabase(t)
  const first = add('a')
  const others = [add('b'), add('c')]
  await turn()
  assert.deepEqual([words(), answered, syncs.map(({ wal }) => wal)], [['a', 'b', 'c'], [], [1]])
  syncs[0]?.end()
  await first
  await turn()
  assert.deepEqual([answered, syncs.map(({ wal }) => wal)], [['a'], [1, 3]], 'those who came during the first share the second')
  syncs[1]?.end()
  await Promise.all(others)
  assert.deepEqual([answered, syncs.length], [['a', 'b', 'c'], 2])
})

test('Whoever waits for a sync that fails is told so; the log is not trusted again before all of it stands in the file', async (t) => {
  const { path, add, answered, syncs } = await aDatabase(t)
  const [first, second] = [add('a'), add('b')]
  const lost = assert.rejects(first, /the disk is gone/)
  syncs[0]?.fail(new Error('the disk is gone'))
  await lost
  await second
  assert.deepEqual([answered, syncs.length, statSync(`${path}-wal`).size], [['b'], 1, 0])
  const third = add('c')
  syncs[1]?.end()
  await third
  assert.deepEqual([answered, syncs.length], [['b', 'c'], 2])
})

test('While somebody reads of a log that is not trusted, nobody is told that anything is kept', async (t) => {
  const { path, add, answered, syncs } = await aDatabase(t)
  const reader = new DatabaseSync(path, { readOnly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM words').get()
  const lost = assert.rejects(add('a'), /the disk is gone/)
  syncs[0]?.fail(new Error('the disk is gone'))
  await lost
  await assert.rejects(add('b'), { why: 'busy' })
  reader.close()
  await add('c')
  assert.deepEqual([answered, syncs.length], [['c'], 1])
})

test('Work that fails is undone, and waits for no disk', async (t) => {
  const { add, words, syncs } = await aDatabase(t)
  const first = add('a')
  syncs[0]?.end()
  await first
  await assert.rejects(add('a'), /UNIQUE/)
  assert.deepEqual([words(), syncs.length], [['a'], 1])
})
