import { randomUUID } from 'node:crypto'
import { ACCOUNT, type Call, REGION, type Service } from './endpoint.ts'
import { atPath, filled } from './json-path.ts'
import { matches } from './pattern.ts'

/** What a rule sends to, in CloudFormation's words. */
export type Target = {
  Id: string
  Arn: string
  Input?: string
  InputPath?: string
  InputTransformer?: { InputPathsMap?: Record<string, string>; InputTemplate: string }
  DeadLetterConfig?: { Arn: string }
  /** A container that is begun as this role. */
  RoleArn?: string
  EcsParameters?: {
    TaskDefinitionArn: string
    LaunchType: 'FARGATE'
    TaskCount: 1
    NetworkConfiguration: { AwsVpcConfiguration: { Subnets: string[]; SecurityGroups: string[]; AssignPublicIp: 'ENABLED' } }
  }
}

/** `AWS::Events::Rule`'s properties, of those that are played here; schedules are not. */
export type RuleProperties = { Name: string; EventBusName?: string; EventPattern: Record<string, unknown>; State?: 'ENABLED' | 'DISABLED'; Targets: Target[] }

/** An event as rules see it. */
export type Envelope = {
  version: '0'
  id: string
  'detail-type': string
  source: string
  account: string
  time: string
  region: string
  resources: string[]
  detail: Record<string, unknown>
}

type Entry = { Source?: string; DetailType?: string; Detail?: string; EventBusName?: string; Resources?: string[]; Time?: number }
type Answered = { EventId: string } | { ErrorCode: string; ErrorMessage: string }

const MOST_ENTRIES = 10
const DEFAULT_BUS = 'default'
export const busArn = (name: string): string => `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`
const busIn = (nameOrArn = DEFAULT_BUS): string => nameOrArn.split('/').at(-1) ?? DEFAULT_BUS
/** A rule on the default bus does not name it. */
const ruleArn = ({ Name, EventBusName }: RuleProperties): string => {
  const bus = busIn(EventBusName)
  return `arn:aws:events:${REGION}:${ACCOUNT}:rule/${bus === DEFAULT_BUS ? '' : `${bus}/`}${Name}`
}

/** What a target is sent for an event. */
export const inputFor = (rule: RuleProperties, { Input, InputPath, InputTransformer }: Target, event: Envelope): string => {
  if (Input !== undefined) return Input
  if (InputPath !== undefined) return JSON.stringify(atPath(event, InputPath))
  if (!InputTransformer) return JSON.stringify(event)
  const { InputPathsMap = {}, InputTemplate } = InputTransformer
  const reserved: Record<string, unknown> = { 'aws.events.rule-arn': ruleArn(rule), 'aws.events.rule-name': rule.Name, 'aws.events.event.json': event }
  return filled(InputTemplate, (name) => {
    const path = InputPathsMap[name]
    return path === undefined ? reserved[name] : atPath(event, path)
  })
}

export type Bus = Service & {
  /** What another service of AWS tells, on its own word: `aws.s3`, `aws.mediaconvert`. */
  tell(event: Pick<Envelope, 'source' | 'detail-type' | 'detail'> & Partial<Envelope>, bus?: string): Promise<void>
  /** From now on these are the rules. */
  rule(rules: readonly RuleProperties[]): void
  /** What no target took and no dead letter queue kept. */
  lost: readonly { rule: string; target: string; input: string }[]
}

type Options = {
  buses: readonly string[]
  rules?: readonly RuleProperties[]
  now(): Date
  /** Hands a target its input; throwing is what a queue that is not there, or a policy that does not let a rule in, does. */
  deliver(targetArn: string, input: string, ruleArn: string, target: Target): Promise<void> | void
}

