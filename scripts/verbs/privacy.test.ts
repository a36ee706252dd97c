import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { strFromU8, unzipSync } from 'fflate'
import { Secret, TOTP } from 'otpauth'
import { event } from '#core/events.ts'
import { noteRecords } from '#core/notes/records.ts'
import { openByHand } from '#homes/machine/by-hand.ts'
import { systemClock } from '#homes/machine/clock.ts'
import { openDatabase } from '#homes/machine/database.ts'
import { providerLinks } from '#homes/machine/identity/provider-links.ts'
import { newSecret, secondFactors } from '#homes/machine/identity/second-factor.ts'
import { openStore } from '#homes/machine/identity/store.ts'
import { openSchoolFile } from '#homes/machine/school-file.ts'
import { readSettings } from '#homes/machine/settings.ts'
import { someone } from '#test/journeys/people.ts'

const LECTERN = join(import.meta.dirname, '..', 'lectern.ts')
const url = 'http://localhost:4699'

const say = (data: string, ...words: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, LECTERN_DATA: data, LECTERN_URL: url }
    const child = execFile(process.execPath, [LECTERN, ...words], { env }, (_error, output, complaint) =>
      resolve({ code: child.exitCode ?? -1, output: output + complaint }),
    )
  })

/** All text that lies in a database, whichever table has it. */
const textOf = (path: string): string => {
  const database = openDatabase(path)
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const text = tables.map(({ name }) => JSON.stringify(database.prepare(`SELECT * FROM ${String(name)}`).all())).join('\n')
  database.close()
  return text
}

const databasesIn = async (data: string): Promise<string[]> => (await readdir(data, { recursive: true })).filter((path) => path.endsWith('.sqlite')).toSorted()

/** An authenticator app with its recovery codes, a passkey and an account elsewhere; answers what is known by them. */
const waysIn = (data: string, account: string): string[] => {
  const database = openStore(data)
  const [secret, passkey, subject] = [newSecret(), 'passkey-of-hers', 'subject-of-hers']
  const codes = secondFactors({ database, clock: systemClock }).turnOn(account, secret, new TOTP({ secret: Secret.fromBase32(secret) }).generate())
  assert.equal(codes?.length, 10)
  providerLinks(database).add('https://elsewhere.example', subject, account)
  // Only a browser's device can make one.
  const made = 'INSERT INTO passkeys (id, account, public_key, counter, transports, name, added) VALUES (?, ?, ?, 0, ?, ?, ?)'
  database.prepare(made).run(passkey, account, new Uint8Array(32), '[]', 'Telephone', '2026-01-01')
  database.close()
  return [secret, passkey, subject]
}

test('an operator hands somebody all that is known of them, and then forgets them, in the directory as in the tables', async () => {
  const data = await mkdtemp(join(tmpdir(), 'lectern-privacy-'))
  try {
    const lena = await someone({ data, url }, 'Lena')
    await openSchoolFile(join(data, 'school.sqlite')).close()
    const school = await openByHand(readSettings({ LECTERN_DATA: data, LECTERN_URL: url }))
    const titles = { course: 'Light', lesson: 'The window' }
    await school.world.tables.commit([
      noteRecords.put({ id: 'nte_1', learner: lena.id, course: 'crs_1', lesson: 'les_1', titles, body: 'Mind the <lamp>.', at: '2026-01-01' }),
    ])
    // Nobody has heard of it: the school is closed.
    await school.world.tables.commit([], [event(school.world, 'lesson.completed', { learner: lena.id, course: 'crs_1', lesson: 'les_1' })])
    await school.close()
    const known = [lena.id, lena.email, ...waysIn(data, lena.id)]
    const namesHer = new RegExp(known.join('|'))
    for (const file of ['school.sqlite', 'identity.sqlite']) assert.match(textOf(join(data, file)), namesHer, file)
    const to = join(data, 'lena.zip')
    assert.equal((await say(data, 'export', lena.email, '--to', to)).code, 0)
    const { 'index.html': page, 'data.json': json } = unzipSync(await readFile(to))
    assert.match(strFromU8(page ?? new Uint8Array()), /Your notes \(1\).*Mind the &lt;lamp&gt;\./s)
    assert.match(strFromU8(json ?? new Uint8Array()), new RegExp(lena.email))
    assert.equal((await stat(to)).mode & 0o777, 0o600)
    assert.equal((await say(data, 'export', lena.email, '--to', to)).code, 1, 'it is there already')
    assert.equal((await say(data, 'erase', lena.email)).code, 2, 'nobody was asked')
    const erased = await say(data, 'erase', lena.email, '--yes')
    assert.deepEqual([erased.code, /Items removed: 1/.test(erased.output)], [0, true])
    for (const file of await databasesIn(data)) assert.doesNotMatch(textOf(join(data, file)), namesHer, file)
    assert.equal((await say(data, 'erase', lena.email, '--yes')).code, 1)
  } finally {
    await rm(data, { recursive: true })
  }
})
