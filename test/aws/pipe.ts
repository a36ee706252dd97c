import { type _Record, DescribeStreamCommand, type DynamoDBStreamsClient, GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams'
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { atPath, filled } from './json-path.ts'
import { matches } from './pattern.ts'

/** `AWS::Pipes::Pipe`'s properties, of a pipe from a table's stream to a bus. */
export type PipeProperties = {
  Name: string
  /** The stream's ARN. */
  Source: string
  /** The bus's ARN. */
  Target: string
  SourceParameters: {
    DynamoDBStreamParameters: { StartingPosition: 'TRIM_HORIZON' | 'LATEST'; BatchSize?: number }
    FilterCriteria?: { Filters: readonly { Pattern: string }[] }
  }
  TargetParameters?: { EventBridgeEventBusParameters?: { Source?: string; DetailType?: string }; InputTemplate?: string }
}

type Seen = Record<string, unknown>

/** A record as a pipe sees it: as JSON, with seconds for a time. */
const seen = ({ dynamodb, ...record }: _Record, source: string): Seen => {
  const { ApproximateCreationDateTime: at, ...change } = dynamodb ?? {}
  const told = { ...record, eventSourceARN: source, dynamodb: { ...change, ...(at && { ApproximateCreationDateTime: at.getTime() / 1000 }) } }
  return JSON.parse(JSON.stringify(told)) as Seen
}

/** A parameter is text, or as a whole a path into the record. */
const parameter = (text: string, record: Seen): string => {
  if (!text.startsWith('$.')) return text
  const found = atPath(record, text)
  if (typeof found !== 'string') throw new Error(`A record has no ${text}.`)
  return found
}

const entryFor = ({ Name, Target, TargetParameters = {} }: PipeProperties, record: Seen): PutEventsRequestEntry => {
  const { EventBridgeEventBusParameters: { Source = `Pipe ${Name}`, DetailType = 'Event from aws:dynamodb' } = {}, InputTemplate } = TargetParameters
  const detail = InputTemplate === undefined ? JSON.stringify(record) : filled(InputTemplate, (path) => atPath(record, path))
  return { EventBusName: Target, Source: parameter(Source, record), DetailType: parameter(DetailType, record), Detail: detail }
}

export type Pipe = {
  /** Moves all that is in the stream to the bus; answers how many events it put. What fails stays, with its whole batch. */
  pump(): Promise<number>
}

/** A pipe with clients of its role's own: each batch in order, at least once. */
export const pipe = (properties: PipeProperties, { streams, bus }: { streams: DynamoDBStreamsClient; bus: EventBridgeClient }): Pipe => {
  const { Source: arn, SourceParameters } = properties
  const { DynamoDBStreamParameters: from } = SourceParameters
  // Read at each batch: a pipe that is deployed anew goes on where it was.
  const filtersNow = (): Seen[] => (properties.SourceParameters.FilterCriteria?.Filters ?? []).map(({ Pattern }): Seen => JSON.parse(Pattern))
  /** By shard, where the next batch begins. */
  const places = new Map<string, string>()

  const findShards = async (): Promise<void> => {
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn: arn }))
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      if (ShardId === undefined || places.has(ShardId)) continue
      const { ShardIterator } = await streams.send(new GetShardIteratorCommand({ StreamArn: arn, ShardId, ShardIteratorType: from.StartingPosition }))
      if (ShardIterator !== undefined) places.set(ShardId, ShardIterator)
    }
  }
  const put = async (records: readonly Seen[]): Promise<number> => {
    const filters = filtersNow()
    const wanted = records.filter((record) => filters.length === 0 || filters.some((filter) => matches(filter, record)))
    for (let start = 0; start < wanted.length; start += 10) {
      const entries = wanted.slice(start, start + 10).map((record) => entryFor(properties, record))
      const { FailedEntryCount, Entries } = await bus.send(new PutEventsCommand({ Entries: entries }))
      if (FailedEntryCount) throw new Error(`The bus refused ${FailedEntryCount} of ${entries.length} events: ${JSON.stringify(Entries)}`)
    }
    return wanted.length
  }
  const pumpShard = async (shard: string, place: string): Promise<number> => {
    let [moved, iterator] = [0, place]
    for (;;) {
      const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: from.BatchSize ?? 100 }))
      moved += await put(Records.map((record) => seen(record, arn)))
      if (NextShardIterator === undefined) places.delete(shard)
      else places.set(shard, NextShardIterator)
      if (Records.length === 0 || NextShardIterator === undefined) return moved
      iterator = NextShardIterator
    }
  }
  const pump = async (): Promise<number> => {
    if (places.size === 0) await findShards()
    const moved = await Promise.all([...places].map(([shard, place]) => pumpShard(shard, place)))
    return moved.reduce((sum, each) => sum + each, 0)
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    // One at a time: two would put everything twice.
    pump() {
      const next = last.then(pump)
      last = next.catch(() => {})
      return next
    },
  }
}
