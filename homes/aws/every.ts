import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import type { Item, Tables } from '#ports/tables.ts'

type Stored = Record<string, AttributeValue>

/** What this home keeps for itself in the same table: events, dead letters, its directory of people, marks of alerts, leases of timers, jobs of its transcoder, tasks it began. */
const OF_THE_HOME = /^(event#|dead$|dead#|person#|person-with#|people-words$|people-who#|people-owners$|alert#|lease#|transcode#|task#)/

/** `read`: an item of the school as the tables of this home write it. */
type Options = { client: DynamoDBClient; table: string; read(stored: Stored): Item }

/** Each item the school has written, in DynamoDB's order, a page at a time; a page may have none and still be followed by others. */
export const everyItem =
  ({ client, table, read }: Options): Tables['every'] =>
  async (page) => {
    const from = page === undefined ? {} : { ExclusiveStartKey: JSON.parse(page) }
    const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true, ...from }))
    const items = Items.filter(({ pk }) => !OF_THE_HOME.test(pk?.S ?? '')).map(read)
    return LastEvaluatedKey ? { items, next: JSON.stringify(LastEvaluatedKey) } : { items }
  }
