import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import type { Events, Remembered } from '#ports/events.ts'
import type { DeadLetters } from './dead-letters.ts'
import { eventIn, retell } from './event-items.ts'
import { EVENT_PARTITION } from './routes.ts'
import { transact } from './transaction.ts'

type Kept = { client: DynamoDBClient; table: string; letters: Pick<DeadLetters, 'of' | 'explain'> }

/** What the table keeps of events: those told within a month, and those that dead letters tell of. */
export const remembering = ({ client, table, letters }: Kept): Pick<Events, 'remembered' | 'rewrite'> => {
  const rememberedIn = async (item: Record<string, AttributeValue>): Promise<Remembered> => {
    const event = eventIn(item)
    // What may be forgotten has no dead letter.
    return { event, failures: item['ttl'] ? [] : await letters.of(event) }
  }
  return {
    async remembered(page) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: table,
          ConsistentRead: true,
          FilterExpression: 'begins_with(pk, :events)',
          ExpressionAttributeValues: { ':events': { S: EVENT_PARTITION } },
          ...(page !== undefined && { ExclusiveStartKey: JSON.parse(page) }),
        }),
      )
      const items: Remembered[] = []
      for (const item of Items) items.push(await rememberedIn(item))
      return LastEvaluatedKey ? { items, next: JSON.stringify(LastEvaluatedKey) } : { items }
    },
    async rewrite({ event, failures }) {
      // A conflict: it has been forgotten meanwhile.
      await transact(client, [retell(table, event)])
      for (const failure of failures) await letters.explain(event, failure)
    },
  }
}
