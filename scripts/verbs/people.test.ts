import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { identity } from '#homes/machine/identity.ts'
import { silentLog } from '#homes/machine/log.ts'
import { someone } from '#test/journeys/people.ts'

const LECTERN = join(import.meta.dirname, '..', 'lectern.ts')
const url = 'http://localhost:4699'

const say = (data: string, ...words: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, LECTERN_DATA: data, LECTERN_URL: url }
    const child = execFile(process.execPath, [LECTERN, ...words], { env }, (_error, output) => resolve({ code: child.exitCode ?? -1, output }))
  })

test('an operator appoints a teacher and gets a token for them; an unknown address or role is said so', async () => {
  const data = await mkdtemp(join(tmpdir(), 'lectern-verbs-'))
  try {
    const lena = await someone({ data, url }, 'Lena')
    assert.equal((await say(data, 'role', lena.email, 'instructor')).code, 0)
    const { output } = await say(data, 'token', lena.email)
    const mail = { send: () => Promise.reject(new Error('No mail is sent here.')) }
    const people = await identity({ folder: data, url, schoolName: 'A school', mail, clock: systemClock, ids: randomIds(systemClock), log: silentLog })
    const person = await people.verify(output.trim())
    people.close()
    assert.deepEqual([person?.id, person?.roles], [lena.id, ['learner', 'instructor']])
    assert.equal((await say(data, 'role', 'nobody@lectern.test', 'admin')).code, 1)
    assert.equal((await say(data, 'role', lena.email, 'king')).code, 2)
    assert.match((await say(data, 'keys', 'rotate', 'sign-in')).output, /signs sign-ins from now on/)
  } finally {
    await rm(data, { recursive: true })
  }
})
