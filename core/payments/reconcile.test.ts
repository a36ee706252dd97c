import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buy } from '#test/buy.ts'
import { aPaidPage, aSale, aTill } from '#test/till.ts'
import { reconcile } from './reconcile.ts'

const stateOf = async ({ learner, order }: Awaited<ReturnType<typeof aPaidPage>>): Promise<string> =>
  (await learner.client.payments.order({ order: order.id })).state

test('When no webhook ever comes, the reconciler enrols within ten minutes of the payment', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  let minutes = 0
  while (minutes < 10 && !(await paid.isEnrolled())) {
    till.clock.pass(60)
    minutes += 1
    await reconcile(till.world)
  }
  assert.ok(await paid.isEnrolled())
  assert.equal(minutes, 5)
  assert.equal(await stateOf(paid), 'paid')
  assert.equal(till.happened('enrolment.started'), 1)
})

test('A page that is paid between two reconciler reads is found by the next, and never asked about again', async (t) => {
  const till = await aTill(t)
  await till.faults({ webhooks: 'drop' })
  const { learner, course, isEnrolled } = await aSale(till)
  const { checkoutUrl } = await buy(learner, course)
  till.clock.pass(301)
  await reconcile(till.world)
  assert.equal(await isEnrolled(), false)
  await till.pay(checkoutUrl)
  till.clock.pass(301)
  await reconcile(till.world)
  assert.equal(await isEnrolled(), true)
  assert.deepEqual((await till.world.tables.listIndex('due-checkouts')).items, [])
})

test('One order that cannot be read does not keep the others from being reconciled', async (t) => {
  const till = await aTill(t)
  await till.faults({ webhooks: 'drop' })
  const { learner, course, isEnrolled } = await aSale(till)
  const other = await till.person('Other')
  const broken = await buy(other, course)
  till.database.prepare(`UPDATE items SET body = json_set(body, '$.session', 'cs_test_gone') WHERE pk = ?`).run(`order#${broken.id}`)
  till.clock.pass(1)
  await till.pay((await buy(learner, course)).checkoutUrl)
  till.clock.pass(301)
  await assert.rejects(reconcile(till.world), /1 orders could not be reconciled/)
  assert.equal(await isEnrolled(), true)
  // It is not asked about again at once, but it is not forgotten.
  await reconcile(till.world)
  till.clock.pass(301)
  await assert.rejects(reconcile(till.world))
})
