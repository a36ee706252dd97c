import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import * as z from 'zod/mini'
import { reasonOf } from '#core/without-addresses.ts'
import type { Clock } from '#ports/clock.ts'
import type { Events, Listener } from '#ports/events.ts'
import type { Log } from '#ports/log.ts'
import type { Event } from '#ports/tables.ts'
import { during } from '../during.ts'
import { AT_ONCE, backoffMs, MOST_ATTEMPTS } from '../retries.ts'
import { deadLetters } from './dead-letters.ts'
import { readEvent } from './event-items.ts'
import { remembering } from './remembered.ts'
import { featureOf } from './routes.ts'

type Queues = {
  client: DynamoDBClient
  table: string
  sqs: SQSClient
  /** What every queue's address begins with; the feature's name follows. */
  queuesUrl: string
}

/**
 * The outbox is the table itself: its stream brings what was told to the bus, rules to the queues, and the queues to whoever
 * hears. Here is what an operator sees of it. Nothing is to start or stop: the services do that.
 */
export const events = ({ client, table, sqs, queuesUrl }: Queues): Events => {
  const letters = deadLetters({ client, table })
  return {
    ...remembering({ client, table, letters }),
    listen: () => {},
    start: () => {},
    drain: async () => 0,
    stop: async () => {},
    deadLetters: () => letters.list(),
    async replay(id, listener) {
      const event = await letters.find(id, listener)
      if (!event) return 'absent'
      const body = JSON.stringify({ listener, event: id } satisfies z.infer<typeof Message>)
      // First the message: after a crash between the two it is heard twice, and not never.
      await sqs.send(new SendMessageCommand({ QueueUrl: queuesUrl + featureOf(listener), MessageBody: body }))
      return letters.remove(event, listener)
    },
    async discard(id, listener) {
      const event = await letters.find(id, listener)
      return event ? letters.remove(event, listener) : 'absent'
    },
  }
}

/** What a rule sends to a queue. */
const Message = z.object({ listener: z.string(), event: z.string() })

type Hearing = Queues & { listeners: readonly Listener[]; clock: Clock; log: Log; random?: () => number }
type Delivery = { record: SQSRecord; listener: string; event: Event }

/** SQS lets nobody rest longer. */
const LONGEST_REST_SECONDS = 12 * 3600

/** Lets a message rest before it is heard again. */
const rest = async ({ sqs, queuesUrl, random = Math.random }: Hearing, { record, listener }: Delivery, attempts: number): Promise<void> => {
  const seconds = Math.min(LONGEST_REST_SECONDS, Math.ceil(backoffMs(attempts, random) / 1000))
  const asked = { QueueUrl: queuesUrl + featureOf(listener), ReceiptHandle: record.receiptHandle, VisibilityTimeout: seconds }
  await sqs.send(new ChangeMessageVisibilityCommand(asked))
}

/** Answers whether the message is done with: heard, or given up. */
const deliver = async (hearing: Hearing, delivery: Delivery): Promise<boolean> => {
  const { record, event, listener: name } = delivery
  try {
    const listener = hearing.listeners.find((each) => each.name === name)
    if (!listener) throw new Error(`No listener is called ${name}.`)
    await listener.hear(event)
    return true
  } catch (error) {
    const attempts = Number(record.attributes.ApproximateReceiveCount)
    const isDead = attempts >= MOST_ATTEMPTS
    hearing.log.error(isDead ? 'delivery given up' : 'delivery failed', error, { event: event.id, name: event.name, listener: name, attempts })
    if (isDead) await deadLetters(hearing).shelve({ event, listener: name, attempts, reason: reasonOf(error) }, hearing.clock.now())
    else await rest(hearing, delivery, attempts)
    return isDead
  }
}

const take = async (hearing: Hearing, record: SQSRecord): Promise<boolean> => {
  try {
    const { listener, event: id } = Message.parse(JSON.parse(record.body))
    const event = await readEvent(hearing.client, hearing.table, id)
    if (!event) throw new Error(`There is no event ${id}.`)
    return await during(event.request ?? id, () => deliver(hearing, { record, listener, event }))
  } catch (error) {
    // Not the listener's fault: the message comes back by itself, and what never goes well ends in the dead letter queue.
    hearing.log.error('message not delivered', error, { message: record.messageId })
    return false
  }
}

const listenerIn = ({ body }: SQSRecord): string => {
  try {
    return Message.parse(JSON.parse(body)).listener
  } catch {
    // Refused and told of when its turn comes.
    return ''
  }
}

/** One listener's records, a few at the same time. */
const inTurn = async (records: SQSRecord[], atOnce: number, work: (record: SQSRecord) => Promise<void>): Promise<void> => {
  const waiting = records.values()
  const worker = async (): Promise<void> => {
    for (const record of waiting) await work(record)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, records.length) }, worker))
}

/** What Lambda calls with messages of a feature's queue; the answer names those that are to come again. */
export const hear =
  (hearing: Hearing) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const failed: string[] = []
    const work = async (record: SQSRecord): Promise<void> => {
      if (!(await take(hearing, record))) failed.push(record.messageId)
    }
    const byListener = Map.groupBy(Records, listenerIn)
    const atOnceOf = (name: string): number => hearing.listeners.find((each) => each.name === name)?.atOnce ?? AT_ONCE
    await Promise.all([...byListener].map(([name, records]) => inTurn(records, atOnceOf(name), work)))
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
  }
