import assert from 'node:assert/strict'
import { open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { Unkept } from '#ports/unkept.ts'
import { scratchFolder } from './scratch.fixture.ts'
import { unkept, whyUnkept } from './unkept.ts'

const folder = await scratchFolder()
after(() => rm(folder, { recursive: true, force: true }))

/** What goes wrong when something is done. */
const troubleOf = async (deed: () => unknown): Promise<unknown> => {
  try {
    await deed()
  } catch (error) {
    return error
  }
  throw new Error('Nothing went wrong.')
}

const INSERT = "INSERT INTO words (word) VALUES ('one')"
let made = 0
/** A database of its own with one table. */
const aFile = (): string => {
  made += 1
  const path = join(folder, `${made}.sqlite`)
  const database = new DatabaseSync(path)
  database.exec('CREATE TABLE words (word TEXT PRIMARY KEY) STRICT')
  database.close()
  return path
}
/** What SQLite says, once `before` has been done to a database and its connection. */
const says =
  (before: (database: DatabaseSync, path: string) => unknown, { statement = INSERT, readOnly = false } = {}) =>
  async (): Promise<unknown> => {
    const path = aFile()
    const database = new DatabaseSync(path, { readOnly, timeout: 0 })
    const others = await before(database, path)
    try {
      return await troubleOf(() => database.exec(statement))
    } finally {
      database.close()
      if (others instanceof DatabaseSync) others.close()
    }
  }
const nothing = (): void => undefined
const heldByAnother = (_: DatabaseSync, path: string): DatabaseSync => {
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  return other
}
const beingRead = (database: DatabaseSync): void => {
  database.exec(INSERT)
  database.prepare('SELECT word FROM words').iterate().next()
}
/** As SQLite calls them, of a disk that breaks; `test/faults/shut-disk.test.ts` has it say so. */
const sqliteSays = (errcode: number) => async (): Promise<Error> => Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode })
/** As the system calls them, where a test cannot have it say so. */
const systemSays = (code: string) => async (): Promise<Error> => Object.assign(new Error(`${code}: made by a test`), { code })

type Case = [what: string, say: () => Promise<unknown>, code: number | string, why: Unkept['why'] | undefined]
const CASES: Case[] = [
  ['a database that is open to be read alone', says(nothing, { readOnly: true }), 8, 'shut'],
  ['a database whose file somebody has taken away', says((_, path) => rm(path)), 1032, 'shut'],
  ['a database that may not grow', says((database) => database.exec('PRAGMA max_page_count = 1'), { statement: 'CREATE TABLE more (one TEXT)' }), 13, 'full'],
  ['a database that another connection writes to', says(heldByAnother), 5, 'busy'],
  ['a table that is being read', says(beingRead, { statement: 'DROP TABLE words' }), 6, 'busy'],
  ['a database that cannot be opened', () => troubleOf(() => new DatabaseSync(join(folder, 'nowhere', 'a.sqlite'))), 14, 'busy'],
  ['a write that the disk does not take', sqliteSays(778), 778, 'shut'],
  ['a sync that the disk does not do', sqliteSays(1034), 1034, 'shut'],
  ['a read that the disk does not do', sqliteSays(266), 266, undefined],
  ['a word that is there already', says((database) => database.exec(INSERT)), 1555, undefined],
  ['a file that is no database', says(async (_, path) => writeFile(path, 'words '.repeat(1000))), 26, undefined],
  ['a file that is not there', () => troubleOf(() => open(join(folder, 'nowhere'))), 'ENOENT', undefined],
  ...(['ENOSPC', 'EDQUOT'] as const).map((code): Case => [code, systemSays(code), code, 'full']),
  ...(['EROFS', 'EACCES', 'EPERM'] as const).map((code): Case => [code, systemSays(code), code, 'shut']),
  ...(['EMFILE', 'ENFILE'] as const).map((code): Case => [code, systemSays(code), code, 'busy']),
]

for (const [what, say, code, why] of CASES)
  test(`${what} is ${why === undefined ? 'other trouble, and stays what it is' : `“${why}”, whoever says it`}`, async () => {
    const trouble = await say()
    assert.ok(trouble instanceof Error)
    assert.equal('errcode' in trouble ? trouble.errcode : 'code' in trouble && trouble.code, code)
    assert.equal(whyUnkept(trouble), why)
    const told = unkept(trouble)
    if (why === undefined) return assert.equal(told, trouble)
    assert.ok(told instanceof Unkept)
    assert.deepEqual([told.why, told.cause, unkept(told)], [why, trouble, told])
  })
