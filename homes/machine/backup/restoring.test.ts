import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once as happening } from 'node:events'
import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { aSchool } from '#homes/move/school.fixture.ts'
import { freePort } from '#test/journeys/program.ts'
import { leftovers } from '../ailments.ts'
import { aClock } from '../scratch.fixture.ts'
import { aGround } from './ground.fixture.ts'
import { isHalfRestored } from './making.ts'
import { restoreBackup } from './restore.ts'
import { BackupTrouble } from './trouble.ts'

const MOST_MS = 60_000
const ROOT = join(import.meta.dirname, '..', '..', '..')

/** Has a process killed where it renames something to a name, `before` it does or `after` it has. */
const killing = (name: string, when: 'before' | 'after'): string =>
  `data:text/javascript,${encodeURIComponent(`
    import fs from 'node:fs'
    import { basename } from 'node:path'
    import { syncBuiltinESMExports } from 'node:module'
    const { renameSync } = fs
    fs.renameSync = (from, to) => {
      const isIt = basename(to) === '${name}'
      if (isIt && '${when}' === 'before') process.kill(process.pid, 'SIGKILL')
      renameSync(from, to)
      if (isIt) process.kill(process.pid, 'SIGKILL')
    }
    syncBuiltinESMExports()`)}`

type Run = { code: number | null; signal: NodeJS.Signals | null; said: string }

const run = async (args: readonly string[], env: Record<string, string>): Promise<Run> => {
  const how = { cwd: ROOT, env: { ...process.env, NODE_TEST_CONTEXT: '', ...env }, timeout: MOST_MS }
  const child = spawn(process.execPath, args, { ...how, stdio: ['ignore', 'ignore', 'pipe'] })
  const over = happening(child, 'exit')
  const said = await text(child.stderr)
  const [code, signal] = await over
  return { code, signal, said }
}

const killedRestore = async ({ to, restored, name, when }: { to: string; restored: string; name: string; when: 'before' | 'after' }): Promise<void> => {
  const { signal, said } = await run(['--import', killing(name, when), join('scripts', 'lectern.ts'), 'restore', '--from', to], { LECTERN_DATA: restored })
  assert.equal(signal, 'SIGKILL', said)
}

const later = () => aClock(new Date(Date.now() + 120_000).toISOString())

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

test('after a restore a server in front reads videos by its group as before, and what is secret is still for the school alone', async (t) => {
  const umask = process.umask(0o027)
  t.after(() => process.umask(umask))
  const { folder, data, to, take, restored } = await aGround(t, aSchool)
  await take()
  await restoreBackup({ from: to, to: restored })
  const there = join(folder, 'there')
  await mkdir(there)
  await restoreBackup({ from: to, to: there })
  for (const school of [data, restored, there]) {
    const store = join(school, 'objects', 'blobs')
    const blobs = await readdir(store)
    assert.equal(blobs.length, 3)
    const open = [school, join(school, 'objects'), store, ...blobs.map((blob) => join(store, blob))]
    assert.deepEqual(await Promise.all(open.map(modeOf)), ['750', '750', '750', '640', '640', '640'], school)
  }
  for (const name of ['identity.sqlite', 'secrets.json', 'school.sqlite']) assert.equal(await modeOf(join(restored, name)), '600', name)
})

test('a folder that is there is filled where it is, as a disk of its own has to be, and nothing is made beside it', async (t) => {
  const { data, folder, to, digest, take, restored } = await aGround(t, aSchool)
  await take()
  await mkdir(join(restored, 'lost+found'), { recursive: true })
  await chmod(restored, 0o710)
  const before = await stat(restored)
  // Whatever is to be made there fails.
  await writeFile(`${restored}.restoring`, 'in the way')
  await restoreBackup({ from: to, to: restored })
  const after = await stat(restored)
  assert.deepEqual([after.ino, after.mode], [before.ino, before.mode])
  assert.equal(await digest(restored), await digest(data))
  assert.deepEqual(
    [(await readdir(restored)).includes('.restoring'), (await readdir(folder)).toSorted()],
    [false, ['backups', 'data', 'restored', 'restored.restoring']],
  )
})

test('what the system does not let be made is said in a sentence, and where to read on', async (t) => {
  const { folder, to, take, restored } = await aGround(t, aSchool)
  await take()
  await writeFile(`${restored}.restoring`, 'in the way')
  const refused = (at: string) =>
    assert.rejects(restoreBackup({ from: to, to: at }), (error) => {
      assert.ok(error instanceof BackupTrouble, String(error))
      assert.match(error.message, /^The school could not be put into .*: E[A-Z]+: .* docs\/operations\/backup\.md says by whom/)
      return true
    })
  await refused(restored)
  await refused(join(restored, '..', 'restored.restoring'))
  assert.deepEqual((await readdir(folder)).toSorted(), ['backups', 'data', 'restored.restoring'])
})

test('no school opens on one that a killed restore had half moved up; it is named, and another restore can be made, or it goes', async (t) => {
  const { data, to, digest, take, restored } = await aGround(t, aSchool)
  await take()
  await mkdir(restored)
  const cut = { to, restored, name: 'school.sqlite', when: 'before' } as const
  await killedRestore(cut)
  const half = (await readdir(restored)).toSorted()
  assert.deepEqual([half.includes('identity.sqlite'), half.includes('objects'), half.includes('school.sqlite')], [true, true, false])
  const opened = await run([join('homes', 'machine', 'main.ts'), '--empty'], { LECTERN_DATA: restored, PORT: String(await freePort()) })
  assert.deepEqual([opened.code, (await readdir(restored)).toSorted()], [1, half])
  assert.match(opened.said, /^\s*A restore into .* is under way, or was ended in the middle\. .*doctor --fix\s*$/)
  const again = () => restoreBackup({ from: to, to: restored })
  await writeFile(join(restored, 'mine.txt'), 'mine')
  await assert.rejects(again(), { message: /is not empty/ })
  assert.deepEqual((await readdir(restored)).toSorted(), [...half, 'mine.txt'].toSorted())
  await rm(join(restored, 'mine.txt'))
  await again()
  assert.equal(await digest(restored), await digest(data))
  assert.equal((await readdir(restored)).includes('.restoring'), false)
  await rm(restored, { recursive: true })
  await mkdir(restored)
  await killedRestore(cut)
  const left = await leftovers({ data: restored, clock: later() })
  assert.deepEqual(left?.names, ['.restoring'])
  await left?.mend?.()
  assert.deepEqual(await readdir(restored), [])
})

test('a restore that is killed when all has been moved up has made a school, and what it leaves goes without it', async (t) => {
  const { data, to, digest, take, restored } = await aGround(t, aSchool)
  await take()
  await mkdir(restored)
  await killedRestore({ to, restored, name: 'school.sqlite', when: 'after' })
  assert.equal(isHalfRestored(restored), false)
  await assert.rejects(restoreBackup({ from: to, to: restored }), { message: /is not empty/ })
  const left = await leftovers({ data: restored, clock: later() })
  assert.deepEqual(left?.names, ['.restoring'])
  await left?.mend?.()
  assert.equal(await digest(restored), await digest(data))
  assert.equal((await readdir(restored)).includes('.restoring'), false)
})
