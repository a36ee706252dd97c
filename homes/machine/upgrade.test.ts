import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { releasedFolder, releasedVersions } from '#test/released/folders.ts'
import { filesBelow } from './backup/files.ts'
import { openByHand } from './by-hand.ts'
import { randomIds, systemClock } from './clock.ts'
import { openDatabase } from './database.ts'
import type { Migration } from './migrate.ts'
import { MIGRATIONS } from './migrations.ts'
import { machineSide } from './moving.ts'
import { readSettings } from './settings.ts'
import { unsoundObjects } from './soundness.ts'
import { applyUpgrade, tryUpgrade, upgradePlan } from './upgrade.ts'

const VERSION = '0.1.0'

const aFolder = async (t: TestContext, version = VERSION): Promise<string> => {
  const folder = await releasedFolder(version)
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

/** Every file and its bytes; but the two that SQLite puts beside a database that somebody reads. */
const bytesOf = async (folder: string, except = /-(wal|shm)$/): Promise<Map<string, string>> => {
  const digests = new Map<string, string>()
  for (const path of await filesBelow(folder, (name) => !except.test(name)))
    digests.set(
      path,
      createHash('sha256')
        .update(await readFile(join(folder, path)))
        .digest('hex'),
    )
  return digests
}

const schemaOf = (database: DatabaseSync): string[] => {
  const rows = database.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all()
  return rows.map(({ name, sql }) => `${String(name)}: ${String(sql).replaceAll(/\s+/g, ' ')}`)
}

const inDatabase = <T>(path: string, look: (database: DatabaseSync) => T): T => {
  const database = new DatabaseSync(path)
  try {
    return look(database)
  } finally {
    database.close()
  }
}

const NEW_MIGRATION: Migration = {
  says: 'a shelf for every item',
  apply: (database) => database.exec("ALTER TABLE items ADD COLUMN shelf TEXT NOT NULL DEFAULT 'a'"),
}
const withMigration = (migration: Migration) => ({ ...MIGRATIONS, 'school.sqlite': [...(MIGRATIONS['school.sqlite'] ?? []), migration] })

for (const version of await releasedVersions()) {
  test(`a school that ${version} has left is brought to this version, and everything in it is read`, async (t) => {
    const folder = await aFolder(t, version)
    const before = await bytesOf(folder)
    const tried = await tryUpgrade(folder)
    assert.deepEqual(tried.unread, [])
    assert.ok(tried.read > 500 && tried.people > 10 && tried.waiting > 10, JSON.stringify(tried))
    assert.deepEqual(await bytesOf(folder), before, 'of what was tried nothing is in the school itself')
    assert.deepEqual(await applyUpgrade(folder), tried)
    assert.equal((await upgradePlan(folder)).isBehind, false)
    for (const [file, migrations] of Object.entries(MIGRATIONS)) {
      if (!before.has(file)) continue
      const fresh = openDatabase(':memory:', migrations)
      assert.deepEqual(inDatabase(join(folder, file), schemaOf), schemaOf(fresh), file)
      fresh.close()
    }
    assert.deepEqual((await unsoundObjects(folder)).unsound, [])
    const school = await openByHand(readSettings({ LECTERN_DATA: folder }))
    assert.equal((await school.world.identity.findByEmail('theo@lectern.test'))?.name, 'Theo')
    await school.close()
  })
}

test('what a version adds is named, done to a copy first, and then to the school', async (t) => {
  const folder = await aFolder(t)
  const byFile = withMigration(NEW_MIGRATION)
  const { files } = await upgradePlan(folder, byFile)
  assert.deepEqual(
    files.map(({ file, found, lacks }) => [file, found, lacks.length]),
    [
      ['school.sqlite', 0, 2],
      ['identity.sqlite', 0, 1],
      ['objects/objects.sqlite', 0, 1],
    ],
  )
  assert.equal(files[0]?.lacks.at(-1), NEW_MIGRATION.says)
  const shelves = (database: DatabaseSync) => database.prepare('SELECT count(shelf) AS count FROM items').get()?.['count']
  assert.deepEqual((await tryUpgrade(folder, byFile)).unread, [])
  assert.throws(() => inDatabase(join(folder, 'school.sqlite'), shelves), /no such column/)
  const { read } = await applyUpgrade(folder, byFile)
  assert.equal(inDatabase(join(folder, 'school.sqlite'), shelves), read)
})

test('a migration that fails leaves no half of itself, and no copy', async (t) => {
  const folder = await aFolder(t)
  const before = await bytesOf(folder)
  const failing = withMigration({
    says: 'half of something',
    apply(database) {
      database.exec("UPDATE items SET body = '{}'")
      throw new Error('the other half is missing')
    },
  })
  await assert.rejects(tryUpgrade(folder, failing), /the other half is missing/)
  assert.deepEqual(await bytesOf(folder), before)
  await assert.rejects(applyUpgrade(folder, failing), /the other half is missing/)
  const left = inDatabase(join(folder, 'school.sqlite'), (database) => database.prepare("SELECT count(*) AS count FROM items WHERE body = '{}'").get())
  assert.equal(left?.['count'], 0)
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('.upgrade-')),
    [],
  )
})

