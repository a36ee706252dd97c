import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aCloud, aStore } from '#homes/aws/cloud.fixture.ts'
import { noDynamodb } from './dynamodb.ts'
import { ACCOUNT, REGION } from './endpoint.ts'

const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/lectern-test`

test('each call needs leave for what it does, to the table, its index or its stream', { skip: noDynamodb }, async (t) => {
  let asked: string[] = []
  const cloud = await aCloud({ allows: (who, { action, resource }) => asked.push(`${who} ${action} ${resource}`) > 0 })
  t.after(() => cloud.close())
  const { tables } = await aStore(cloud)
  const seen = async (work: Promise<unknown>): Promise<string[]> => {
    asked = []
    await work
    return asked
  }
  const key = { pk: 'p', sk: '1' }
  const event = { id: 'e1', name: 'thing.happened', at: '2026-11-22T10:00:00.000Z', payload: {} }
  assert.deepEqual(await seen(tables.get(key)), [`api dynamodb:GetItem ${TABLE}`])
  assert.deepEqual(await seen(tables.list('p')), [`api dynamodb:Query ${TABLE}`])
  assert.deepEqual(await seen(tables.listIndex('p')), [`api dynamodb:Query ${TABLE}/index/index`])
  assert.deepEqual(await seen(tables.commit([{ kind: 'put', key, body: {} }], [event])), [`api dynamodb:UpdateItem ${TABLE}`])
  assert.deepEqual(
    await seen(
      tables.commit([
        { kind: 'remove', key },
        { kind: 'check', key: { pk: 'p', sk: '2' }, expect: 'absent' },
      ]),
    ),
    [`api dynamodb:DeleteItem ${TABLE}`, `api dynamodb:ConditionCheckItem ${TABLE}`],
  )
  const moved = await seen(cloud.stream.pump())
  assert.deepEqual(
    new Set(moved.map((ask) => ask.replace(/\/stream\/.*/, '/stream'))),
    new Set([
      ...['DescribeStream', 'GetShardIterator', 'GetRecords'].map((action) => `pipe dynamodb:${action} ${TABLE}/stream`),
      `pipe events:PutEvents arn:aws:events:${REGION}:${ACCOUNT}:event-bus/lectern-test`,
    ]),
  )
})

test('without leave nothing is read or written', { skip: noDynamodb }, async (t) => {
  const cloud = await aCloud({ allows: (_, { action }) => action === 'dynamodb:CreateTable' || action === 'dynamodb:GetItem' })
  t.after(() => cloud.close())
  const { tables } = await aStore(cloud)
  await assert.rejects(tables.commit([{ kind: 'put', key: { pk: 'p', sk: '1' }, body: {} }]), { name: 'AccessDeniedException' })
  assert.equal(await tables.get({ pk: 'p', sk: '1' }), undefined)
  await assert.rejects(tables.listIndex('p'), { name: 'AccessDeniedException' })
  await assert.rejects(cloud.stream.pump(), { name: 'AccessDeniedException' })
})
