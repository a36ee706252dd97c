import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, open, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { objects } from '#homes/machine/objects.ts'
import { openSchoolFile } from '#homes/machine/school-file.ts'

const LECTERN = join(import.meta.dirname, '..', '..', 'scripts', 'lectern.ts')
const clock = { now: () => new Date() }

/** A data folder with a segment, a playlist and some records. */
const aStore = async (t: TestContext) => {
  const data = await mkdtemp(join(tmpdir(), 'lectern-damage-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const store = await objects({ folder: join(data, 'objects'), url: 'http://school.test', clock })
  await store.put('media/vid_one/360p/00001.m4s', Buffer.alloc(100_000, 'picture'), { type: 'video/mp4' })
  await store.put('media/vid_one/master.m3u8', '#EXTM3U', { type: 'application/vnd.apple.mpegurl' })
  const school = openSchoolFile(join(data, 'school.sqlite'))
  for (let number = 1; number <= 40; number += 1) {
    const change = { key: { pk: 'crs', sk: `${number}` }, expect: undefined, write: { body: JSON.stringify({ words: 'word '.repeat(400) }), index: undefined } }
    await school.write('commit', { changes: [change], tellings: [] })
  }
  await school.close()
  return { data, store }
}

const flip = async (path: string, at: number, length = 1): Promise<void> => {
  const file = await open(path, 'r+')
  await file.write(Buffer.alloc(length, 0xa5), 0, length, at)
  await file.close()
}

/** What an operator is told. */
const doctor = (data: string): Promise<string> =>
  new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', LECTERN_DATA: data, PORT: '0', NODE_TEST_CONTEXT: '' }
    execFile(process.execPath, [LECTERN, 'doctor', '--thorough'], { env }, (_, said) => resolve(said))
  })

test('of a store whose bytes have changed the doctor names every object that has, and no other', async (t) => {
  const { data, store } = await aStore(t)
  const whole = await doctor(data)
  assert.match(whole, /✓ Databases +hold together/)
  assert.match(whole, /✓ Objects +2 are as they were stored/)
  const segment = store.locate('media/vid_one/360p/00001.m4s')
  await flip(segment?.path ?? '', 50_000)
  const said = await doctor(data)
  assert.match(said, /✗ Objects +damaged: 1\.[\s\S]*media\/vid_one\/360p\/00001\.m4s: Its bytes are not those that were stored\./)
  assert.doesNotMatch(said, /master/)
  await store.close()
})

test('an object that has been cut short is never answered as if it were whole', async (t) => {
  const { store } = await aStore(t)
  const segment = store.locate('media/vid_one/360p/00001.m4s')
  await truncate(segment?.path ?? '', 60_000)
  await assert.rejects(store.get('media/vid_one/360p/00001.m4s'), /shorter than its object/)
  await assert.rejects(store.range('media/vid_one/360p/00001.m4s', 50_000, 99_999), /shorter than its object/)
  await store.close()
})

test('of a database with a damaged page the doctor names the file', async (t) => {
  const { data, store } = await aStore(t)
  await store.close()
  const path = join(data, 'school.sqlite')
  const { size } = await stat(path)
  await flip(path, Math.floor(size / 4096 / 2) * 4096, 4096)
  const said = await doctor(data)
  assert.match(said, /✗ Databases +damaged: 1\.[\s\S]*school\.sqlite: /)
  assert.doesNotMatch(said, /objects\.sqlite: /)
})
