import { type AttributeValue, type DynamoDBClient, GetItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Event } from '#ports/tables.ts'
import { requestNow } from '../during.ts'
import { REMEMBERED_MS } from '../retries.ts'
import { textIn } from './attributes.ts'
import { EVENT_PARTITION, EVENT_SORT } from './routes.ts'

export const eventKey = (id: string): Record<string, AttributeValue> => ({ pk: { S: `${EVENT_PARTITION}${id}` }, sk: { S: EVENT_SORT } })

/** When DynamoDB may forget what is written now, in epoch seconds. */
export const forgottenAt = (now: Date): string => String(Math.ceil((now.getTime() + REMEMBERED_MS) / 1000))

/**
 * Tells an event by writing it: its INSERT in the table's stream is what listeners hear of. Told again under its id it stays as
 * it was, and is no INSERT.
 */
export const tell = (table: string, event: Event, now: Date): TransactWriteItem => {
  const request = event.request ?? requestNow()
  const told: Record<string, AttributeValue> = {
    ...{ id: { S: event.id }, name: { S: event.name }, at: { S: event.at }, payload: { S: JSON.stringify(event.payload) } },
    ...{ ttl: { N: forgottenAt(now) }, ...(request !== undefined && { request: { S: request } }) },
  }
  const names = Object.keys(told)
  return {
    Update: {
      TableName: table,
      Key: eventKey(event.id),
      UpdateExpression: `SET ${names.map((name) => `#${name} = if_not_exists(#${name}, :${name})`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(Object.entries(told).map(([name, value]) => [`:${name}`, value])),
    },
  }
}

/** As `tell` has written it. */
export const eventIn = (item: Record<string, AttributeValue>): Event => {
  const request = item['request']?.S
  return {
    ...{ id: textIn(item, 'id'), name: textIn(item, 'name'), at: textIn(item, 'at'), payload: JSON.parse(textIn(item, 'payload')) },
    ...(request !== undefined && { request }),
  }
}

export const readEvent = async (client: DynamoDBClient, table: string, id: string): Promise<Event | undefined> => {
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: eventKey(id), ConsistentRead: true }))
  return Item && eventIn(Item)
}

/** Has an event that is there say something else: its UPDATE in the table's stream is heard by nobody. */
export const retell = (table: string, { id, payload }: Event): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: eventKey(id),
    UpdateExpression: 'SET #payload = :payload',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#payload': 'payload' },
    ExpressionAttributeValues: { ':payload': { S: JSON.stringify(payload) } },
  },
})

/** A dead letter tells of its event: from then on the event is not forgotten. */
export const keepEvent = (table: string, id: string): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: eventKey(id),
    UpdateExpression: 'REMOVE #ttl',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
  },
})
