import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { openByHand } from '#homes/machine/by-hand.ts'
import { readSettings } from '#homes/machine/settings.ts'
import { applyUpgrade } from '#homes/machine/upgrade.ts'
import { releasedFolder } from '#test/released/folders.ts'
import { aPaidPage, aTill } from '#test/till.ts'
import { carriedOut } from './dead-letters.ts'
import { reconciled } from './reconcile.ts'

const DEAD = ['evt_dead', 'captions.index']

const lectern = (data: string, ...words: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, LECTERN_DATA: data, NODE_TEST_CONTEXT: '' }
    const child = execFile(process.execPath, [join(import.meta.dirname, '..', 'lectern.ts'), ...words], { env }, (_error, output, complaints) =>
      resolve({ code: child.exitCode ?? -1, output: output + complaints }),
    )
  })

test('an operator sees what was given up, has it tried again, and gives it up for good', async (t) => {
  const data = await releasedFolder('0.1.0')
  t.after(() => rm(data, { recursive: true }))
  await applyUpgrade(data)
  const listed = await lectern(data, 'deadletters')
  assert.equal(listed.code, 0)
  assert.match(listed.output, /evt_dead {2}captions\.index\n {6}“video\.ready” of 2026-\S+, tried \d+ times: gone/)
  const { world, close } = await openByHand(readSettings({ LECTERN_DATA: data }))
  const say = async (...words: string[]) => {
    const { code, says } = await carriedOut(world, words)
    return [code, says.join('\n')] as const
  }
  assert.match((await say('show', ...DEAD))[1], /"video": "vid_00000000"/)
  assert.deepEqual([(await say('show', 'evt_dead', 'nobody'))[0], (await say('replay', 'evt_none', 'captions.index'))[0], (await say('dance'))[0]], [1, 1, 2])
  assert.equal((await say('replay', ...DEAD))[0], 0)
  assert.deepEqual(await say(), [0, 'Nothing was given up.'])
  assert.equal((await say('discard', ...DEAD))[0], 1, 'what is tried again is no dead letter')
  assert.match((await say('replay', '--all'))[1], /^0 are tried again/)
  await close()
})

test('an operator has payments and access compared, is told what does not agree, and that nobody took it up where no school is open', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aPaidPage(till)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  assert.equal(await reconciled(till.world, { waitMs: 1, looks: 2 }), 'nobody')
  /** Beside an open school. */
  const heard = async () => {
    let isOver = false
    const outcome = reconciled(till.world, { waitMs: 1, looks: 10_000 }).finally(() => {
      isOver = true
    })
    while (!isOver) {
      await till.settle()
      await setImmediate()
    }
    const found = await outcome
    return found === 'nobody' ? assert.fail(found) : found
  }
  const agreed = await heard()
  assert.deepEqual(agreed.found, [])
  assert.match(agreed.says.join(), /^\d+ orders and people were compared, 0 could not be read\.$/)
  till.clock.pass(60)
  await till.world.tables.commit([enrolmentRecords.remove({ learner: learner.id, course })])
  const [found = ''] = (await heard()).found
  assert.match(found, new RegExp(`^! ${learner.email}: .*was paid for and is not open to them.* \\(can be put right on the page below\\)$`))
})
