import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { SHELL_KEY } from '#core/shell.ts'
import { releasedFolder } from '#test/released/folders.ts'
import { leftovers, lostObjects, orphans } from './ailments.ts'
import { filesBelow } from './backup/files.ts'
import { lease } from './backup/lease.ts'
import { missingPages } from './missing-pages.ts'
import { objects } from './objects.ts'
import { aClock } from './scratch.fixture.ts'
import { readSettings } from './settings.ts'
import { applyUpgrade } from './upgrade.ts'

/** Files cannot be made older than they are: the clock goes ahead. */
const later = () => aClock(new Date(Date.now() + 25 * 3600_000).toISOString())
const now = () => aClock(new Date().toISOString())

/** A school with one of everything. */
const aSchool = async (t: TestContext): Promise<string> => {
  const data = await releasedFolder('0.1.0')
  t.after(() => rm(data, { recursive: true }))
  await applyUpgrade(data)
  return data
}

const contentsOf = async (data: string): Promise<string[]> => {
  const paths = await filesBelow(data, (name) => !/-(wal|shm)$/.test(name))
  return Promise.all(paths.map(async (path) => `${path} ${(await readFile(join(data, path))).toString('base64')}`))
}

const blobsOf = async (data: string): Promise<string[]> => (await readdir(join(data, 'objects', 'blobs'))).toSorted()

test('files that belong to nothing are listed after a day, and removed when that is asked; what anything names stays', async (t) => {
  const data = await aSchool(t)
  const before = await blobsOf(data)
  assert.equal(await orphans({ data, clock: later() }), undefined)
  await writeFile(join(data, 'objects', 'blobs', 'orphan'), 'of nobody')
  await writeFile(join(data, 'objects', 'blobs', 'adopted'), 'of somebody in a moment')
  assert.equal(await orphans({ data, clock: now() }), undefined, 'too young')
  const found = await orphans({ data, clock: later() })
  assert.deepEqual([found?.names.toSorted(), (await blobsOf(data)).length], [['adopted', 'orphan'], before.length + 2])
  const store = new DatabaseSync(join(data, 'objects', 'objects.sqlite'))
  store.exec("INSERT INTO objects (key, blob, size, type, etag) VALUES ('late', 'adopted', 23, 'text/plain', 'e')")
  store.close()
  assert.equal(await found?.mend?.(), '1 were removed')
  assert.deepEqual(await blobsOf(data), [...before, 'adopted'].toSorted())
  assert.equal(await orphans({ data, clock: later() }), undefined)
})

test('what killed programs left is removed, and what a live one is about is left alone', async (t) => {
  const data = await aSchool(t)
  const held = join(data, 'objects', 'held')
  await mkdir(join(held, '2026-backup'), { recursive: true })
  for (const name of ['secrets.json.new', '.probe-4711', 'objects/carried-1']) await writeFile(join(data, name), 'half')
  const backup = await lease(join(held, 'lease.sqlite'), '')
  assert.equal(await leftovers({ data, clock: now() }), undefined, 'a backup is under way, and the rest is of this minute')
  backup.close()
  const found = await leftovers({ data, clock: later() })
  assert.deepEqual(found?.names, ['2026-backup', 'secrets.json.new', '.probe-4711', 'carried-1'])
  await found?.mend?.()
  assert.equal(await leftovers({ data, clock: later() }), undefined)
  assert.deepEqual(await readdir(held), ['lease.sqlite'])
})

test('an object whose file the disk has lost is named, for a person', async (t) => {
  const data = await aSchool(t)
  const store = new DatabaseSync(join(data, 'objects', 'objects.sqlite'), { readOnly: true })
  const { key, blob } = store.prepare("SELECT key, blob FROM objects WHERE key LIKE 'media/%' LIMIT 1").get() ?? {}
  store.close()
  await rm(join(data, 'objects', 'blobs', String(blob)))
  const found = await lostObjects({ data, clock: now() })
  assert.deepEqual([found?.names.includes(String(key)), found?.mend, found?.advice?.includes('restore')], [true, undefined, true])
})

test('published courses without a page are written anew by the school, which is asked once', async (t) => {
  const data = await aSchool(t)
  const settings = readSettings({ LECTERN_DATA: data })
  assert.equal(await missingPages(settings), undefined, 'there is no app yet')
  const store = await objects({ folder: join(data, 'objects'), url: settings.url, clock: now() })
  await store.put(SHELL_KEY, '<html></html>', { type: 'text/html' })
  const { items } = await store.list('catalogue/pages/')
  for (const { key } of items) await store.remove(key)
  await store.close()
  const found = await missingPages(settings)
  assert.ok((found?.names.length ?? 0) > 0)
  assert.match((await found?.mend?.()) ?? '', /within a minute by an open school/)
  assert.equal(await missingPages(settings), undefined)
  const school = new DatabaseSync(join(data, 'school.sqlite'), { readOnly: true })
  const told = school.prepare("SELECT listener FROM deliveries JOIN outbox ON id = event WHERE name = 'web.deployed' ORDER BY listener").all()
  school.close()
  assert.deepEqual(
    told.map(({ listener }) => listener),
    ['courses.write-all', 'offers.write-all', 'storefront.write-legal'],
  )
})

const doctor = (data: string, ...args: string[]): Promise<{ code: number; said: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', LECTERN_DATA: data, PORT: '0', NODE_TEST_CONTEXT: '' }
    const lectern = join(import.meta.dirname, '..', '..', 'scripts', 'lectern.ts')
    const child = execFile(process.execPath, [lectern, 'doctor', ...args], { env }, (_error, said) => resolve({ code: child.exitCode ?? -1, said }))
  })

test('the doctor mends a broken folder when that is asked, finds no more, and changes nothing of a healthy one', async (t) => {
  const data = await aSchool(t)
  await chmod(join(data, 'secrets.json'), 0o644)
  await mkdir(join(data, 'objects', 'held', '2026-killed'), { recursive: true })
  const first = await doctor(data, '--fix')
  assert.match(first.said, /✓ Secrets +1 can be read by others on this machine: secrets\.json\n +mended: they are for their owner alone now/)
  assert.match(first.said, /✓ Leftovers +1 were left .*2026-killed\n +mended: they were removed/)
  assert.match(
    first.said,
    /! Deliveries +1 given up: video\.ready for captions\.index\n +Mend the cause, then have them tried again: npm run lectern -- deadletters/,
  )
  assert.equal((await stat(join(data, 'secrets.json'))).mode & 0o777, 0o600)
  const healthy = await contentsOf(data)
  const second = await doctor(data, '--fix')
  assert.equal(second.code, 0)
  assert.match(second.said, /✓ Secrets +are for their owner alone\n/)
  assert.match(second.said, /✓ Leftovers +none\n/)
  assert.doesNotMatch(second.said, /mended/)
  assert.deepEqual(await contentsOf(data), healthy)
})
