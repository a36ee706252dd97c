import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { once } from '#homes/move/school.fixture.ts'
import { checkBackup } from './check.ts'
import { pairBehind } from './cover.ts'
import { filesBelow } from './files.ts'
import { aGround } from './ground.fixture.ts'
import type { By } from './keys.ts'
import { filePath, snapshotPath } from './manifest.ts'
import { pruneBackups } from './prune.ts'
import { restoreBackup } from './restore.ts'

const FILM = 'sources/vid_1/original.mp4'
const SPOKEN = 'words that only the film has, '

const aPair = async () => {
  const identity = await generateX25519Identity()
  return { recipient: await identityToRecipient(identity), by: { identities: `# made for a test\n${identity}\n` } }
}

/** A person, a film of several pieces, and an empty file. */
const aFilmSchool = (t: TestContext) =>
  aGround(t, async (school) => {
    await school.identity.create({ email: 'ada@lectern.test', name: 'Ada', password: 'four quiet words here', roles: ['learner'] })
    await school.take(FILM, once(Buffer.from(SPOKEN.repeat(8000))), { type: 'video/mp4' })
    await school.take('empty', once(new Uint8Array()), { type: 'text/plain' })
  })

const everyFile = (folder: string): Promise<string[]> => filesBelow(folder, () => true)

const flip = async (path: string): Promise<void> => {
  const bytes = await readFile(path)
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  await writeFile(path, bytes)
}

/** The largest is the film. */
const filmIn = async (to: string): Promise<string> => {
  const blobs = (await everyFile(join(to, 'blobs'))).map((path) => join(to, 'blobs', path))
  const sizes = await Promise.all(blobs.map(async (path) => ({ path, size: (await stat(path)).size })))
  return sizes.toSorted((one, other) => other.size - one.size)[0]?.path ?? ''
}

test('an encrypted backup shows nothing of the school, comes back by the key alone, and copies the second time what is new', async (t) => {
  const { folder, data, to, side, digest, take } = await aFilmSchool(t)
  const { recipient, by } = await aPair()
  const first = await take({ recipients: [recipient] })
  assert.deepEqual([first.copied.count, first.damages], [1, []])
  for (const path of await everyFile(to)) {
    const bytes = await readFile(join(to, path))
    for (const words of [SPOKEN, 'ada@lectern.test', 'signingKeys', FILM]) assert.equal(bytes.includes(words), false, `${path} holds “${words}”`)
  }
  assert.deepEqual(await readdir(join(data, 'objects', 'held')), ['lease.sqlite'], 'no open copy is left')
  const before = await digest(data)
  const school = await side(data)
  await school.take('files/fil_1/content', once(Buffer.from('a file')), { type: 'text/plain' })
  await school.close()
  const second = await take({ recipients: [recipient] })
  assert.deepEqual([second.copied, second.objects.count], [{ count: 1, bytes: 6 }, 3])
  assert.deepEqual((await checkBackup({ from: to, by })).damages, [])
  await restoreBackup({ from: to, snapshot: first.id, to: join(folder, 'one'), by })
  assert.equal(await digest(join(folder, 'one')), before)
  assert.equal(await readFile(join(folder, 'one', 'secrets.json'), 'utf8'), await readFile(join(data, 'secrets.json'), 'utf8'))
  assert.equal(await pruneBackups(to, 1), 1)
  assert.deepEqual((await checkBackup({ from: to, by })).damages, [])
  await restoreBackup({ from: to, to: join(folder, 'two'), by })
  assert.equal(await digest(join(folder, 'two')), await digest(data))
})

