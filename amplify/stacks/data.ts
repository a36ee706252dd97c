import { CfnOutput, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnPipe } from 'aws-cdk-lib/aws-pipes'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { INDEX, PIPE } from '../../homes/aws/routes.ts'
import { acknowledge } from '../lib/nag.ts'
import type { Names } from '../lib/names.ts'
import { may, maySend } from '../lib/policies.ts'
import { deadLetterQueue } from '../lib/queues.ts'

const ARCHIVED = Duration.days(30)
/** As long as a stream keeps its records. */
const PIPE_AGE = Duration.hours(23)

const tableOf = (stack: Stack): Table => {
  const table = new Table(stack, 'table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'ttl',
    stream: StreamViewType.NEW_IMAGE,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  })
  table.addGlobalSecondaryIndex({
    indexName: INDEX,
    partitionKey: { name: 'ipk', type: AttributeType.STRING },
    sortKey: { name: 'isk', type: AttributeType.STRING },
    projectionType: ProjectionType.ALL,
  })
  return table
}

const busOf = (stack: Stack, names: Names): EventBus => {
  const bus = new EventBus(stack, 'bus', { eventBusName: names.bus, description: 'What has happened in the school.' })
  bus.archive('archive', {
    archiveName: names.bus,
    eventPattern: { source: ['lectern'] },
    retention: ARCHIVED,
    description: 'To be told again if a listener is found to have been wrong.',
  })
  return bus
}

type Piping = { streamArn: string; busArn: string; dead: Queue }

const pipeRole = (stack: Stack, { streamArn, busArn, dead }: Piping): Role =>
  new Role(stack, 'pipe-role', {
    assumedBy: new ServicePrincipal('pipes.amazonaws.com'),
    inlinePolicies: {
      pipe: new PolicyDocument({
        statements: [
          may(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'], [streamArn]),
          may(['events:PutEvents'], [busArn]),
          maySend([dead.queueArn]),
        ],
      }),
    },
  })

const { DynamoDBStreamParameters, FilterCriteria } = PIPE.SourceParameters
const { EventBridgeEventBusParameters: bus, InputTemplate } = PIPE.TargetParameters

/** New events of the table go to the bus: only that one happened and its id, and who hears of it reads the rest. */
const pipeOf = (stack: Stack, names: Names, piping: Piping): CfnPipe =>
  new CfnPipe(stack, 'pipe', {
    name: names.prefix,
    roleArn: pipeRole(stack, piping).roleArn,
    source: piping.streamArn,
    target: piping.busArn,
    sourceParameters: {
      filterCriteria: { filters: FilterCriteria.Filters.map(({ Pattern: pattern }) => ({ pattern })) },
      dynamoDbStreamParameters: {
        // An event committed before the pipe was there is told of too.
        startingPosition: DynamoDBStreamParameters.StartingPosition,
        batchSize: DynamoDBStreamParameters.BatchSize,
        maximumRecordAgeInSeconds: PIPE_AGE.toSeconds(),
        maximumRetryAttempts: -1,
        onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
        deadLetterConfig: { arn: piping.dead.queueArn },
      },
    },
    targetParameters: {
      eventBridgeEventBusParameters: { source: bus.Source, detailType: bus.DetailType },
      inputTemplate: InputTemplate,
    },
  })

/** The table, and how what is committed into it becomes known. */
export const dataStack = (stack: Stack, { names }: { names: Names }) => {
  const table = tableOf(stack)
  new CfnOutput(stack, 'TableName', { value: table.tableName })
  const bus = busOf(stack, names)
  const dead = deadLetterQueue(stack, names, 'pipe')
  const streamArn = table.tableStreamArn
  if (streamArn === undefined) throw new Error('The table has no stream.')
  pipeOf(stack, names, { streamArn, busArn: bus.eventBusArn, dead })
  acknowledge(bus, 'Every rule on it has a dead letter queue at its target.', 'Serverless-EventBusDLQ')
  return { table, bus, dead }
}
export type Data = ReturnType<typeof dataStack>
