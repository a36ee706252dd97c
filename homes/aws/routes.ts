import { MOST_ATTEMPTS } from '../retries.ts'

/** The table's one global secondary index: partition `ipk`, sort `isk`, everything projected. */
export const INDEX = 'index'

/** Keys of the items that are events: `event#<id>`, `event`. */
export const EVENT_PARTITION = 'event#'
export const EVENT_SORT = 'event'

/** How an event gets from the table to a listener, in CloudFormation's words: what the infrastructure is made of. */

/** `SourceParameters` and `TargetParameters` of the pipe from the table's stream to the bus. */
export const PIPE = {
  SourceParameters: {
    DynamoDBStreamParameters: { StartingPosition: 'TRIM_HORIZON', BatchSize: 10 },
    FilterCriteria: {
      Filters: [
        { Pattern: JSON.stringify({ eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: EVENT_PARTITION }] }, sk: { S: [EVENT_SORT] } } } }) },
      ],
    },
  },
  TargetParameters: {
    EventBridgeEventBusParameters: { Source: 'lectern', DetailType: '$.dynamodb.NewImage.name.S' },
    InputTemplate: '{"id": <$.dynamodb.NewImage.id.S>}',
  },
} as const

/** `media` of `media.probe`: listeners of one feature share a queue. */
export const featureOf = (listener: string): string => listener.split('.', 1)[0] ?? listener

type Heard = { name: string; hears: readonly string[] }

/** `EventPattern` and the one target's `InputTransformer` of a listener's rule. */
export const ruleOf = ({ name, hears }: Heard) => ({
  EventPattern: { source: ['lectern'], 'detail-type': [...hears] },
  InputTransformer: { InputPathsMap: { event: '$.detail.id' }, InputTemplate: `{"listener": ${JSON.stringify(name)}, "event": <event>}` },
})

/**
 * Properties of each feature's queue. A message lives longer than the days in which it is tried; its dead letter queue holds only
 * what our own code never gave up: what crashed or timed out again and again. It is heard a second late: an index follows its table
 * within less, usually, so that whoever is told of a write finds it in a listing.
 */
export const QUEUE = { MessageRetentionPeriod: 14 * 24 * 3600, DelaySeconds: 1, maxReceiveCount: MOST_ATTEMPTS + 20 } as const

/** Of each feature's event source mapping. One function hears a batch side by side: a listener waits for a service most of its time. */
export const MAPPING = { BatchSize: 5, FunctionResponseTypes: ['ReportBatchItemFailures'] } as const
