import { createHash, randomUUID } from 'node:crypto'
import { ACCOUNT, type Answer, type Call, REGION, type Service } from './endpoint.ts'

/** `AWS::SQS::Queue`'s properties, of those that are played here. Seconds. */
export type QueueProperties = {
  QueueName: string
  VisibilityTimeout?: number
  MessageRetentionPeriod?: number
  DelaySeconds?: number
  RedrivePolicy?: { deadLetterTargetArn: string; maxReceiveCount: number }
}

type Message = { id: string; body: string; sentAt: number; visibleAt: number; receives: number; receivedAt: number; handle: string | undefined }
type Queue = { properties: QueueProperties; messages: Message[] }

const DEFAULTS = { visibilitySeconds: 30, retentionSeconds: 4 * 24 * 3600 }
const LONGEST_VISIBILITY_SECONDS = 12 * 3600
const MOST_BODY_BYTES = 1024 * 1024

export const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`
const nameIn = (arnOrUrl: string): string => arnOrUrl.split(/[:/]/).at(-1) ?? ''

class SqsFault extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

type Input = {
  QueueUrl?: string
  MessageBody?: string
  DelaySeconds?: number
  Entries?: { Id: string; MessageBody: string; DelaySeconds?: number }[]
  MaxNumberOfMessages?: number
  VisibilityTimeout?: number
  ReceiptHandle?: string
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

export type Sqs = Service & {
  /** What a service of AWS does that sends to a queue by its ARN. */
  deliver(arn: string, body: string): void
  make(properties: QueueProperties): void
  /** Bodies that lie in a queue, seen or not. */
  bodies(name: string): string[]
  /** Whether somebody who asked now would be given a message. */
  hasVisible(name: string): boolean
}

type Store = { queues: Map<string, Queue>; now(): Date }

const queueOf = ({ queues, now }: Store, arnOrUrl: string): Queue => {
  const queue = queues.get(nameIn(arnOrUrl))
  if (!queue) throw new SqsFault('QueueDoesNotExist', `The specified queue does not exist: ${nameIn(arnOrUrl)}`)
  const retentionMs = (queue.properties.MessageRetentionPeriod ?? DEFAULTS.retentionSeconds) * 1000
  queue.messages = queue.messages.filter(({ sentAt }) => now().getTime() - sentAt < retentionMs)
  return queue
}

const put = (queue: Queue, body: string, at: number, delaySeconds?: number): Message => {
  if (body === '' || Buffer.byteLength(body) > MOST_BODY_BYTES) throw new SqsFault('InvalidParameterValue', 'A message has from 1 byte to 1 MiB.')
  const delay = (delaySeconds ?? queue.properties.DelaySeconds ?? 0) * 1000
  const message = { id: randomUUID(), body, sentAt: at, visibleAt: at + delay, receives: 0, receivedAt: 0, handle: undefined }
  queue.messages.push(message)
  return message
}

/** What was received too often goes to the dead letter queue, as its age goes with it, instead of being received again. */
const redriven = (store: Store, queue: Queue): void => {
  const { RedrivePolicy: policy } = queue.properties
  if (!policy) return
  const now = store.now().getTime()
  const over = queue.messages.filter(({ visibleAt, receives }) => visibleAt <= now && receives >= policy.maxReceiveCount)
  if (over.length === 0) return
  const dead = queueOf(store, policy.deadLetterTargetArn)
  queue.messages = queue.messages.filter((message) => !over.includes(message))
  dead.messages.push(...over.map((message) => ({ ...message, receives: 0, handle: undefined })))
}

const receive = (store: Store, queue: Queue, { MaxNumberOfMessages: most = 1, VisibilityTimeout }: Input): object => {
  if (most < 1 || most > 10) throw new SqsFault('InvalidParameterValue', 'MaxNumberOfMessages must be between 1 and 10.')
  redriven(store, queue)
  const now = store.now().getTime()
  const seconds = VisibilityTimeout ?? queue.properties.VisibilityTimeout ?? DEFAULTS.visibilitySeconds
  const seen = queue.messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, most)
  for (const message of seen) {
    Object.assign(message, { receives: message.receives + 1, receivedAt: now, visibleAt: now + seconds * 1000, handle: randomUUID() })
  }
  const told = seen.map(({ id, body, handle, sentAt, receives }) => ({
    MessageId: id,
    ReceiptHandle: handle,
    Body: body,
    MD5OfBody: md5(body),
    Attributes: { SentTimestamp: String(sentAt), ApproximateReceiveCount: String(receives), SenderId: ACCOUNT },
  }))
  return told.length > 0 ? { Messages: told } : {}
}

/** A handle is good until the message is received again. */
const held = (queue: Queue, handle: string | undefined): Message | undefined => queue.messages.find((message) => message.handle === handle)

const changeVisibility = (store: Store, queue: Queue, { ReceiptHandle, VisibilityTimeout: seconds = -1 }: Input): object => {
  const [message, now] = [held(queue, ReceiptHandle), store.now().getTime()]
  if (!message) throw new SqsFault('InvalidParameterValue', 'The message does not exist or is not available for visibility timeout change.')
  if (message.visibleAt <= now) throw new SqsFault('MessageNotInflight', 'The message referred to is not in flight.')
  const total = (now - message.receivedAt) / 1000 + seconds
  if (!Number.isInteger(seconds) || seconds < 0 || total > LONGEST_VISIBILITY_SECONDS)
    throw new SqsFault('InvalidParameterValue', 'VisibilityTimeout is a whole number of seconds, and at most 12 hours from when it was received.')
  message.visibleAt = now + seconds * 1000
  return {}
}

const attributesOf = ({ now }: Store, { properties, messages }: Queue): object => {
  const [at, { RedrivePolicy: policy, VisibilityTimeout: visibility = DEFAULTS.visibilitySeconds }] = [now().getTime(), properties]
  const waiting = messages.filter(({ visibleAt, handle }) => visibleAt > at && handle === undefined).length
  const inFlight = messages.filter(({ visibleAt, handle }) => visibleAt > at && handle !== undefined).length
  return {
    Attributes: {
      QueueArn: queueArn(properties.QueueName),
      ApproximateNumberOfMessages: String(messages.length - inFlight - waiting),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(waiting),
      VisibilityTimeout: String(visibility),
      ...(policy && { RedrivePolicy: JSON.stringify(policy) }),
    },
  }
}

const OPERATIONS: Record<string, (store: Store, queue: Queue, input: Input) => object> = {
  SendMessage: ({ now }, queue, { MessageBody = '', DelaySeconds }) => {
    const { id, body } = put(queue, MessageBody, now().getTime(), DelaySeconds)
    return { MessageId: id, MD5OfMessageBody: md5(body) }
  },
  SendMessageBatch: ({ now }, queue, { Entries = [] }) => {
    if (Entries.length < 1 || Entries.length > 10) throw new SqsFault('TooManyEntriesInBatchRequest', 'A batch has from 1 to 10 entries.')
    const sent = Entries.map(({ Id, MessageBody, DelaySeconds }) => ({ Id, ...put(queue, MessageBody, now().getTime(), DelaySeconds) }))
    return { Successful: sent.map(({ Id, id, body }) => ({ Id, MessageId: id, MD5OfMessageBody: md5(body) })), Failed: [] }
  },
  ReceiveMessage: receive,
  DeleteMessage: (_, queue, { ReceiptHandle }) => {
    // With a handle from before, SQS answers well and keeps the message.
    const message = held(queue, ReceiptHandle)
    queue.messages = queue.messages.filter((each) => each !== message)
    return {}
  },
  ChangeMessageVisibility: changeVisibility,
  GetQueueAttributes: attributesOf,
}

/** What the query protocol called it; clients of the JSON protocol are told both names. */
const QUERY_CODES: Record<string, string> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
}

const json = (status: number, body: object, headers = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', ...headers },
  body: JSON.stringify(body),
})

const operationIn = ({ headers }: Call): string => String(headers['x-amz-target']).split('.')[1] ?? ''
// What the SDK sends for these operations.
const inputOf = ({ body }: Call): Input => JSON.parse(body.toString() || '{}') as Input

/** SQS's standard queues: at least once, in no promised order, on a clock of ours. */
export const sqs = ({ queues = [], now }: { queues?: readonly QueueProperties[]; now(): Date }): Sqs => {
  const store: Store = { queues: new Map(queues.map((properties) => [properties.QueueName, { properties, messages: [] }])), now }
  return {
    name: 'sqs',
    make: (properties) => void store.queues.set(properties.QueueName, { properties, messages: [] }),
    deliver: (arn, body) => void put(queueOf(store, arn), body, now().getTime()),
    bodies: (name) => queueOf(store, name).messages.map(({ body }) => body),
    hasVisible: (name) => queueOf(store, name).messages.some(({ visibleAt }) => visibleAt <= now().getTime()),
    asks: (call) => [{ action: `sqs:${operationIn(call).replace(/Batch$/, '')}`, resource: queueArn(nameIn(inputOf(call).QueueUrl ?? '')) }],
    async answer(call) {
      const [operation, input] = [OPERATIONS[operationIn(call)], inputOf(call)]
      try {
        if (!operation) throw new SqsFault('InvalidAction', `There is no ${operationIn(call)} here.`)
        return json(200, operation(store, queueOf(store, input.QueueUrl ?? ''), input))
      } catch (error) {
        if (!(error instanceof SqsFault)) throw error
        const { code, message } = error
        return json(400, { __type: `com.amazonaws.sqs#${code}`, message }, { 'x-amzn-query-error': `${QUERY_CODES[code] ?? code};Sender` })
      }
    },
  }
}
