import assert from 'node:assert/strict'
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { aSchool, once } from '#homes/move/school.fixture.ts'
import { objects } from '../objects.ts'
import { unsoundDatabases } from '../soundness.ts'
import { checkBackup } from './check.ts'
import { aGround } from './ground.fixture.ts'
import { lease } from './lease.ts'
import { BLOBS_FILE, bytesPath, filePath, snapshotPath, snapshotsIn } from './manifest.ts'
import { pruneBackups } from './prune.ts'
import { restoreBackup } from './restore.ts'
import { takeBackup } from './take.ts'

/** Turns over one bit in the middle of a file. */
const flip = async (path: string): Promise<void> => {
  const bytes = await readFile(path)
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  await writeFile(path, bytes)
}

/** Where a backup has the bytes of an object. */
const kept = (to: string, id: string, sql: string): string => {
  const store = new DatabaseSync(filePath(snapshotPath(to, id), 'objects/objects.sqlite'), { readOnly: true })
  const blob = String(store.prepare(sql).get()?.['blob'])
  store.close()
  const blobs = new DatabaseSync(filePath(snapshotPath(to, id), BLOBS_FILE), { readOnly: true })
  const digest = String(blobs.prepare('SELECT sha256 FROM blobs WHERE blob = ?').get(blob)?.['sha256'])
  blobs.close()
  return bytesPath(to, digest)
}
const FILM = "SELECT blob FROM objects WHERE key LIKE 'sources/%'"

test('a school that is lost comes back from its backup: people, items, objects and secrets, each the same', async (t) => {
  const { data, to, digest, take, restored } = await aGround(t, aSchool)
  const before = await digest(data)
  const secrets = await readFile(join(data, 'secrets.json'), 'utf8')
  for (const log of ['school.log', 'school.2026-11-30T00-00-12.345Z.log']) await writeFile(join(data, log), 'who did what')
  const taken = await take()
  assert.deepEqual([taken.objects.count, taken.damages], [3, []])
  await rm(data, { recursive: true })
  const back = await restoreBackup({ from: to, to: restored })
  assert.deepEqual([back.id, back.objects], [taken.id, taken.objects])
  assert.equal(await digest(restored), before)
  assert.equal(await readFile(join(restored, 'secrets.json'), 'utf8'), secrets)
  assert.equal((await stat(join(restored, 'secrets.json'))).mode & 0o077, 0)
  assert.deepEqual(
    (await readdir(restored)).filter((name) => name.endsWith('.log')),
    [],
  )
})

test('a second backup copies what is new alone, and either can be restored', async (t) => {
  const { folder, data, to, side, digest, take } = await aGround(t, aSchool)
  const [first, before] = [await take(), await digest(data)]
  assert.ok(first.copied.bytes > 17 * 1024 ** 2)
  const school = await side(data)
  await school.take('files/fil_2/content', once(Buffer.from('another file')), { type: 'text/plain' })
  await school.objects.remove('sources/vid_1/original.mp4')
  await school.close()
  const second = await take()
  assert.deepEqual([second.copied, second.objects.count], [{ count: 1, bytes: 12 }, 3])
  await restoreBackup({ from: to, snapshot: first.id, to: join(folder, 'one') })
  await restoreBackup({ from: to, to: join(folder, 'two') })
  assert.equal(await digest(join(folder, 'one')), before)
  assert.equal(await digest(join(folder, 'two')), await digest(data))
  assert.equal(await pruneBackups(to, 1), 1)
  assert.deepEqual([await snapshotsIn(to), (await checkBackup({ from: to })).damages], [[second.id], []])
  await assert.rejects(stat(kept(to, second.id, FILM)), 'the film went with the last backup that had it')
})

