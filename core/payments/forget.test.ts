import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aTill } from '#test/till.ts'
import { forgetBodies } from './forget.ts'
import { storeNews } from './inbox.ts'

const DAY = 24 * 3600

test('What news said word for word is forgotten after 90 days, and that it came is not', async (t) => {
  const till = await aTill(t)
  const owner = await till.person('Olive', 'admin')
  const send = (id: string) => {
    const about = { subject: undefined, payment: undefined, subscription: undefined, invoice: undefined, account: undefined, apiVersion: undefined }
    const news = { ...about, id, type: 'charge.updated', isLive: false, createdAt: till.clock.now().toISOString() }
    return storeNews(till.world, news, `{"id":"${id}","name":"Ann"}`)
  }
  const read = (id: string) => owner.client.money.news({ news: id })

  for (let each = 0; each < 130; each += 1) await send(`evt_old_${each}`)
  await till.settle()
  till.clock.pass(60 * DAY)
  await send('evt_new')
  await till.settle()
  await forgetBodies(till.world)
  assert.equal((await read('evt_old_0')).raw, '{"id":"evt_old_0","name":"Ann"}')

  till.clock.pass(30 * DAY + 3600)
  await forgetBodies(till.world)
  for (const id of ['evt_old_0', 'evt_old_129']) {
    const { raw, news } = await read(id)
    assert.deepEqual([raw, news.type, news.state], [undefined, 'charge.updated', 'ignored'])
  }
  assert.equal((await read('evt_new')).raw, '{"id":"evt_new","name":"Ann"}')
  assert.equal(await send('evt_old_0'), 'known')
  assert.equal((await read('evt_old_0')).raw, undefined)
})
