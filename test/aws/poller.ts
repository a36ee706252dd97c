import { DeleteMessageCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { REGION } from './endpoint.ts'
import { queueArn } from './sqs.ts'

/** `AWS::Lambda::EventSourceMapping`'s properties, of one for a queue. */
export type MappingProperties = { BatchSize?: number; FunctionResponseTypes?: readonly string[] }

type Options = {
  properties: MappingProperties
  /** Signs as the function's role: Lambda reads a queue on its leave. */
  client: SQSClient
  queueUrl: string
  // A handler may answer nothing.
  invoke(event: SQSEvent): Promise<SQSBatchResponse | undefined>
}

const recordOf = (message: Message, queue: string): SQSRecord => {
  const attributes = message.Attributes ?? {}
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: {
      ApproximateReceiveCount: attributes.ApproximateReceiveCount ?? '',
      SentTimestamp: attributes.SentTimestamp ?? '',
      SenderId: attributes.SenderId ?? '',
      ApproximateFirstReceiveTimestamp: attributes.ApproximateFirstReceiveTimestamp ?? '',
    },
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn(queue),
    awsRegion: REGION,
  }
}

export type Invocation = { records: number; over: Promise<void> }

/**
 * Lambda's poller of one queue: takes a batch, calls the function, and deletes what it has not reported as failed. When it throws,
 * or times out, everything comes back after the queue's visibility time-out.
 */
export const poller = ({ properties, client, queueUrl, invoke }: Options): (() => Promise<Invocation | undefined>) => {
  const { BatchSize = 10, FunctionResponseTypes = [] } = properties
  const run = async (messages: readonly Message[]): Promise<void> => {
    const name = queueUrl.split('/').at(-1) ?? ''
    const answered = await invoke({ Records: messages.map((message) => recordOf(message, name)) }).catch(() => 'thrown' as const)
    if (answered === 'thrown') return
    const failed = FunctionResponseTypes.includes('ReportBatchItemFailures') ? (answered?.batchItemFailures ?? []) : []
    const isFailed = new Set(failed.map(({ itemIdentifier }) => itemIdentifier))
    const done = messages.filter(({ MessageId = '' }) => !isFailed.has(MessageId))
    await Promise.all(done.map(({ ReceiptHandle }) => client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }))))
  }
  return async () => {
    const asked = { QueueUrl: queueUrl, MaxNumberOfMessages: BatchSize, MessageSystemAttributeNames: ['All' as const] }
    const { Messages = [] } = await client.send(new ReceiveMessageCommand(asked))
    return Messages.length === 0 ? undefined : { records: Messages.length, over: run(Messages) }
  }
}
