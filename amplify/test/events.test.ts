import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { hearings, timers } from '../../core/platform.ts'
import { refreshPeople } from '../../homes/aws/timers.ts'
import { inWords, type Resource, resourcesOf, type Templates, templatesOf } from './school.fixture.ts'

type Target = { Arn: unknown; DeadLetterConfig?: { Arn: unknown }; InputTransformer?: { InputPathsMap: Record<string, string>; InputTemplate: string } }
type Rule = { Name: string; EventBusName?: unknown; EventPattern: Record<string, unknown>; Targets: Target[] }
type Queue = { QueueName: string; RedrivePolicy?: { deadLetterTargetArn: unknown; maxReceiveCount: number }; VisibilityTimeout: number; DelaySeconds?: number }

describe('what happens in the school', () => {
  let templates: Templates = {}
  before(() => {
    templates = templatesOf({ stage: 'production' })
  })
  const of = <T>(type: string): (T & { stack: string; id: string })[] =>
    // Each type names the properties of its resource that are looked at.
    resourcesOf(templates, type).map(({ Properties, stack, id }) => ({ ...(Properties as T), stack, id }))
  const rules = (): (Rule & { stack: string; id: string })[] => of<Rule>('AWS::Events::Rule')
  const queueNamed = (arn: unknown): string | undefined => {
    const reference = inWords(arn)
    const found = of<Queue>('AWS::SQS::Queue').find(({ id }) => reference.includes(`<${id}.Arn>`))
    return found?.QueueName ?? /:(lectern-[\w-]+)$/.exec(reference)?.[1]
  }

  it('is told to every listener, in a queue of its feature', () => {
    for (const { name, hears } of hearings) {
      const rule = rules().find(({ Name }) => Name === name)
      assert.ok(rule, `nobody tells ${name}`)
      assert.deepEqual(rule.EventPattern, { source: ['lectern'], 'detail-type': [hears] }, name)
      assert.equal(queueNamed(rule.Targets[0]?.Arn), `lectern-production-${name.split('.')[0]}`, name)
      const { InputPathsMap, InputTemplate } = rule.Targets[0]?.InputTransformer ?? { InputPathsMap: {}, InputTemplate: '' }
      assert.deepEqual(InputPathsMap, { event: '$.detail.id' })
      assert.deepEqual(JSON.parse(InputTemplate.replace('<event>', '"evt_1"')), { listener: name, event: 'evt_1' })
    }
  })

  it('reaches nobody who has left: every rule of the bus has its listener', () => {
    const known = new Set([...hearings.map(({ name }) => name), 'lectern-production-sign-ups', 'draft.written', 'news'])
    for (const { Name, EventBusName } of rules()) if (EventBusName !== undefined) assert.ok(known.has(Name), Name)
  })

  it('is kept where a queue does not take it', () => {
    for (const { Name, Targets } of rules()) {
      for (const { DeadLetterConfig } of Targets) assert.ok(queueNamed(DeadLetterConfig?.Arn)?.endsWith('-dead'), Name)
    }
  })

  it('waits in queues that end in dead letters, each with an alarm', () => {
    const queues = of<Queue>('AWS::SQS::Queue')
    const dead = queues.filter(({ QueueName }) => QueueName.endsWith('-dead'))
    const working = queues.filter((queue) => !dead.includes(queue))
    assert.ok(working.length >= 15)
    for (const { QueueName, RedrivePolicy, DelaySeconds } of working) {
      assert.equal(DelaySeconds, 1, 'an index shows by then what is told of')
      assert.equal(queueNamed(RedrivePolicy?.deadLetterTargetArn), `${QueueName}-dead`)
      // Our own giving up, after 31 attempts, comes first.
      assert.ok((RedrivePolicy?.maxReceiveCount ?? 0) > 31, QueueName)
    }
    const alarmed = of<{ MetricName?: string; Threshold: number; Dimensions?: { Value: string }[]; AlarmActions: unknown[] }>('AWS::CloudWatch::Alarm')
      .filter(({ MetricName, Threshold, AlarmActions }) => MetricName === 'ApproximateNumberOfMessagesVisible' && Threshold === 0 && AlarmActions.length > 0)
      .map(({ Dimensions }) => Dimensions?.[0]?.Value)
    assert.deepEqual(alarmed.toSorted(), dead.map(({ QueueName }) => QueueName).toSorted())
  })

  it('is taken from every queue, a few messages at once, each answered for by itself', () => {
    type Mapping = { EventSourceArn: unknown; FunctionResponseTypes: string[]; ScalingConfig: { MaximumConcurrency: number } }
    const mappings = of<Mapping>('AWS::Lambda::EventSourceMapping')
    const working = of<Queue>('AWS::SQS::Queue').flatMap(({ QueueName }) => (QueueName.endsWith('-dead') ? [] : [QueueName]))
    assert.equal(mappings.length, working.length)
    for (const { FunctionResponseTypes, ScalingConfig } of mappings) {
      assert.deepEqual(FunctionResponseTypes, ['ReportBatchItemFailures'])
      assert.ok(ScalingConfig.MaximumConcurrency >= 2)
    }
    const most = Math.max(...mappings.map(({ ScalingConfig }) => ScalingConfig.MaximumConcurrency))
    assert.equal(most, Math.max(...hearings.map(({ atOnce = 0 }) => atOnce)), 'who asked for more gets it')
  })

  it('is never with two functions: a message stays hidden for longer than one may run', () => {
    const events = of<{ FunctionName: string; Timeout: number }>('AWS::Lambda::Function').find(({ FunctionName }) => FunctionName.endsWith('-events'))
    for (const { QueueName, VisibilityTimeout } of of<Queue>('AWS::SQS::Queue')) {
      if (!QueueName.endsWith('-dead')) assert.ok(VisibilityTimeout > (events?.Timeout ?? Number.POSITIVE_INFINITY), QueueName)
    }
  })

  it('leaves the table for the bus: new events alone, by name and id', () => {
    const [pipe, ...more] = resourcesOf(templates, 'AWS::Pipes::Pipe').map(({ Properties }) => Properties)
    assert.deepEqual(more, [])
    const { SourceParameters, TargetParameters } = pipe as {
      SourceParameters: { FilterCriteria: { Filters: { Pattern: string }[] }; DynamoDBStreamParameters: { DeadLetterConfig: { Arn: unknown } } }
      TargetParameters: { EventBridgeEventBusParameters: unknown; InputTemplate: string }
    }
    assert.deepEqual(JSON.parse(SourceParameters.FilterCriteria.Filters[0]?.Pattern ?? ''), {
      eventName: ['INSERT'],
      dynamodb: { Keys: { pk: { S: [{ prefix: 'event#' }] }, sk: { S: ['event'] } } },
    })
    assert.deepEqual(TargetParameters.EventBridgeEventBusParameters, { Source: 'lectern', DetailType: '$.dynamodb.NewImage.name.S' })
    assert.equal(queueNamed(SourceParameters.DynamoDBStreamParameters.DeadLetterConfig.Arn), 'lectern-production-pipe-dead')
  })

  it('is heard of from MediaConvert for our own queue alone, and from S3 however it was sent', () => {
    const ofName = (name: string): Rule | undefined => rules().find(({ Name }) => Name === `lectern-production-${name}`)
    const { detail } = (ofName('job-news')?.EventPattern ?? {}) as { detail?: { queue: unknown[]; status: string[] } }
    assert.match(inWords(detail?.queue[0]), /:mediaconvert:.*:queues\/lectern-production$/)
    assert.deepEqual(detail?.status, ['PROGRESSING', 'STATUS_UPDATE', 'COMPLETE', 'ERROR', 'CANCELED'])
    const arrivals = ofName('arrivals')?.EventPattern
    assert.deepEqual(arrivals?.['detail-type'], ['Object Created'])
    assert.ok(!JSON.stringify(arrivals).includes('reason'), 'a copy and many parts count too')
  })

  it('is followed by every timer at its pace', () => {
    const schedules = of<{ ScheduleExpression: string; Target: { Input: string } }>('AWS::Scheduler::Schedule').filter(({ stack }) => stack === 'schedule')
    const kept = schedules.map(({ ScheduleExpression, Target }) => [JSON.parse(Target.Input).everySeconds, ScheduleExpression])
    const paces = [...new Set([...timers, refreshPeople({ refresh: async () => undefined })].map(({ everySeconds }) => everySeconds))].toSorted((a, b) => a - b)
    assert.deepEqual(
      kept.toSorted(([a], [b]) => a - b),
      paces.map((seconds) => [seconds, seconds === 60 ? 'rate(1 minute)' : `rate(${seconds / 60} minutes)`]),
    )
  })

  it('is kept in a table nobody deletes by mistake, with a stream and an index', () => {
    const [table] = resourcesOf(templates, 'AWS::DynamoDB::Table')
    const resource: Resource | undefined = table
    assert.equal(resource?.DeletionPolicy, 'Retain')
    const { AttributeDefinitions, ...properties } = resource?.Properties ?? {}
    assert.deepEqual(properties, {
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'index',
          KeySchema: [
            { AttributeName: 'ipk', KeyType: 'HASH' },
            { AttributeName: 'isk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    })
    assert.ok(AttributeDefinitions)
  })
})
