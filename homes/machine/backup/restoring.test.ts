import assert from 'node:assert/strict'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { aSchool } from '#homes/move/school.fixture.ts'
import { aGround } from './ground.fixture.ts'
import { restoreBackup } from './restore.ts'

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

test('after a restore a server in front reads videos by its group as before, and what is secret is still for the school alone', async (t) => {
  const umask = process.umask(0o027)
  t.after(() => process.umask(umask))
  const { data, to, take, restored } = await aGround(t, aSchool)
  await take()
  await restoreBackup({ from: to, to: restored })
  for (const school of [data, restored]) {
    const store = join(school, 'objects', 'blobs')
    const blobs = await readdir(store)
    assert.equal(blobs.length, 3)
    const open = [school, join(school, 'objects'), store, ...blobs.map((blob) => join(store, blob))]
    assert.deepEqual(await Promise.all(open.map(modeOf)), ['750', '750', '750', '640', '640', '640'], school)
  }
  for (const name of ['identity.sqlite', 'secrets.json', 'school.sqlite']) assert.equal(await modeOf(join(restored, name)), '600', name)
})