test('one flipped byte of what is encrypted is found and named, and nothing of it is restored', async (t) => {
  const { folder, to, take } = await aFilmSchool(t)
  const { recipient, by } = await aPair()
  const { id } = await take({ recipients: [recipient] })
  const says = 'Its bytes are not those that were backed up.'
  for (const [path, what] of [
    [await filmIn(to), FILM],
    [filePath(snapshotPath(to, id), 'school.sqlite', { suffix: '.age' }), 'school.sqlite'],
  ] as const) {
    await flip(path)
    assert.deepEqual((await checkBackup({ from: to, by })).damages, [{ what, says }])
    await assert.rejects(restoreBackup({ from: to, to: join(folder, 'new'), by }), { message: new RegExp(`^${what} is not as it was backed up`) })
    await flip(path)
  }
  const film = await filmIn(to)
  const whole = await readFile(film)
  await writeFile(film, whole.subarray(0, whole.length - 40_000))
  assert.deepEqual((await checkBackup({ from: to, by })).damages, [{ what: FILM, says }])
  await flip(join(snapshotPath(to, id), 'manifest.json.age'))
  await assert.rejects(checkBackup({ from: to, by }), { message: /manifest of .* is damaged/ })
  await assert.rejects(readdir(join(folder, 'new')))
})

test('no key, a wrong key and a wrong passphrase are refused in words, and so is to go on otherwise than a folder was begun', async (t) => {
  const { folder, to, take } = await aFilmSchool(t)
  const [own, other] = [await aPair(), await aPair()]
  await take({ recipients: [own.recipient] })
  const read = (by?: By) => restoreBackup({ from: to, to: join(folder, 'new'), by })
  await assert.rejects(read(), { message: /are encrypted\. Say by which key/ })
  await assert.rejects(read(other.by), { message: 'These backups are encrypted for another key than yours.' })
  await assert.rejects(read({ identities: 'AGE-SECRET-KEY-1NONSENSE' }), { message: /no secret key of age’s/ })
  await assert.rejects(read({ passphrase: 'anything' }), { message: /do not open by a passphrase/ })
  await assert.rejects(take(undefined), { message: /holds encrypted backups: say again for whom/ })
  await assert.rejects(take({ recipients: [other.recipient] }), { message: new RegExp(`are encrypted for ${own.recipient}`) })
  await assert.rejects(take({ recipients: ['age1nobody'] }), { message: /“age1nobody” is no public key of age’s/ })
  assert.equal((await checkBackup({ from: to, by: own.by })).damages.length, 0)
  await rm(to, { recursive: true })
  await take(undefined)
  await assert.rejects(take({ recipients: [own.recipient] }), { message: /holds backups that are not encrypted/ })
})

test('backups behind a passphrase open by it, and by age itself without us', async (t) => {
  const { folder, data, to, digest, take } = await aFilmSchool(t)
  const passphrase = 'four other quiet words'
  await mkdir(to)
  // Far less work than age asks for: nobody guesses here.
  const first = await take({ passphrase, workFactor: 10 })
  await assert.rejects(take({ passphrase: 'four wrong quiet words' }), { message: 'That is not the passphrase of these backups.' })
  assert.deepEqual((await take({ passphrase })).copied, { count: 0, bytes: 0 })
  await assert.rejects(checkBackup({ from: to, by: { passphrase: 'four wrong quiet words' } }), { message: 'That is not the passphrase of these backups.' })
  await restoreBackup({ from: to, snapshot: first.id, to: join(folder, 'one'), by: { passphrase } })
  assert.equal(await digest(join(folder, 'one')), await digest(data))
  const [lock, key] = [new Decrypter(), new Decrypter()]
  lock.addPassphrase(passphrase)
  key.addIdentity((await lock.decrypt(await readFile(join(to, 'identity.age')), 'text')).trim())
  assert.equal(await key.decrypt(await readFile(await filmIn(to)), 'text'), SPOKEN.repeat(8000))
})

test('each guess at a passphrase costs what age asks for: scrypt, a quarter of a million rounds', async () => {
  const { locked } = await pairBehind('four other quiet words')
  // https://age-encryption.org/v1, the scrypt recipient: its salt, and the logarithm of the rounds.
  const [, log] = /\n-> scrypt \S+ (\d+)\n/.exec(Buffer.from(locked).toString('latin1')) ?? []
  assert.equal(2 ** Number(log), 262_144)
})