test('what this version cannot read is named before the school is touched: a record, an event, a kind nobody knows', async (t) => {
  const folder = await aFolder(t)
  inDatabase(join(folder, 'school.sqlite'), (database) => {
    database.exec("UPDATE items SET body = json_remove(body, '$.title') WHERE pk LIKE 'course#%' AND sk = 'draft'")
    database.exec("INSERT INTO items (pk, sk, body, version) VALUES ('planet#1', 'moon#1', '{}', 1)")
    database.exec("UPDATE outbox SET name = 'moon.risen' WHERE id = (SELECT event FROM deliveries WHERE is_dead = 0 LIMIT 1)")
  })
  const before = await bytesOf(folder)
  const { unread } = await tryUpgrade(folder)
  assert.deepEqual(await bytesOf(folder), before)
  const named = unread.map(({ what, says }) => `${what}: ${says}`).join('\n')
  assert.match(named, /course#\S+ · draft: /)
  assert.match(named, /event \S+ \(moon\.risen\): Nobody in this version tells of such a thing\./)
  assert.match(named, /planet#1 · moon#1: It is of no kind that this version knows\./)
})

test('a file from before there were numbers is given the columns it lacks', () => {
  const database = openDatabase(':memory:')
  database.exec('CREATE TABLE outbox (id TEXT PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL, payload TEXT NOT NULL) STRICT')
  MIGRATIONS['school.sqlite']?.[0]?.apply(database)
  database.exec("INSERT INTO outbox (id, name, at, payload, request) VALUES ('e', 'n', 'a', '{}', 'r')")
  database.close()
})

const said = (program: string, args: readonly string[], data: string): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', LECTERN_DATA: data, PORT: '0', NODE_TEST_CONTEXT: '' }
    const child = execFile(process.execPath, [join(import.meta.dirname, program), ...args], { env }, (_error, output, complaints) =>
      resolve({ code: child.exitCode ?? -1, output: output + complaints }),
    )
  })

test('a folder that a later version has written is refused in words by whatever would open it, and not a byte is written', async (t) => {
  const folder = await aFolder(t)
  inDatabase(join(folder, 'identity.sqlite'), (database) => database.exec('PRAGMA user_version = 7'))
  const before = await bytesOf(folder, /^$/)
  const refused = { name: 'Error', code: 'newer-folder', message: /identity\.sqlite has had 7 migrations, .* knows 1: a later one has written it/ }
  await assert.rejects(upgradePlan(folder), refused)
  await assert.rejects(openByHand(readSettings({ LECTERN_DATA: folder })), refused)
  for (const [program, args] of [
    ['main.ts', ['--empty']],
    ['../../scripts/lectern.ts', ['upgrade', '--no-backup']],
  ] as const) {
    const { code, output } = await said(program, args, folder)
    assert.deepEqual([basename(program), code], [basename(program), 1])
    assert.match(output, /a later one has written it\. Nothing was changed\. Open it with that version/)
    assert.doesNotMatch(output, /NewerFolder|at .*\.ts/)
  }
  assert.deepEqual(await bytesOf(folder, /^$/), before)
})

