import assert from 'node:assert/strict'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from './store.ts'

const modesIn = async (folder: string): Promise<string[]> =>
  Promise.all((await readdir(folder)).toSorted().map(async (name) => `${name} ${((await stat(join(folder, name))).mode & 0o777).toString(8)}`))

test('the file of sign-ins, and what SQLite keeps beside it, is for its owner alone: from its first moment on, and again after another has opened it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'store-'))
  t.after(() => rm(folder, { recursive: true }))
  const own = ['identity.sqlite 600', 'identity.sqlite-shm 600', 'identity.sqlite-wal 600']
  const first = openStore(folder)
  assert.deepEqual(await modesIn(folder), own)
  for (const name of await readdir(folder)) await chmod(join(folder, name), 0o644)
  const second = openStore(folder)
  assert.deepEqual(await modesIn(folder), own)
  second.close()
  first.close()
})
