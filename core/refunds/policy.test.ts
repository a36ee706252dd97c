import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Occasion } from '#contract/refunds.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { consequenceOf, RULES, USUAL_POLICY } from './policy.ts'

test('The written policy says what happens to access on every occasion there is', () => {
  assert.deepEqual(Object.fromEntries(Occasion.options.map((occasion) => [occasion, consequenceOf(occasion, USUAL_POLICY)])), {
    ...{ 'refund-whole': 'ends', 'refund-part': 'keeps', 'dispute-opened': 'pauses', 'dispute-won': 'returns', 'dispute-lost': 'ends' },
    ...{ 'fraud-warning': 'keeps', 'renewal-failed': 'keeps', 'grace-over': 'ends', 'paid-late': 'returns', cancelled: 'runs-out' },
    ...{ 'trial-ended': 'keeps', 'plan-complete': 'keeps', 'course-unlisted': 'keeps' },
  })
})

test('Two settings change it: what a dispute does until it is decided, and that there is no grace', () => {
  assert.equal(consequenceOf('dispute-opened', { ...USUAL_POLICY, onDispute: 'keeps' }), 'keeps')
  assert.equal(consequenceOf('dispute-lost', { ...USUAL_POLICY, onDispute: 'keeps' }), 'ends')
  assert.equal(consequenceOf('renewal-failed', { ...USUAL_POLICY, graceHours: 0 }), 'ends')
})

test('The table that owners read is made from the policy, a row for each occasion, and the page about payments leads to it', async () => {
  const read = (name: string): Promise<string> => readFile(join(import.meta.dirname, '../../docs', name), 'utf8')
  const table = await read('generated/payment-policy.md')
  for (const { when, so } of Object.values(RULES)) assert.ok(table.includes(`| ${when} |`) && table.includes(`| ${so} |`), when)
  assert.match(await read('payments.md'), /\(generated\/payment-policy\.md\)/)
})

test('An admin reads the policy and changes it; nobody else may', async (t) => {
  const school = await openSchool()
  t.after(() => school.close())
  const admin = await school.person('Ada', 'admin')
  const teacher = await school.person('Tove', 'instructor')
  assert.deepEqual(await admin.client.refunds.policy({}), USUAL_POLICY)
  const wanted = { graceHours: 24, onDispute: 'keeps', isTaxed: true, seller: 'School of Light\nHarbour 1\nVAT DK12345678' } as const
  assert.deepEqual(await admin.client.refunds.putPolicy(wanted), wanted)
  assert.deepEqual(await admin.client.refunds.policy({}), wanted)
  assert.equal(await refusalOf(teacher.client.refunds.policy({})), 'not-allowed')
  assert.equal(await refusalOf(teacher.client.refunds.putPolicy(wanted)), 'not-allowed')
  assert.equal(await refusalOf(admin.client.refunds.putPolicy({ ...wanted, graceHours: 169 })), 'bad-input')
})