test('a folder of an earlier version is refused in words by whatever is done by hand, and not a byte is written', async (t) => {
  const folder = await aFolder(t)
  const before = await bytesOf(folder, /^$/)
  const lectern = '../../scripts/lectern.ts'
  for (const words of ['role theo@lectern.test admin', 'keys rotate sign-in']) {
    const { code, output } = await said(lectern, words.split(' '), folder)
    assert.equal(code, 1, words)
    assert.match(
      output,
      /An earlier version .*school\.sqlite, identity\.sqlite, objects\/objects\.sqlite.*npm run lectern -- upgrade --help, or npm start/,
      words,
    )
    assert.doesNotMatch(output, /OlderFolder|at .*\.ts/)
  }
  const { url, schoolName } = readSettings({})
  const moving = machineSide({ folder, url, schoolName, clock: systemClock, ids: randomIds(systemClock), role: 'from' })
  await assert.rejects(moving, { code: 'older-folder' })
  await assert.rejects(openByHand(readSettings({ LECTERN_DATA: folder })), { code: 'older-folder' })
  assert.deepEqual(await bytesOf(folder, /^$/), before)
})

test('an upgrade asks where the backup goes, and an open school is upgraded by nobody', async (t) => {
  const folder = await aFolder(t)
  const [to, verb] = [await mkdtemp(join(tmpdir(), 'lectern-upgrade-')), '../../scripts/lectern.ts']
  t.after(() => rm(to, { recursive: true }))
  assert.equal((await said(verb, ['upgrade'], folder)).code, 2)
  await applyUpgrade(folder)
  const open = await openByHand(readSettings({ LECTERN_DATA: folder }))
  // As an earlier version left it.
  inDatabase(join(folder, 'school.sqlite'), (database) => database.exec('PRAGMA user_version = 0'))
  await assert.rejects(applyUpgrade(folder), { message: /is open\. Stop it/ })
  await open.close()
  const done = await said(verb, ['upgrade', '--backup-to', join(to, 'backups')], folder)
  assert.equal(done.code, 0, done.output)
  assert.match(
    done.output,
    /\+ items, events and deliveries as of 0\.1.*The copy: .* were read.*Backed up as .*The school: .* were read.*is of this version now/s,
  )
  assert.equal((await readdir(join(to, 'backups', 'snapshots'))).length, 1)
})

test('an upgrade’s backup is encrypted where that is said, and a folder it may not go to is refused before anything is tried', async (t) => {
  const folder = await aFolder(t)
  const [to, verb] = [await mkdtemp(join(tmpdir(), 'lectern-upgrade-')), '../../scripts/lectern.ts']
  t.after(() => rm(to, { recursive: true }))
  await writeFile(join(to, 'mine.txt'), 'mine')
  const recipient = await identityToRecipient(await generateX25519Identity())
  const words = ['upgrade', '--encrypt-to', recipient, '--backup-to']
  const refused = await said(verb, [...words, to], folder)
  assert.deepEqual([refused.code, /is no backup of a school/.test(refused.output), /The copy/.test(refused.output)], [1, true, false], refused.output)
  const done = await said(verb, [...words, join(to, 'backups')], folder)
  assert.equal(done.code, 0, done.output)
  assert.deepEqual(JSON.parse(await readFile(join(to, 'backups', 'lectern-backup.json'), 'utf8')).recipients, [recipient])
})

test('a migration that has been released is never changed: it would be done in nobody’s folder', async () => {
  const released: Record<string, string[]> = JSON.parse(await readFile(join(import.meta.dirname, '..', '..', 'test', 'released', 'migrations.json'), 'utf8'))
  for (const [file, migrations] of Object.entries(MIGRATIONS)) {
    const digests = migrations.map((_, at) => {
      const database = openDatabase(':memory:', migrations.slice(0, at + 1))
      const digest = createHash('sha256').update(schemaOf(database).join('\n')).digest('hex').slice(0, 16)
      database.close()
      return digest
    })
    assert.deepEqual(digests, released[file], `${file}: add a migration at the end, and its digest to test/released/migrations.json`)
  }
})
