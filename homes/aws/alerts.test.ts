import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SNSClient } from '@aws-sdk/client-sns'
import { alertsLaws } from '#ports/alerts.laws.ts'
import { openEndpoint, REGION } from '#test/aws/endpoint.ts'
import { openSns, topicArn } from '#test/aws/sns.ts'
import { aClock, aStore } from '../machine/scratch.fixture.ts'
import { alerts } from './alerts.ts'

const opened = async () => {
  const { tables, close } = await aStore()
  const clock = aClock()
  const sns = openSns({ topics: ['alerts'] })
  let isShut = false
  const endpoint = await openEndpoint({ services: [sns], now: () => new Date(), allows: () => !isShut })
  const client = new SNSClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('events') })
  return {
    ...{ tables, clock, sns },
    reopen: () => alerts({ client, topicArn: topicArn('alerts'), tables, clock }),
    shut: (how: boolean) => {
      isShut = how
    },
    async close() {
      client.destroy()
      await endpoint.close()
      await close()
    },
  }
}

alertsLaws('the AWS home', async () => {
  const { sns, reopen, close } = await opened()
  return {
    alerts: reopen(),
    told: async (subject) =>
      sns.published.flatMap(({ message }) => (message.startsWith(`${subject}\n\n`) ? [{ subject, text: message.slice(subject.length + 2) }] : [])),
    reopen: async () => reopen(),
    close,
  }
})

test('two processes that tell the same alert at once tell it once', async (t) => {
  const { reopen, sns, close } = await opened()
  t.after(close)
  const alert = { id: 'alert-1', subject: 'A payment nobody foresaw: Größe\nand more '.repeat(5), text: 'Look at it.' }
  await Promise.all([reopen().tell(alert), reopen().tell(alert), reopen().tell(alert)])
  assert.deepEqual([sns.published.length, sns.published[0]?.subject?.length, sns.published[0]?.topic], [1, 100, 'alerts'])
})

test('an alert that SNS did not take, or whose process died over it, is told when it is told again; after three months once more', async (t) => {
  const { reopen, sns, shut, tables, clock, close } = await opened()
  t.after(close)
  const alert = { id: 'alert-1', subject: 'A plan at a wrong price', text: 'Look at it.' }
  shut(true)
  await assert.rejects(reopen().tell(alert), /not authorized/)
  shut(false)
  await reopen().tell(alert)
  assert.equal(sns.published.length, 1)
  const left = { id: 'alert-2', subject: 'Left', text: 'Half told.' }
  await tables.commit([{ kind: 'put', key: { pk: 'alert#alert-2', sk: 'alert' }, body: { state: 'telling', at: clock.now().toISOString() } }])
  clock.pass(30_000)
  await reopen().tell(left)
  assert.equal(sns.published.length, 2)
  clock.pass(89 * 24 * 3600_000)
  await reopen().tell(left)
  assert.equal(sns.published.length, 2)
  clock.pass(24 * 3600_000)
  await reopen().tell(left)
  assert.equal(sns.published.length, 3)
})
