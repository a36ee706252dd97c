import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buy } from '#test/buy.ts'
import { aSale, aTill } from '#test/till.ts'

test('a teacher reads what a course has earned, and what of it went back, in the very amounts that were paid', async (t) => {
  const till = await aTill(t)
  const { teacher, learner, course } = await aSale(till, { amountMinor: 4900 })
  const rows = async () => (await teacher.client.insights.revenue({ course })).rows
  assert.deepEqual(await rows(), [])
  const pays = async (who: typeof learner): Promise<string | undefined> => {
    const { checkoutUrl } = await buy(who, course)
    await till.pay(checkoutUrl)
    await till.sandbox.run()
    await till.settle()
    return checkoutUrl
  }
  await pays(learner)
  const second = await pays(await till.person('Mia'))
  assert.deepEqual(await rows(), [{ month: '2026-05', currency: 'EUR', grossMinor: 9800, backMinor: 0 }])
  await till.refund(second, 1900)
  await till.sandbox.run()
  await till.settle()
  assert.deepEqual(await rows(), [{ month: '2026-05', currency: 'EUR', grossMinor: 9800, backMinor: 1900 }])
  const other = await teacher.client.courses.create({ title: 'Another' })
  assert.deepEqual((await teacher.client.insights.revenue({ course: other.id })).rows, [], 'another course has earned none of it')
})
