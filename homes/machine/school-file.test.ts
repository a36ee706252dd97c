import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import type { ItemChange } from './school-deeds.ts'
import { openSchoolFile } from './school-file.ts'
import { scratchFolder } from './scratch.fixture.ts'

const aPath = async (t: TestContext): Promise<string> => {
  const folder = await scratchFolder()
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, 'school.sqlite')
}

const put = (sk: string): { changes: ItemChange[]; tellings: [] } => ({
  changes: [{ key: { pk: 'p', sk }, expect: 'absent', write: { body: '{}', index: undefined } }],
  tellings: [],
})

const keysIn = (path: string): unknown[] => {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database.prepare('SELECT sk FROM items ORDER BY sk').all()
  database.close()
  return rows.map((row) => row['sk'])
}

test('Whoever waits for a thread that dies is told so at once, and what is asked for next is written by another', async (t) => {
  const path = await aPath(t)
  const file = openSchoolFile(path, { script: new URL('./school-thread.fixture.ts', import.meta.url) })
  const lost = await Promise.allSettled([file.write('commit', put('1')), file.write('commit', put('2'))])
  for (const outcome of lost) {
    assert.equal(outcome.status, 'rejected')
    assert.match(String(outcome.status === 'rejected' && outcome.reason.message), /thread that writes has ended/)
    assert.match(String(outcome.status === 'rejected' && outcome.reason.cause), /Out of memory, say/)
  }
  assert.equal(await file.write('commit', put('3')), 'done')
  await file.close()
  assert.deepEqual(keysIn(path), ['3'])
})

test('What was asked for before the school closes is written and answered, and nothing is taken after that', async (t) => {
  const path = await aPath(t)
  const file = openSchoolFile(path)
  const asked = [file.write('commit', put('1')), file.write('commit', put('2')), file.write('commit', put('1'))]
  await file.close()
  assert.deepEqual(await Promise.all(asked), ['done', 'done', 'conflict'])
  await assert.rejects(file.write('commit', put('3')), /closed/)
  assert.deepEqual(keysIn(path), ['1', '2'])
})

test('The connection that reads sees what has been answered, and cannot write', async (t) => {
  const file = openSchoolFile(await aPath(t))
  const count = file.reader.prepare('SELECT count(*) AS count FROM items')
  for (let written = 1; written <= 50; written += 1) {
    await file.write('commit', put(String(written)))
    assert.equal(count.get()?.['count'], written)
  }
  assert.throws(() => file.reader.exec('DELETE FROM items'), /readonly/)
  await file.close()
})

test('A school file that cannot be written refuses every write with the reason', async (t) => {
  const path = await aPath(t)
  const file = openSchoolFile(path, { patienceMs: 50 })
  const other = new DatabaseSync(path, { timeout: 5000 })
  other.exec('BEGIN IMMEDIATE')
  await assert.rejects(file.write('commit', put('1')), /locked/)
  other.exec('ROLLBACK')
  assert.equal(await file.write('commit', put('1')), 'done')
  other.close()
  await file.close()
})