test('one flipped byte is found and named: in a database, in an object, in a part of an upload; and nothing of it is restored', async (t) => {
  const { data, to, clock, take, restored } = await aGround(t, aSchool)
  const store = await objects({ folder: join(data, 'objects'), url: 'http://school.test', clock, minPartBytes: 1 })
  const upload = await store.startUpload('uploads/film.mp4', { type: 'video/mp4' })
  for (const number of [1, 2]) {
    const part = Buffer.from(`part ${number}`)
    const url = await store.signPart({ key: 'uploads/film.mp4', upload, number, size: part.length }, 60)
    const { status } = await store.receivePart(new URL(url), Readable.from([part]))
    assert.equal(status, 200)
  }
  await store.close()
  const { id } = await take()
  assert.deepEqual((await checkBackup({ from: to })).damages, [])
  const says = 'Its bytes are not those that were backed up.'
  for (const [path, what] of [
    [kept(to, id, FILM), 'sources/vid_1/original.mp4'],
    [kept(to, id, 'SELECT blob FROM parts WHERE number = 2'), 'uploads/film.mp4, part 2'],
    [filePath(snapshotPath(to, id), 'school.sqlite'), 'school.sqlite'],
  ] as const) {
    await flip(path)
    assert.deepEqual((await checkBackup({ from: to })).damages, [{ what, says }])
    await assert.rejects(restoreBackup({ from: to, to: restored }), { message: new RegExp(`^${what.replace('.', '\\.')} is not as it was backed up`) })
    await assert.rejects(readdir(restored))
    await flip(path)
  }
  await rm(kept(to, id, FILM))
  assert.deepEqual((await checkBackup({ from: to })).damages, [{ what: 'sources/vid_1/original.mp4', says: 'It is not there.' }])
})

test('a file that the disk has lost is named, and so is a part; nothing else is held up by them', async (t) => {
  const { data, to, take } = await aGround(t, aSchool)
  const store = new DatabaseSync(join(data, 'objects', 'objects.sqlite'))
  const blob = String(store.prepare("SELECT blob FROM objects WHERE key = 'files/fil_1/content'").get()?.['blob'])
  store.exec("INSERT INTO uploads (id, key, type, started) VALUES ('u', 'uploads/lost.mp4', 'video/mp4', '2026-11-22T10:00:00Z')")
  store.exec("INSERT INTO parts (upload, number, blob, size, etag) VALUES ('u', 1, 'nowhere', 5, 'e')")
  store.close()
  await rm(join(data, 'objects', 'blobs', blob))
  const says = 'Its file is not in the store any more.'
  assert.deepEqual((await take()).damages, [
    { what: 'files/fil_1/content', says },
    { what: 'uploads/lost.mp4, part 1', says },
  ])
  assert.deepEqual(
    (await checkBackup({ from: to })).damages.map(({ what }) => what),
    ['files/fil_1/content', 'uploads/lost.mp4, part 1'],
  )
})

test('what is damaged in the school itself is named, and the rest is backed up', async (t) => {
  const { data, to, take } = await aGround(t, aSchool)
  const store = new DatabaseSync(join(data, 'objects', 'objects.sqlite'), { readOnly: true })
  const blobOf = (key: string) => join(data, 'objects', 'blobs', String(store.prepare('SELECT blob FROM objects WHERE key = ?').get(key)?.['blob']))
  const [film, file] = [blobOf('sources/vid_1/original.mp4'), blobOf('files/fil_1/content')]
  store.close()
  await flip(file)
  await writeFile(film, (await readFile(film)).subarray(0, 1000))
  const { damages } = await take()
  assert.deepEqual(
    damages.toSorted((a, b) => (a.what < b.what ? -1 : 1)),
    [
      { what: 'files/fil_1/content', says: 'Its bytes in the store are no longer those that were stored.' },
      { what: 'sources/vid_1/original.mp4', says: 'Its file in the store is shorter than it was.' },
    ],
  )
  const checked = await checkBackup({ from: to })
  assert.deepEqual(
    checked.damages.map(({ says }) => says),
    ['Its bytes could not be backed up.', 'Its bytes could not be backed up.'],
  )
})

test('what the school replaces or removes while its objects are held is replaced or removed in the backup', async (t) => {
  const { data, to, clock, ids, restored, side } = await aGround(t, aSchool)
  const store = await objects({ folder: join(data, 'objects'), url: 'http://school.test', clock })
  const key = (at: number): string => `catalogue/${String(at).padStart(2, '0')}.json`
  const put = (at: number, text: string) => store.put(key(at), text, { type: 'application/json' })
  for (let at = 0; at < 50; at += 1) await put(at, `old ${at}`)
  // Changed by the store's own hand after its database was copied and before anything of it is held.
  let looks = 0
  const taken = await takeBackup({
    ...{ data, to, clock, ids },
    copied: async () => {
      looks += 1
      for (let at = 0; at < 50; at += 1) await (at % 2 === 0 ? store.remove(key(at)) : put(at, `new ${at}`))
    },
  })
  await store.close()
  assert.equal(looks, 1)
  assert.deepEqual([taken.damages, (await checkBackup({ from: to })).damages], [[], []])
  await restoreBackup({ from: to, to: restored })
  const school = await side(restored)
  for (let at = 0; at < 50; at += 1) {
    const found = await school.objects.range(key(at), 0, 100)
    assert.equal(found && new TextDecoder().decode(found), at % 2 === 0 ? undefined : `new ${at}`)
  }
  await school.close()
  assert.deepEqual(await readdir(join(data, 'objects', 'held')), ['lease.sqlite'])
})

