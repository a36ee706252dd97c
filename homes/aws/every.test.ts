import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { openEndpoint, REGION, type Service } from '#test/aws/endpoint.ts'
import { everyItem } from './every.ts'

type Stored = Record<string, AttributeValue>

const PAGE = 2

/** A table that is read two items at a time. */
const scanned = (items: readonly Stored[]): Service & { asked: unknown[] } => {
  const asked: unknown[] = []
  return {
    name: 'dynamodb',
    asked,
    asks: () => [],
    async answer({ body }) {
      const request = JSON.parse(body.toString())
      asked.push([request.TableName, request.ConsistentRead])
      const start = request.ExclusiveStartKey ? items.findIndex(({ pk }) => pk?.S === request.ExclusiveStartKey.pk.S) + 1 : 0
      const page = items.slice(start, start + PAGE)
      const last = start + PAGE < items.length ? { LastEvaluatedKey: { pk: page.at(-1)?.['pk'], sk: page.at(-1)?.['sk'] } } : {}
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify({ Items: page, ...last }) }
    },
  }
}

test('every item of the school is told of once, and none that the home keeps for itself', async (t) => {
  const keys = [
    'course#1',
    'event#evt_1',
    'person#usr_1',
    'people-owners',
    'people-who#admin',
    'people-words',
    'person-with#a@lectern.test',
    'alert#a',
    'dead',
    'deadline#1',
    'lease#media.sweep',
    'lesson#1',
    'school',
  ]
  const table = scanned(keys.map((pk) => ({ pk: { S: pk }, sk: { S: 'x' }, body: { M: {} }, version: { N: '1' } })))
  const endpoint = await openEndpoint({ services: [table], now: () => new Date() })
  t.after(() => endpoint.close())
  const client = new DynamoDBClient({ endpoint: endpoint.url, region: REGION, maxAttempts: 1, credentials: endpoint.credentials('operator') })
  t.after(() => client.destroy())
  const read = (stored: Stored) => {
    const { pk, sk, body, version } = unmarshall(stored)
    return { pk, sk, body, version }
  }
  const every = everyItem({ client, table: 'lectern-test', read })
  const [found, sizes]: [string[], number[]] = [[], []]
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const { items, next } = await every(page)
    found.push(...items.map(({ pk }) => pk))
    sizes.push(items.length)
    page = next
  }
  assert.deepEqual(
    [found, sizes],
    [
      ['course#1', 'deadline#1', 'lesson#1', 'school'],
      [1, 0, 0, 0, 1, 1, 1],
    ],
  )
  assert.deepEqual(table.asked[0], ['lectern-test', true])
})