const faultOf = ({ Source, DetailType, Detail, EventBusName }: Entry, buses: readonly string[]): Answered | undefined => {
  const fault = (ErrorCode: string, ErrorMessage: string): Answered => ({ ErrorCode, ErrorMessage })
  if (!Source || !DetailType || Detail === undefined) return fault('InvalidArgument', 'Source, DetailType and Detail are needed.')
  if (Source.startsWith('aws.')) return fault('NotAuthorizedForSourceException', 'Not authorized for the source.')
  if (!buses.includes(busIn(EventBusName))) return fault('ResourceNotFoundException', `There is no bus ${busIn(EventBusName)}.`)
  try {
    const detail: unknown = JSON.parse(Detail)
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return undefined
  } catch {
    // Said below, as of JSON that is no object.
  }
  return fault('MalformedDetail', 'Detail is malformed.')
}

/** EventBridge: buses, rules, their targets and what they are sent. */
export const events = ({ buses, rules: first = [], now, deliver }: Options): Bus => {
  const lost: { rule: string; target: string; input: string }[] = []
  let rules = first
  const send = async (rule: RuleProperties, target: Target, event: Envelope): Promise<void> => {
    const input = inputFor(rule, target, event)
    try {
      await deliver(target.Arn, input, ruleArn(rule), target)
    } catch (error) {
      if (!target.DeadLetterConfig) lost.push({ rule: rule.Name, target: target.Arn, input })
      // It keeps the event, not what was made of it.
      else await deliver(target.DeadLetterConfig.Arn, JSON.stringify(event), ruleArn(rule), { Id: 'dead', Arn: target.DeadLetterConfig.Arn })
      if (!(error instanceof Error)) throw error
    }
  }
  const spread = async (event: Envelope, bus: string): Promise<void> => {
    const hit = rules.filter((rule) => busIn(rule.EventBusName) === bus && rule.State !== 'DISABLED' && matches(rule.EventPattern, { ...event }))
    await Promise.all(hit.flatMap((rule) => rule.Targets.map((target) => send(rule, target, event))))
  }
  const envelope = (part: Pick<Envelope, 'source' | 'detail-type' | 'detail'> & Partial<Envelope>): Envelope => ({
    version: '0',
    id: randomUUID(),
    account: ACCOUNT,
    time: now().toISOString(),
    region: REGION,
    resources: [],
    ...part,
  })
  const take = async (entry: Entry): Promise<Answered> => {
    const fault = faultOf(entry, buses)
    if (fault) return fault
    const { Source: source = '', DetailType: type = '', Detail = '{}', Resources: resources = [], EventBusName } = entry
    const event = envelope({ source, 'detail-type': type, detail: JSON.parse(Detail), resources })
    await spread(event, busIn(EventBusName))
    return { EventId: event.id }
  }
  // What the SDK sends for the one operation there is.
  const entriesIn = ({ body }: Call): Entry[] => (JSON.parse(body.toString()) as { Entries?: Entry[] }).Entries ?? []
  const answer = (status: number, body: object) => ({ status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) })
  return {
    name: 'events',
    lost,
    rule: (next) => {
      rules = next
    },
    tell: (event, bus = DEFAULT_BUS) => spread(envelope(event), bus),
    asks: (call) =>
      [...new Set(entriesIn(call).map(({ EventBusName }) => busArn(busIn(EventBusName))))].map((resource) => ({ action: 'events:PutEvents', resource })),
    async answer(call) {
      if (call.headers['x-amz-target'] !== 'AWSEvents.PutEvents') return answer(400, { __type: 'UnknownOperationException' })
      const entries = entriesIn(call)
      if (entries.length < 1 || entries.length > MOST_ENTRIES)
        return answer(400, { __type: 'ValidationException', message: `From 1 to ${MOST_ENTRIES} entries are taken.` })
      const answered = await Promise.all(entries.map(take))
      // A failed entry is no failed call: whoever sent it must look.
      return answer(200, { FailedEntryCount: answered.filter((each) => 'ErrorCode' in each).length, Entries: answered })
    },
  }
}