test('a backup is taken while an upgrade is tried, and holds nothing of what a tried one or another program has left', async (t) => {
  const { folder, data, to, digest, take, restored } = await aGround(t, aSchool)
  const before = await digest(data)
  const copies = join(data, '.upgrade-Ab12Cd', 'files')
  const left = ['.probe-4711', '.restoring/school/school.sqlite', 'lost+found/#12', 'demo/les_1.mp4']
  for (const at of [copies, ...left.map((path) => dirname(join(data, path)))]) await mkdir(at, { recursive: true })
  for (const name of left) await writeFile(join(data, name), 'half')
  const copy = new DatabaseSync(join(copies, 'school.sqlite'))
  copy.exec('CREATE TABLE items (pk TEXT); BEGIN EXCLUSIVE')
  const { damages } = await take()
  assert.deepEqual([damages, await unsoundDatabases(data)], [[], []])
  copy.close()
  await rm(copies, { recursive: true })
  const { manifest } = await checkBackup({ from: to })
  assert.deepEqual(
    manifest.files.map(({ path }) => path).filter((path) => path.startsWith('.upgrade-') || left.includes(path)),
    [],
  )
  await restoreBackup({ from: to, to: restored })
  assert.equal(await digest(restored), before)
  assert.deepEqual((await readdir(folder)).toSorted(), ['backups', 'data', 'restored'])
})

test('bad places are refused in words, and nothing there is touched', async (t) => {
  const { folder, data, to, clock, ids, side, take } = await aGround(t, aSchool)
  const other = join(folder, 'other')
  await mkdir(other)
  await appendFile(join(other, 'mine.txt'), 'mine')
  const taking = (more: { data?: string; to?: string }) => takeBackup({ data, to, clock, ids, ...more })
  await assert.rejects(taking({ to: other }), { message: /holds something that is no backup/ })
  await assert.rejects(taking({ to: join(data, 'backups') }), { message: /inside the data folder/ })
  await assert.rejects(taking({ data: other }), { message: /There is no school in/ })
  await assert.rejects(restoreBackup({ from: to, to: join(folder, 'new') }), { message: /There is no backup in/ })
  await take()
  const held = await lease(join(data, 'objects', 'held', 'lease.sqlite'), '')
  const theirs = [join(to, 'snapshots', '2026-x.unfinished', 'files'), join(data, 'objects', 'held', '2026-x')]
  for (const folder of theirs) await mkdir(folder, { recursive: true })
  await assert.rejects(take(), { message: 'This school is being backed up already.' })
  for (const folder of theirs) await stat(folder)
  held.close()
  const moving = await side(data)
  await assert.rejects(take(), { message: /school\.sqlite is held by another program/ })
  await moving.close()
  const { id } = await take()
  await assert.rejects(restoreBackup({ from: to, to: other }), { message: /is not empty/ })
  await assert.rejects(restoreBackup({ from: to, snapshot: 'yesterday', to: join(folder, 'new') }), { message: new RegExp(`There are: .*${id}`) })
  await writeFile(join(snapshotPath(to, id), 'manifest.json'), '{')
  await assert.rejects(checkBackup({ from: to }), { message: /manifest of .* is damaged/ })
  assert.deepEqual(await readdir(other), ['mine.txt'])
})

test('a backup that was cut short counts for nothing, and goes with the next', async (t) => {
  const { data, to, clock, ids, take } = await aGround(t, aSchool)
  const broken = takeBackup({
    ...{ data, to, clock, ids },
    tell: ({ phase }) => {
      if (phase === 'copying') throw new Error('pulled the plug')
    },
  })
  await assert.rejects(broken, /pulled the plug/)
  assert.deepEqual(await snapshotsIn(to), [])
  await mkdir(join(data, 'objects', 'held', 'killed'))
  const { id } = await take()
  assert.deepEqual([await readdir(join(to, 'snapshots')), await readdir(join(data, 'objects', 'held'))], [[id], ['lease.sqlite']])
})
