import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import * as z from 'zod'
import { takeArrival } from '#core/media/arrivals.ts'
import { tellNews } from '#core/media/transcode.ts'
import { CONTENT_SOURCE, parsedNews } from '#core/series/bus.ts'
import { tellBusNews, tellTaskEnd } from '#core/series/news.ts'
import type { World } from '#ports/world.ts'
import { backoffMs } from '../retries.ts'
import type { AwsIdentity } from './identity.ts'
import { taskEndOf } from './task-ends.ts'
import type { AwsTranscoder } from './transcoder.ts'

/** EventBridge's envelope around what AWS tells; messages for listeners have another shape. */
const Envelope = z.object({ source: z.string(), 'detail-type': z.string(), time: z.string(), detail: z.unknown() })

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a message is AWS's own news, and not for a listener. */
export const isNews = ({ body }: SQSRecord): boolean => Envelope.safeParse(jsonIn(body)).success

const Arrived = z.object({ object: z.object({ key: z.string() }) })

/** EventBridge tells a key as it is, and not encoded. */
const keyIn = (detail: unknown): string => Arrived.parse(detail).object.key

type Given = {
  world: World
  transcoder: Pick<AwsTranscoder, 'newsOf'>
  identity: Pick<AwsIdentity, 'hear'>
  sqs: SQSClient
  /** What every queue's address begins with. */
  queuesUrl: string
  random?: () => number
}

const take = async ({ world, transcoder, identity }: Given, body: string): Promise<void> => {
  const envelope: unknown = JSON.parse(body)
  const { source, 'detail-type': type, detail, time } = Envelope.parse(envelope)
  switch (source) {
    case 'aws.mediaconvert': {
      const news = await transcoder.newsOf(envelope)
      if (news) await tellNews(world, news)
      return
    }
    case 'lectern.sign-up':
      return identity.hear(detail, time)
    case CONTENT_SOURCE:
      // What begins with it the bus's own rules begin.
      return tellBusNews(world, parsedNews({ type, detail }))
    case 'aws.ecs': {
      const end = taskEndOf(envelope)
      if (end) await tellTaskEnd(world, end)
      return
    }
    case 'aws.s3':
      return takeArrival(world, keyIn(detail))
    default:
      throw new Error(`Nobody here hears news of ${source}.`)
  }
}

/** A queue's address by its ARN: the last word is its name in both. */
const queueUrl = (queuesUrl: string, { eventSourceARN }: SQSRecord): string =>
  queuesUrl.slice(0, queuesUrl.lastIndexOf('/') + 1) + (eventSourceARN.split(':').at(-1) ?? '')

/** Lets it be told again soon at first; what never goes well ends among the queue's dead letters, where an alarm tells of it. */
const rest = async ({ sqs, queuesUrl, random = Math.random }: Given, record: SQSRecord): Promise<void> => {
  const seconds = Math.ceil(backoffMs(Number(record.attributes.ApproximateReceiveCount), random) / 1000)
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl(queuesUrl, record), ReceiptHandle: record.receiptHandle, VisibilityTimeout: seconds }))
}

/** Takes what AWS tells of jobs, uploads, sign-ups and containers, and what programs tell the content bus; the answer names what is to be told again. */
export const hearNews =
  (given: Given) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const { log } = given.world
    const outcomes = await Promise.all(
      Records.map(async (record) => {
        const { messageId } = record
        try {
          await take(given, record.body)
          return []
        } catch (error) {
          log.error('news not taken', error, { message: messageId })
          await rest(given, record).catch((failed: unknown) => log.error('message not put off', failed, { message: messageId }))
          return [{ itemIdentifier: messageId }]
        }
      }),
    )
    return { batchItemFailures: outcomes.flat() }
  }
