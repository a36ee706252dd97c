import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { type Zippable, zipSync } from 'fflate'
import { filesBelow } from '#homes/machine/backup/files.ts'
import { identity } from '#homes/machine/identity.ts'
import { silentLog } from '#homes/machine/log.ts'
import type { Person } from '#ports/identity.ts'
import { openScene, type Scene } from '#test/matrix/scene.ts'

/*
 * Writes the data folder of a school as the version that is checked out leaves it, into `<version>.zip` beside this file: the school that all
 * routes are asked of, with one of everything. Run once, at a release, and never again for that version: what it wrote is what people have.
 *
 *   node test/released/make.ts
 */

const url = 'http://school.test'

/** In one file, as a school that was closed leaves it. */
const copyDatabase = async (from: DatabaseSync, to: string): Promise<void> => {
  await mkdir(dirname(to), { recursive: true })
  await backup(from, to)
  const copy = new DatabaseSync(to)
  copy.exec('PRAGMA journal_mode = DELETE; VACUUM; PRAGMA journal_mode = WAL')
  copy.close()
}

/** Gives the people of the scene accounts, by the very ids that its records name. */
const writePeople = async (data: string, { world }: Scene['school'], people: readonly Person[]): Promise<void> => {
  let next = ''
  const { clock, ids } = world
  const mail = { send: () => Promise.reject(new Error('Nobody is written to.')) }
  const directory = await identity({
    ...{ folder: data, url, schoolName: 'Test School', mail, clock, log: silentLog },
    ids: { make: (kind) => (kind === 'prs' ? next : ids.make(kind)), secret: ids.secret },
  })
  for (const { id, email, name, roles } of people) {
    next = id
    await directory.create({ email, name, roles, password: 'four quiet words here' })
  }
  directory.close()
  const written = new DatabaseSync(join(data, 'identity.sqlite'))
  written.exec('VACUUM')
  written.close()
}

const writeFolder = async (data: string, { school }: Scene): Promise<void> => {
  await copyDatabase(school.database, join(data, 'school.sqlite'))
  const store = new DatabaseSync(join(school.folder, 'objects.sqlite'), { readOnly: true })
  await copyDatabase(store, join(data, 'objects', 'objects.sqlite'))
  store.close()
  await cp(join(school.folder, 'blobs'), join(data, 'objects', 'blobs'), { recursive: true })
  await copyFile(join(school.folder, 'secrets.json'), join(data, 'secrets.json'))
  await writePeople(data, school, [...school.people.values()])
}

// The project's own.
const { version } = JSON.parse(await readFile(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }
const folder = await mkdtemp(join(tmpdir(), 'lectern-released-'))
const scene = await openScene()
await writeFolder(folder, scene)
await scene.school.close()
const entries: Zippable = {}
for (const path of await filesBelow(folder, (name) => !/-(wal|shm)$/.test(name))) entries[path] = new Uint8Array(await readFile(join(folder, path)))
await rm(folder, { recursive: true })
const packed = zipSync(entries, { level: 9, mtime: new Date('2026-01-01T00:00:00Z') })
await writeFile(join(import.meta.dirname, `${version}.zip`), packed, { flag: 'wx' })
process.stdout.write(`\n  ${version}.zip: ${Object.keys(entries).length} files, ${packed.byteLength} bytes\n\n`)
