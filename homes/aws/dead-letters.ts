import { type AttributeValue, type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import type { DeadLetter, Remembered } from '#ports/events.ts'
import type { Event } from '#ports/tables.ts'
import { givenUp } from '../retries.ts'
import { numberIn, textIn } from './attributes.ts'
import { keepEvent, readEvent, tell } from './event-items.ts'
import { transact } from './transaction.ts'

export type DeadLetters = {
  /** Shelves a delivery, and tells of it in the same transaction; once, also when it is asked for again. */
  shelve(letter: { event: Event; listener: string; attempts: number; reason: string }, now: Date): Promise<void>
  /** Oldest first, at most 100. */
  list(): Promise<DeadLetter[]>
  find(event: string, listener: string): Promise<Event | undefined>
  /** `absent`: somebody else was faster. */
  remove(event: Event, listener: string): Promise<'done' | 'absent'>
  /** Those of one event. */
  of(event: Event): Promise<Remembered['failures']>
  /** Has one say another reason; one that is gone stays so. */
  explain(event: Event, failure: Remembered['failures'][number]): Promise<void>
}

const MOST_LISTED = 100
const PARTITION = 'dead'
const sortOf = ({ at, id }: Event, listener: string): string => `${at}#${id}#${listener}`
const keyOf = (event: Event, listener: string): Record<string, AttributeValue> => ({ pk: { S: PARTITION }, sk: { S: sortOf(event, listener) } })

type Place = { client: DynamoDBClient; table: string }

/** Why deliveries of an event were given up, to be read and written anew. */
const reasons = ({ client, table }: Place): Pick<DeadLetters, 'of' | 'explain'> => ({
  async of(event) {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :dead AND begins_with(sk, :event)',
        ExpressionAttributeValues: { ':dead': { S: PARTITION }, ':event': { S: sortOf(event, '') } },
      }),
    )
    return Items.map((item) => ({ listener: textIn(item, 'listener'), reason: textIn(item, 'reason') }))
  },
  async explain(event, { listener, reason }) {
    const said = {
      UpdateExpression: 'SET #reason = :reason',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#reason': 'reason' },
      ExpressionAttributeValues: { ':reason': { S: reason } },
    }
    await transact(client, [{ Update: { TableName: table, Key: keyOf(event, listener), ...said } }])
  },
})

/** Deliveries that failed too often, as items of the table; each names its event, which stays for as long. */
export const deadLetters = ({ client, table }: Place): DeadLetters => {
  const letterOf = async (item: Record<string, AttributeValue>): Promise<DeadLetter> => {
    const event = await readEvent(client, table, textIn(item, 'event'))
    if (!event) throw new Error(`A dead letter tells of an event that is not there: ${textIn(item, 'event')}`)
    return { event, listener: textIn(item, 'listener'), attempts: numberIn(item, 'attempts'), reason: textIn(item, 'reason'), since: event.at }
  }
  return {
    ...reasons({ client, table }),
    async shelve({ event, listener, attempts, reason }, now) {
      const said = { event: { S: event.id }, listener: { S: listener }, attempts: { N: String(attempts) }, reason: { S: reason } }
      const told = givenUp({ event: event.id, name: event.name, listener, reason }, now.getTime())
      // A conflict: it lies there already, from a time when nobody lived to delete its message.
      await transact(client, [
        { Put: { TableName: table, Item: { ...keyOf(event, listener), ...said }, ConditionExpression: 'attribute_not_exists(pk)' } },
        keepEvent(table, event.id),
        ...told.map((each) => tell(table, each, now)),
      ])
    },
    async list() {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :dead',
          ExpressionAttributeValues: { ':dead': { S: PARTITION } },
          Limit: MOST_LISTED,
        }),
      )
      return Promise.all(Items.map(letterOf))
    },
    async find(id, listener) {
      const event = await readEvent(client, table, id)
      if (!event) return undefined
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: keyOf(event, listener), ConsistentRead: true }))
      return Item && event
    },
    async remove(event, listener) {
      const gone = { Delete: { TableName: table, Key: keyOf(event, listener), ConditionExpression: 'attribute_exists(pk)' } }
      return (await transact(client, [gone])) === 'done' ? 'done' : 'absent'
    },
  }
}
