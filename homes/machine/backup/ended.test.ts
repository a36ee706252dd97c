import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once as happening } from 'node:events'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { once } from '#homes/move/school.fixture.ts'
import { leftovers } from '../ailments.ts'
import { aClock } from '../scratch.fixture.ts'
import { filesBelow } from './files.ts'
import { aGround } from './ground.fixture.ts'
import { makingFolder } from './making.ts'
import { restoreBackup } from './restore.ts'

const LECTERN = join(import.meta.dirname, '..', '..', '..', 'scripts', 'lectern.ts')

/** An encrypted backup of a school with one film, whose reader waits for what never comes, until it is ended. */
const aWaitingBackup = async (t: TestContext) => {
  const ground = await aGround(t, (school) => school.take('film.mp4', once(Buffer.from('a film')), { type: 'video/mp4' }))
  const { folder, to, take, restored } = ground
  const identity = await generateX25519Identity()
  const [key, temporary] = [join(folder, 'key'), join(folder, 'temporary')]
  await writeFile(key, identity)
  await mkdir(temporary)
  await take({ recipients: [await identityToRecipient(identity)] })
  const [blob = ''] = await filesBelow(join(to, 'blobs'), () => true)
  const [film, kept] = [join(to, 'blobs', blob), join(folder, 'kept')]
  await rename(film, kept)
  await promisify(execFile)('mkfifo', [film])
  const env = { ...process.env, TMPDIR: temporary, LECTERN_DATA: restored, NODE_TEST_CONTEXT: '' }
  /** A restore that has come as far as the film. */
  const begun = async (...words: string[]): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [LECTERN, 'restore', '--from', to, '--identity', key, ...words], { env, stdio: 'ignore' })
    // Opened once somebody reads.
    const pipe = await open(film, 'w')
    t.after(() => pipe.close())
    return child
  }
  const mended = async (): Promise<void> => {
    await rm(film)
    await rename(kept, film)
  }
  return { ...ground, identity, temporary, begun, mended }
}

const ended = async (child: ChildProcess, by: NodeJS.Signals): Promise<void> => {
  const over = happening(child, 'exit')
  child.kill(by)
  assert.deepEqual(await over, [null, by])
}

const later = () => aClock(new Date(Date.now() + 120_000).toISOString())

test('a look into an encrypted backup that is ended by Ctrl+C leaves nothing that can be read', async (t) => {
  const { temporary, begun } = await aWaitingBackup(t)
  const child = await begun('--verify')
  assert.ok((await filesBelow(temporary, () => true)).some((path) => path.endsWith('school.sqlite')))
  await ended(child, 'SIGINT')
  assert.deepEqual(await readdir(temporary), [])
})

for (const [into, isThere] of [
  ['a folder of a new name', false],
  ['a folder that is there', true],
] as const) {
  test(`a restore into ${into} that is told to end takes along what it has made; one that is killed is named, and goes when that is asked or with the next`, async (t) => {
    const { folder, to, restored, identity, begun, mended } = await aWaitingBackup(t)
    if (isThere) await mkdir(restored)
    await ended(await begun(), 'SIGTERM')
    assert.deepEqual(
      (await readdir(folder, { recursive: true })).filter((name) => name.startsWith('restored')),
      isThere ? ['restored'] : [],
    )
    const child = await begun()
    assert.equal(await leftovers({ data: restored, clock: later() }), undefined, 'it is at work')
    const again = () => restoreBackup({ from: to, to: restored, by: { identities: identity } })
    await assert.rejects(again(), { message: /^Another restore is making a school in / })
    await ended(child, 'SIGKILL')
    const left = await leftovers({ data: restored, clock: later() })
    assert.deepEqual(left?.names, [isThere ? '.restoring' : 'restored.restoring'])
    await left?.mend?.()
    const making = makingFolder(restored)
    await assert.rejects(stat(making))
    await mkdir(join(making, 'objects'), { recursive: true })
    for (const name of ['lease.sqlite', 'half.sqlite']) await writeFile(join(making, name), '')
    await mended()
    await again()
    const names = await readdir(restored)
    assert.deepEqual(
      ['school.sqlite', 'lease.sqlite', 'half.sqlite', '.restoring'].map((name) => names.includes(name)),
      [true, false, false, false],
    )
    assert.equal(await leftovers({ data: restored, clock: later() }), undefined)
  })
}
