import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ACCOUNT, type Answer, type Ask, type Call, REGION, type Service } from './endpoint.ts'

/** The emulator is one program, installed with what a deployment needs. */
const PROGRAM = join(import.meta.dirname, '..', '..', 'amplify', 'node_modules', '@dynoxide', `${process.platform}-${process.arch}`, 'dynoxide')

const isThere = (): boolean => {
  try {
    accessSync(PROGRAM)
    return true
  } catch {
    return false
  }
}

/** Why there is no DynamoDB here, for a test's `skip`; undefined where there is. */
export const noDynamodb = isThere() ? undefined : `no DynamoDB emulator for ${process.platform}-${process.arch}: npm ci --prefix amplify`

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  // A TCP server that listens has an address with a port.
  return (address as { port: number }).port
}

type ItemKey = Record<string, unknown>
type Written = { TableName?: string; Key?: ItemKey; Item?: ItemKey }

type Input = {
  TableName?: string
  IndexName?: string
  StreamArn?: string
  ShardIterator?: string
  TransactItems?: Record<string, Written>[]
  Key?: ItemKey
  Item?: ItemKey
  RequestItems?: Record<string, unknown>
}

const tableArn = (name: string | undefined): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`

/** IAM has an action of its own for each part of a transaction, and none for the whole. */
const TRANSACTED: Record<string, string> = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'ConditionCheckItem', Get: 'GetItem' }

const asksOf = ({ headers, body }: Call, streamOf: (iterator: string) => string): Ask[] => {
  const [protocol, operation = ''] = String(headers['x-amz-target']).split('.')
  // What the SDK sends for these operations.
  const input = JSON.parse(body.toString() || '{}') as Input
  if (protocol?.startsWith('DynamoDBStreams')) {
    const stream = input.StreamArn ?? (input.ShardIterator === undefined ? '*' : streamOf(input.ShardIterator))
    return [{ action: `dynamodb:${operation}`, resource: stream.replace(/^arn:aws:dynamodb:[^:]*:[^:]*:/, `arn:aws:dynamodb:${REGION}:${ACCOUNT}:`) }]
  }
  if (input.TransactItems) {
    const parts = input.TransactItems.flatMap((part) => Object.entries(part))
    const asks = parts.map(([kind, { TableName }]) => ({ action: `dynamodb:${TRANSACTED[kind]}`, resource: tableArn(TableName) }))
    return [...new Map(asks.map((ask) => [`${ask.action} ${ask.resource}`, ask])).values()]
  }
  const tables = input.RequestItems ? Object.keys(input.RequestItems) : [input.TableName]
  const within = input.IndexName === undefined ? '' : `/index/${input.IndexName}`
  return tables.map((table) => ({ action: `dynamodb:${operation}`, resource: `${tableArn(table)}${within}` }))
}

const isUp = (url: string): Promise<boolean> =>
  fetch(url, { method: 'POST', signal: AbortSignal.timeout(1000) }).then(
    () => true,
    () => false,
  )

const MOST_STARTS = 200

const started = async (url: string, hasEnded: () => boolean): Promise<void> => {
  for (let looks = 0; looks < MOST_STARTS; looks += 1) {
    if (hasEnded()) throw new Error('The DynamoDB emulator ended at once.')
    if (await isUp(url)) return
    await pause(10)
  }
  throw new Error('The DynamoDB emulator does not answer.')
}

const idOf = ({ pk, sk }: ItemKey): string => JSON.stringify([pk, sk])

/** An index that lags: what was written a moment ago is not in its listings yet. */
const lagging = (lagMs: number, now: () => Date) => {
  const written = new Map<string, number>()
  return {
    write({ TransactItems = [], Key, Item }: Input) {
      const parts = [...TransactItems.flatMap((part) => [part['Put']?.Item, part['Update']?.Key, part['Delete']?.Key]), Key, Item]
      for (const part of parts) if (part) written.set(idOf(part), now().getTime())
    },
    listing(text: string): string {
      // What DynamoDB answers to a query.
      const output = JSON.parse(text) as { Items?: ItemKey[] }
      const Items = output.Items?.filter((item) => now().getTime() - (written.get(idOf(item)) ?? Number.NEGATIVE_INFINITY) >= lagMs)
      return JSON.stringify({ ...output, Items, Count: Items?.length })
    },
  }
}

export type Dynamodb = Service & { close(): Promise<void> }

type Options = { now(): Date /** How long after a write an index does not list the item; nothing where it is left out. */; indexLagMs?: number }

const WRITES = new Set(['TransactWriteItems', 'PutItem', 'UpdateItem', 'DeleteItem'])

/** DynamoDB and its streams, in memory: a program of its own behind the endpoint that checks signatures and leave. */
export const dynamodb = async ({ now, indexLagMs = 0 }: Options): Promise<Dynamodb> => {
  const index = lagging(indexLagMs, now)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const child = spawn(PROGRAM, ['serve', '--port', String(port)], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await started(url, () => child.exitCode !== null)
  /** By iterator, the stream it reads: a call that uses it names none. */
  const streams = new Map<string, string>()
  const streamOf = (iterator: string): string => streams.get(iterator) ?? '*'

  /** What an answer becomes on its way to whoever asked. */
  const passed = (call: Call, text: string): string => {
    const operation = String(call.headers['x-amz-target']).split('.')[1] ?? ''
    // What the SDK sends for these operations.
    const input = JSON.parse(call.body.toString()) as Input
    if (WRITES.has(operation)) index.write(input)
    if (operation === 'Query' && input.IndexName !== undefined && indexLagMs > 0) return index.listing(text)
    if (operation !== 'GetShardIterator' && operation !== 'GetRecords') return text
    const output = JSON.parse(text) as { ShardIterator?: string; NextShardIterator?: string }
    const next = output.ShardIterator ?? output.NextShardIterator
    if (next !== undefined) streams.set(next, input.StreamArn ?? streamOf(input.ShardIterator ?? ''))
    return text
  }

  return {
    name: 'dynamodb',
    asks: (call) => asksOf(call, streamOf),
    async answer(call): Promise<Answer> {
      const sent = ['x-amz-target', 'content-type', 'authorization', 'x-amz-date'] as const
      const headers = Object.fromEntries(sent.map((name) => [name, String(call.headers[name])]))
      const answered = await fetch(url, { method: 'POST', headers, body: call.body.toString() })
      const text = await answered.text()
      const headersBack = { 'content-type': answered.headers.get('content-type') ?? 'application/x-amz-json-1.0' }
      return { status: answered.status, headers: headersBack, body: answered.ok ? passed(call, text) : text }
    },
    async close() {
      child.kill()
      await ended
    },
  }
}
