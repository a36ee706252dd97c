import { type AttributeValue, type DynamoDBClient, GetItemCommand, QueryCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Clock } from '#ports/clock.ts'
import type { Change, Expectation, Item, Key, ListOptions, Page, Tables } from '#ports/tables.ts'
import { checkLimits } from '../commit-limits.ts'
import { type Listing, type Position, pageSize, pageToken, positionIn } from '../page-token.ts'
import { attributes, jsonObject, numberIn, textIn } from './attributes.ts'
import { tell } from './event-items.ts'
import { everyItem } from './every.ts'
import { INDEX } from './routes.ts'
import { transact } from './transaction.ts'

type Stored = Record<string, AttributeValue>

/** An item as it lies in the table. */
export const item = (stored: Stored): Item => ({
  pk: textIn(stored, 'pk'),
  sk: textIn(stored, 'sk'),
  body: jsonObject(stored['body']?.M ?? {}),
  version: numberIn(stored, 'version'),
  ...(stored['ipk'] && { index: { ipk: textIn(stored, 'ipk'), isk: textIn(stored, 'isk') } }),
})

const keyOf = ({ pk, sk }: Key): Stored => ({ pk: { S: pk }, sk: { S: sk } })

type Condition = { ConditionExpression: string; ExpressionAttributeValues?: Stored }

const conditionOf = (expected: Expectation): Condition => {
  if (expected === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)' }
  if (expected === 'present') return { ConditionExpression: 'attribute_exists(pk)' }
  return { ConditionExpression: 'version = :expected', ExpressionAttributeValues: { ':expected': { N: String(expected.version) } } }
}

/** An update, not a put: DynamoDB counts the version, whatever we may have read. */
const putOf = (table: string, { key, body, index, expect }: Change & { kind: 'put' }): TransactWriteItem => {
  const condition = expect && conditionOf(expect)
  const placed = index ? ', ipk = :ipk, isk = :isk' : ' REMOVE ipk, isk'
  return {
    Update: {
      TableName: table,
      Key: keyOf(key),
      UpdateExpression: `SET body = :body, version = if_not_exists(version, :zero) + :one${placed}`,
      ...condition,
      ExpressionAttributeValues: {
        ':body': { M: attributes(body) },
        ':zero': { N: '0' },
        ':one': { N: '1' },
        ...(index && { ':ipk': { S: index.ipk }, ':isk': { S: index.isk } }),
        ...condition?.ExpressionAttributeValues,
      },
    },
  }
}

const writeOf = (table: string, change: Change): TransactWriteItem => {
  if (change.kind === 'put') return putOf(table, change)
  const [target, condition] = [{ TableName: table, Key: keyOf(change.key) }, change.expect && conditionOf(change.expect)]
  if (change.kind === 'remove') return { Delete: { ...target, ...condition } }
  return { ConditionCheck: { ...target, ...conditionOf(change.expect) } }
}

const startOf = ({ of, value }: Listing, { isk, pk, sk }: Position): Stored => ({
  ...keyOf({ pk, sk }),
  ...(of === 'ipk' && { ipk: { S: value }, isk: { S: isk } }),
})

type Options = { client: DynamoDBClient; table: string; clock: Clock; random?: () => number }

/** Asks until there is one item more than wanted, or no more: DynamoDB ends a page at a megabyte, our callers only at its end. */
const listed = async ({ client, table }: Options, listing: Listing, { prefix = '', limit, descending = false, page }: ListOptions): Promise<Page<Item>> => {
  const most = pageSize(limit)
  const sort = listing.of === 'pk' ? 'sk' : 'isk'
  const found: Stored[] = []
  let start = page === undefined ? undefined : startOf(listing, positionIn(listing, page))
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        // An index cannot be read consistently.
        ...(listing.of === 'pk' ? { ConsistentRead: true } : { IndexName: INDEX }),
        KeyConditionExpression: `${listing.of} = :value${prefix && ` AND begins_with(${sort}, :prefix)`}`,
        ExpressionAttributeValues: { ':value': { S: listing.value }, ...(prefix && { ':prefix': { S: prefix } }) },
        ScanIndexForward: !descending,
        Limit: most + 1 - found.length,
        ExclusiveStartKey: start,
      }),
    )
    found.push(...Items)
    start = LastEvaluatedKey
  } while (start && found.length <= most)
  const items = found.slice(0, most).map(item)
  const last = items.at(-1)
  return found.length > most && last ? { items, next: pageToken(listing, last) } : { items }
}

/** Items in one DynamoDB table; a commit and its events are one transaction. Listings by index may lag a moment behind. */
export const tables = (options: Options): Tables => {
  const { client, table, clock, random } = options
  return {
    every: everyItem({ client, table, read: item }),
    async get(key) {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }))
      return Item && item(Item)
    },
    list: (pk, asked = {}) => listed(options, { of: 'pk', value: pk }, asked),
    listIndex: (ipk, asked = {}) => listed(options, { of: 'ipk', value: ipk }, asked),
    async commit(changes, events = []) {
      checkLimits(changes, events)
      const items = [...changes.map((change) => writeOf(table, change)), ...events.map((event) => tell(table, event, clock.now()))]
      // DynamoDB takes no empty transaction.
      return items.length === 0 ? 'done' : transact(client, items, random)
    },
  }
}
