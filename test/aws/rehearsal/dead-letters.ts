import * as z from 'zod'
import type { Placed } from './deployment.ts'
import { Queue } from './resources.ts'
import type { Scene } from './scene.ts'

const Dead = z.object({ Arn: z.string() }).optional()
const Rule = z.object({ Name: z.string().optional(), Targets: z.array(z.object({ Arn: z.string(), DeadLetterConfig: Dead })) })
const Pipe = z.object({
  RoleArn: z.string(),
  SourceParameters: z.object({ DynamoDBStreamParameters: z.object({ DeadLetterConfig: Dead }) }),
})
const Schedule = z.object({ Name: z.string(), Target: z.object({ RoleArn: z.string(), DeadLetterConfig: Dead }) })
const Lambda = z.object({ FunctionName: z.string(), Role: z.string(), DeadLetterConfig: z.object({ TargetArn: z.string() }).optional() })
const Alarm = z.object({ Namespace: z.string().optional(), Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]) })
const Mapping = z.object({ EventSourceArn: z.string() })

const POISON = '"nobody can take this"'

/** Something that fails, where its letters end, and whether they get there. */
type End = { of: string; dead: string | undefined; isLetIn: (queue: Placed) => boolean }

const endsOf = ({ stage }: Scene): End[] => {
  const deployment = stage.cloud.deployment()
  const leave = stage.cloud.leave()
  const bySending = (roleArn: string) => (queue: Placed) =>
    leave.may(leave.role(roleArn)?.name ?? roleArn, { action: 'sqs:SendMessage', resource: queue.attributes['Arn'] ?? '' })
  const rules = deployment.all('AWS::Events::Rule', Rule).flatMap(({ is, Name = is.id, Targets }) =>
    Targets.filter(({ Arn }) => !Arn.includes(':sns:')).map(({ DeadLetterConfig }): End => {
      const bus = is.properties['EventBusName']
      const source = `rule/${bus === undefined ? '' : `${String(bus)}/`}${Name}`
      const region = (queue: Placed): string => (queue.attributes['Arn'] ?? '').replace(/^arn:aws:sqs:([^:]+:[^:]+):.*$/, `arn:aws:events:$1:${source}`)
      const isLetIn = (queue: Placed): boolean =>
        leave.mayReach(queue.ref, { service: 'events.amazonaws.com', resource: queue.attributes['Arn'] ?? '', source: region(queue) })
      return { of: `the rule ${Name}`, dead: DeadLetterConfig?.Arn, isLetIn }
    }),
  )
  const pipes = deployment.all('AWS::Pipes::Pipe', Pipe).map(
    ({ is, RoleArn, SourceParameters: { DynamoDBStreamParameters: of } }): End => ({
      ...{ of: `the pipe ${is.id}`, dead: of.DeadLetterConfig?.Arn, isLetIn: bySending(RoleArn) },
    }),
  )
  const schedules = deployment
    .all('AWS::Scheduler::Schedule', Schedule)
    .map(({ Name, Target }): End => ({ of: `the schedule ${Name}`, dead: Target.DeadLetterConfig?.Arn, isLetIn: bySending(Target.RoleArn) }))
  const functions = deployment
    .all('AWS::Lambda::Function', Lambda)
    .flatMap(({ FunctionName, Role, DeadLetterConfig }): End[] =>
      DeadLetterConfig ? [{ of: `the function ${FunctionName}`, dead: DeadLetterConfig.TargetArn, isLetIn: bySending(Role) }] : [],
    )
  return [...rules, ...pipes, ...schedules, ...functions]
}

/** What nobody can take is received as often as its queue allows; answers the queue it ends in. */
const drained = async ({ stage }: Scene, queue: Placed): Promise<string | undefined> => {
  const { queues, pass } = stage.cloud
  const { RedrivePolicy: policy } = Queue.parse(queue.properties)
  if (!policy) return undefined
  // A queue may let nothing be received at first.
  while (!queues.hasVisible(queue.attributes['QueueName'] ?? '')) pass(50)
  const body = Buffer.from(JSON.stringify({ QueueUrl: queue.ref, VisibilityTimeout: 0 }))
  const call = {
    principal: 'lambda',
    isPresigned: false,
    method: 'POST',
    url: new URL('http://sqs/'),
    headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
    body,
  }
  for (let receives = 0; receives <= policy.maxReceiveCount; receives += 1) await queues.answer(call)
  const dead = policy.deadLetterTargetArn.split(':').at(-1) ?? ''
  return queues.bodies(dead).includes(POISON) ? policy.deadLetterTargetArn : undefined
}

/** Whatever fails for good, wherever it fails, ends in a queue with an alarm. */
export const drill = async (scene: Scene): Promise<string> => {
  const deployment = scene.stage.cloud.deployment()
  const queues = deployment.placed.filter(({ type }) => type === 'AWS::SQS::Queue')
  const alarmed = deployment
    .all('AWS::CloudWatch::Alarm', Alarm)
    .flatMap(({ Dimensions }) => Dimensions.flatMap(({ Name, Value }) => (Name === 'QueueName' ? [Value] : [])))
  const wrong: string[] = []
  const ended = (of: string, arn: string | undefined, isLetIn: End['isLetIn']): void => {
    const dead = queues.find(({ attributes }) => attributes['Arn'] === arn)
    if (!dead) return void wrong.push(`What fails for good at ${of} is lost: there is no dead letter queue.`)
    if (!isLetIn(dead)) wrong.push(`What fails for good at ${of} is lost: ${dead.attributes['QueueName']} does not let it in.`)
    if (!alarmed.includes(dead.attributes['QueueName'] ?? '')) wrong.push(`Nobody hears of what ends in ${dead.attributes['QueueName']}: it has no alarm.`)
  }
  const ends = endsOf(scene)
  for (const { of, dead, isLetIn } of ends) ended(of, dead, isLetIn)
  const taken = deployment
    .all('AWS::Lambda::EventSourceMapping', Mapping)
    .flatMap(({ EventSourceArn }) => queues.filter(({ attributes }) => attributes['Arn'] === EventSourceArn))
  for (const { attributes } of taken) scene.stage.cloud.queues.deliver(attributes['Arn'] ?? '', POISON)
  for (const queue of taken) ended(`the queue ${queue.attributes['QueueName']}`, await drained(scene, queue), () => true)
  scene.stage.cloud.purge()
  if (wrong.length > 0) throw new Error([...new Set(wrong)].join('\n'))
  return `${taken.length} queues and ${ends.length} rules, pipes, schedules and functions end in one with an alarm`
}
