import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { DynamoDBClient, PutItemCommand, TransactionCanceledException, type TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import { tablesLaws } from '#ports/tables.laws.ts'
import { type JsonObject, TABLE_LIMITS } from '#ports/tables.ts'
import { noDynamodb } from '#test/aws/dynamodb.ts'
import { aCloud, aStore, type Cloud } from './cloud.fixture.ts'
import { tables } from './tables.ts'

const put = (sk: string, body: JsonObject = {}, index?: { ipk: string; isk: string }) =>
  ({ kind: 'put', key: { pk: 'p', sk }, body, ...(index && { index }) }) as const

const opened = async (t: TestContext, cloud?: Cloud) => {
  const store = await aStore(cloud)
  t.after(() => store.close())
  return store
}

if (noDynamodb) test('tables (aws): every law', { skip: noDynamodb }, () => {})
else {
  tablesLaws('aws', () => aStore())

  test('a page ends where it was asked to, not where DynamoDB has read a megabyte', async (t) => {
    const { tables: store } = await opened(t)
    const large = { text: 'x'.repeat(380_000) }
    await store.commit(['1', '2', '3', '4', '5'].map((sk) => put(sk, large, { ipk: 'i', isk: sk })))
    for (const listed of [await store.list('p', { limit: 5 }), await store.listIndex('i', { limit: 5 })]) {
      assert.equal(listed.items.length, 5)
      assert.equal(listed.next, undefined)
    }
    const { items, next = '' } = await store.list('p', { limit: 4 })
    assert.deepEqual([items.length, (await store.list('p', { page: next })).items.length], [4, 1])
  })

  test('what we let through as an item, DynamoDB takes; what it refuses for its size, we have refused before', async (t) => {
    const { tables: store, cloud } = await opened(t)
    const bodies: Record<string, (spareBytes: number) => JsonObject> = {
      text: (spare) => ({ text: 'é'.repeat((TABLE_LIMITS.itemBytes - spare) / 2) }),
      list: (spare) => ({ list: [...Array.from({ length: 4000 }, () => 'x'.repeat(99)), 'y'.repeat(TABLE_LIMITS.itemBytes - 4000 * 100 - spare)] }),
      names: (spare) => ({
        ...Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`${n}`.padEnd(99, '-'), null])),
        y: 'y'.repeat(TABLE_LIMITS.itemBytes - 400 * 101 - spare),
      }),
    }
    for (const [name, bodyOf] of Object.entries(bodies)) {
      // What stands around a body, a hundred and some bytes, is all that we count besides.
      assert.equal(await store.commit([put('l', bodyOf(120))]), 'done', name)
      await assert.rejects(store.commit([put('l', bodyOf(80))]), { code: 'tables-limit' }, name)
    }
    const raw = (length: number) =>
      cloud.client.send(new PutItemCommand({ TableName: cloud.table, Item: { pk: { S: 'p' }, sk: { S: 'raw' }, body: { S: 'x'.repeat(length) } } }))
    await raw(TABLE_LIMITS.itemBytes - 80)
    await assert.rejects(raw(TABLE_LIMITS.itemBytes), { name: 'ValidationException' })
  })

  test('differs from the machine: an index may lag; listings by it leave out what is new, everything else shows it at once', async (t) => {
    const { tables: store, pass } = await opened(t, await aCloud({ indexLagMs: 500 }))
    await store.commit([put('1', {}, { ipk: 'i', isk: '1' })])
    assert.deepEqual([(await store.listIndex('i')).items.length, (await store.list('p')).items.length], [0, 1])
    pass(500)
    assert.equal((await store.listIndex('i')).items.length, 1)
  })
}

const CLOCK = { now: () => new Date('2026-11-22T10:00:00Z') }

/** A client whose transactions are cancelled for these reasons, one call after the other, and then succeed. */
const cancelledFor = (...calls: (string | undefined)[][]) => {
  const client = new DynamoDBClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
  const tokens: (string | undefined)[] = []
  client.middlewareStack.add(
    () => async (call) => {
      // The only command this client is sent.
      tokens.push((call.input as TransactWriteItemsCommand['input']).ClientRequestToken)
      const codes = calls[tokens.length - 1]
      if (codes) throw new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons: codes.map((Code) => ({ Code })) })
      return { output: { $metadata: {} }, response: {} }
    },
    { step: 'initialize', priority: 'low' },
  )
  return { store: tables({ client, table: 'lectern', clock: CLOCK, random: () => 0 }), tokens }
}

test('two who write the same thing at once are not told of it: the later waits and is written too', async () => {
  const { store, tokens } = cancelledFor(['None', 'TransactionConflict'], ['ThrottlingError', 'None'])
  assert.equal(await store.commit([put('1'), put('2')]), 'done')
  assert.equal(new Set(tokens).size, 3, 'what was cancelled is a new transaction')
})

test('an expectation that failed is a conflict, whatever else went wrong, and is not tried again', async () => {
  const { store, tokens } = cancelledFor(['TransactionConflict', 'ConditionalCheckFailed'])
  assert.equal(await store.commit([put('1'), put('2')]), 'conflict')
  assert.equal(tokens.length, 1)
})

test('what does not pass is a fault and no conflict, at once or after a few tries', async () => {
  await assert.rejects(cancelledFor(['ItemCollectionSizeLimitExceeded']).store.commit([put('1')]), TransactionCanceledException)
  const busy = cancelledFor(...Array.from({ length: 20 }, () => ['TransactionConflict']))
  await assert.rejects(busy.store.commit([put('1')]), TransactionCanceledException)
  assert.equal(busy.tokens.length, 8)
})

test('nothing to write is written at once', async () => {
  const { store, tokens } = cancelledFor()
  assert.equal(await store.commit([]), 'done')
  assert.deepEqual(tokens, [])
})
