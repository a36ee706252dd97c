import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from '../metrics/catalogue.ts'
import { openEmf } from './emf.ts'
import { NAMESPACE } from './emf-names.ts'

const AT = new Date('2026-11-29T12:00:00Z')
const told = (isMeasured = true) => {
  const lines: string[] = []
  const emf = openEmf({ isMeasured, school: 'lectern-staging', write: (line) => void lines.push(line), now: () => AT })
  return { ...emf, lines, read: () => lines.map((line) => JSON.parse(line)) }
}

test('what a function has measured is in its log when it has answered, as CloudWatch reads it and under the names of /metrics', async () => {
  const { measure, telling, read } = told()
  const work = telling(async (seconds: number) => {
    measure('lectern.tables.commit.duration', seconds, { outcome: 'done' })
    measure('lectern.tables.commit.duration', 0.25, { outcome: 'done' })
    measure('lectern.tables.commit.duration', 1, { outcome: 'conflict' })
    measure('lectern.orders', 1, { state: 'paid' })
    measure('lectern.orders', 1, { state: 'paid' })
    measure('lectern.events', 1, { event: 'order.paid' })
    return 'answer'
  })
  assert.equal(await work(0.5), 'answer')
  const [done, conflict, orders, events] = read()
  assert.deepEqual(done, {
    _aws: {
      Timestamp: AT.getTime(),
      CloudWatchMetrics: [
        { Namespace: NAMESPACE, Dimensions: [['school', 'outcome']], Metrics: [{ Name: 'lectern.tables.commit.duration', Unit: 'Seconds' }] },
      ],
    },
    school: 'lectern-staging',
    outcome: 'done',
    'lectern.tables.commit.duration': [0.5, 0.25],
  })
  assert.equal(conflict.outcome, 'conflict')
  // A counter is one number, and what would make a metric of each event is left out.
  assert.deepEqual([orders['lectern.orders'], orders.state], [2, 'paid'])
  assert.deepEqual([events['lectern.events'], 'event' in events], [1, false])
  for (const each of read()) for (const { Name } of each._aws.CloudWatchMetrics[0].Metrics) assert.ok(Name in catalogue, Name)
})

test('a call that fails tells what it has measured too, and the next does not tell it again', async () => {
  const { measure, telling, read } = told()
  const work = telling(async (fails: boolean) => {
    measure('lectern.mail.letters', 1, { outcome: fails ? 'failed' : 'sent' })
    if (fails) throw new Error('The post is shut.')
  })
  await assert.rejects(work(true), /shut/)
  await work(false)
  assert.deepEqual(
    read().map(({ outcome }) => outcome),
    ['failed', 'sent'],
  )
})

test('a line has no more values than CloudWatch takes', async () => {
  const { measure, telling, read } = told()
  await telling(async () => {
    for (let at = 0; at < 250; at += 1) measure('lectern.tables.commit.duration', at, { outcome: 'done' })
  })()
  assert.deepEqual(
    read().map((each) => each['lectern.tables.commit.duration'].length),
    [100, 100, 50],
  )
})

test('where nobody measures nothing is written', async () => {
  const { measure, telling, lines } = told(false)
  await telling(async () => measure('lectern.orders', 1, { state: 'paid' }))()
  assert.deepEqual(lines, [])
})
