import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { keys } from '#homes/machine/keys.ts'
import { silentLog } from '#homes/machine/log.ts'
import { aClock } from '#homes/machine/scratch.fixture.ts'
import { openSecrets } from '#homes/machine/secrets.ts'

const LECTERN = join(import.meta.dirname, '..', 'lectern.ts')

const say = (data: string, ...words: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, LECTERN_DATA: data, LECTERN_PLAYBACK_SECONDS: '600' }
    const child = execFile(process.execPath, [LECTERN, 'keys', ...words], { env }, (_error, output, complaints) =>
      resolve({ code: child.exitCode ?? -1, output: output + complaints }),
    )
  })

test('an operator sees the keys, rotates them while the school is open, is told to wait, and drops a leaked one at once', async () => {
  const data = await mkdtemp(join(tmpdir(), 'lectern-verbs-'))
  try {
    assert.deepEqual([(await say(data)).code, (await say(data, 'rotate')).code, (await say(data, 'rotate', '--now')).code], [1, 1, 1], 'no school yet')
    await openSecrets(data, { ids: randomIds(systemClock), clock: systemClock })
    const clock = aClock()
    const open = await keys({ folder: data, clock, log: silentLog })
    const live = async () => {
      clock.pass(5000)
      return (await open.live()).map(({ id }) => id)
    }
    const [first = ''] = await live()
    const rotated = await say(data, 'rotate')
    const [second = '', ...former] = await live()
    assert.deepEqual([rotated.code, former], [0, [first]])
    assert.ok(rotated.output.includes(second) && rotated.output.includes('no viewer notices'))

    const listed = await say(data)
    assert.match(listed.output, new RegExp(`${second}  EC P-256  \\S+Z  signs and verifies\n  ${first}  EC P-256  \\S+Z  verifies, needed until \\S+Z\n`))

    const early = await say(data, 'rotate')
    assert.equal(early.code, 1)
    assert.match(early.output, /Wait 11 min, or say --now/)
    assert.deepEqual(await live(), [second, first])

    const dropped = await say(data, 'rotate', '--now')
    const [third = '', ...others] = await live()
    assert.deepEqual([dropped.code, others], [0, []])
    assert.ok(dropped.output.includes(third) && ![first, second].includes(third))
    assert.match(dropped.output, /asks for new cookies once and goes on/)

    assert.equal((await say(data, 'burn')).code, 2)
    for (const { output } of [rotated, listed, early, dropped]) assert.doesNotMatch(output, /BEGIN|PRIVATE|MIG/)
  } finally {
    await rm(data, { recursive: true })
  }
})
