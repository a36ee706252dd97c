import { createHash, randomUUID } from 'node:crypto'
import * as z from 'zod'
import { type ProgramEnd, type StateChange, stateChange, type TaskState } from './ecs-events.ts'
import { ACCOUNT, type Answer, type Ask, type Call, REGION, type Service } from './endpoint.ts'

/** `AWS::ECS::TaskDefinition`, of what is played here. */
export type Definition = {
  family: string
  revision: number
  taskRole: string
  executionRole: string
  containers: readonly { name: string; image: string; environment: Readonly<Record<string, string>> }[]
}

/** A container that is to be run: what its definition and its start say together. */
export type Program = { name: string; image: string; environment: Record<string, string>; definition: Definition }

export type EcsOptions = {
  now(): Date
  clusters(): readonly string[]
  definitions(): readonly Definition[]
  run(program: Program): Promise<ProgramEnd>
  /** Hands an event to EventBridge's default bus. */
  emit(event: StateChange): Promise<void>
}

const Overrides = z.object({
  containerOverrides: z.array(z.object({ name: z.string(), environment: z.array(z.object({ name: z.string(), value: z.string() })).default([]) })).default([]),
})
const Network = z.object({
  awsvpcConfiguration: z.object({
    subnets: z.array(z.string().startsWith('subnet-')).min(1).max(16),
    securityGroups: z.array(z.string().startsWith('sg-')).min(1).max(5),
    assignPublicIp: z.literal('ENABLED'),
  }),
})
const Asked = z.object({
  cluster: z.string(),
  taskDefinition: z.string(),
  launchType: z.literal('FARGATE'),
  count: z.literal(1).default(1),
  clientToken: z
    .string()
    .regex(/^[!-~]{1,64}$/)
    .optional(),
  startedBy: z
    .string()
    .regex(/^[\w/-]{1,128}$/)
    .optional(),
  networkConfiguration: Network,
  overrides: Overrides.default({ containerOverrides: [] }),
})
/** As the API takes it; a rule's target says the same. */
export type RunTask = z.input<typeof Asked>

const json = (status: number, body: object): Answer => ({ status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) })
const fault = (type: string, message: string): Answer => json(400, { __type: type, message })

const DAY_MS = 24 * 3600_000
const HOUR_MS = 3600_000

const arn = (rest: string): string => `arn:aws:ecs:${REGION}:${ACCOUNT}:${rest}`
const definitionArn = ({ family, revision }: Definition): string => arn(`task-definition/${family}:${revision}`)
const nameIn = (nameOrArn: string): string => nameOrArn.split('/').at(-1) ?? ''

/** `family`, `family:7` or an ARN of either; without a revision the newest is meant. */
const definitionIn = (definitions: readonly Definition[], asked: string): Definition | undefined => {
  const [family, revision] = nameIn(asked).split(':')
  return definitions
    .filter((each) => each.family === family && (revision === undefined || each.revision === Number(revision)))
    .toSorted((a, b) => b.revision - a.revision)[0]
}

type Token = { likeness: string; answer: Answer; at: number; endedAt: number | undefined }

/** What was answered to whom, for as long as ECS remembers that. */
const openTokens = (now: () => Date) => {
  const known = new Map<string, Token>()
  const isAlive = ({ at, endedAt }: Token): boolean => {
    const time = now().getTime()
    return time - at < DAY_MS && (endedAt === undefined || time - endedAt < HOUR_MS)
  }
  return {
    answered(token: string | undefined, likeness: string): Answer | undefined {
      const before = token === undefined ? undefined : known.get(token)
      if (!before || !isAlive(before)) return undefined
      return before.likeness === likeness ? before.answer : fault('ConflictException', 'Existing token with different parameters.')
    },
    remember(token: string | undefined, likeness: string): Token {
      const note: Token = { likeness, answer: json(200, {}), at: now().getTime(), endedAt: undefined }
      if (token !== undefined) known.set(token, note)
      return note
    },
  }
}

type AskedTask = z.output<typeof Asked>

/** What is wrong with what was asked for; the definition it means otherwise. */
const meant = (asked: AskedTask, { clusters, definitions }: EcsOptions): Answer | Definition => {
  if (!clusters().some((each) => nameIn(each) === nameIn(asked.cluster))) return fault('ClusterNotFoundException', 'Cluster not found.')
  const definition = definitionIn(definitions(), asked.taskDefinition)
  if (!definition) return fault('ClientException', 'TaskDefinition not found.')
  const unknown = asked.overrides.containerOverrides.find(({ name }) => !definition.containers.some((each) => each.name === name))
  return unknown ? fault('InvalidParameterException', `Override for container named ${unknown.name} is not a container in the TaskDefinition.`) : definition
}

/** Runs a task's container to its end, and tells what becomes of it. */
const play = async ({ run, emit, now }: EcsOptions, definition: Definition, task: TaskState): Promise<void> => {
  const tell = (lastStatus: TaskState['lastStatus'], more: Partial<TaskState> = {}): Promise<void> => emit(stateChange({ ...task, ...more, lastStatus }, now()))
  await tell('PROVISIONING')
  const [container] = definition.containers
  if (!container) throw new Error(`${definition.family} has no container.`)
  const overrides = task.overrides.containerOverrides.filter(({ name }) => name === container.name)
  const given = Object.fromEntries(overrides.flatMap(({ environment }) => environment.map(({ name, value }) => [name, value])))
  await tell('RUNNING')
  const end = await run({ name: container.name, image: container.image, environment: { ...container.environment, ...given }, definition })
  // At least once: whoever hears it must bear it twice.
  for (let times = 0; times < 2; times += 1) await tell('STOPPED', { end })
}

const taskFor = (asked: AskedTask, definition: Definition, createdAt: Date): TaskState => ({
  ...{ taskArn: arn(`task/${nameIn(asked.cluster)}/${randomUUID().replaceAll('-', '')}`), clusterArn: arn(`cluster/${nameIn(asked.cluster)}`) },
  ...{ taskDefinitionArn: definitionArn(definition), family: definition.family, overrides: asked.overrides, startedBy: asked.startedBy },
  ...{ containers: definition.containers.map(({ name, image }) => ({ name, image })), createdAt, lastStatus: 'PROVISIONING' },
})

const inputOf = ({ body }: Call): Record<string, unknown> => z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString()))

/** Since 2024 the revision is found before leave is asked for. The roles that are handed on need leave, too. */
const asksOf = (input: Record<string, unknown>, definitions: readonly Definition[]): Ask[] => {
  const definition = definitionIn(definitions, String(input['taskDefinition']))
  const cluster = arn(`cluster/${nameIn(String(input['cluster']))}`)
  const passes = definition ? [definition.taskRole, definition.executionRole] : []
  return [
    { action: 'ecs:RunTask', resource: definition ? definitionArn(definition) : String(input['taskDefinition']), context: { 'ecs:cluster': cluster } },
    ...passes.map((resource) => ({ action: 'iam:PassRole', resource, context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } })),
  ]
}

/** ECS on Fargate, as far as tasks are run by it: tokens, containers as programs, and what is told of them. */
export const ecs = (options: EcsOptions) => {
  const { now, definitions } = options
  const tokens = openTokens(now)
  const running = new Set<Promise<void>>()
  let refusing: string | undefined

  /** Answers as the API does. */
  const runTask = (input: unknown): Answer => {
    const parsed = Asked.safeParse(input)
    if (!parsed.success) return fault('InvalidParameterException', parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
    const asked = parsed.data
    const definition = meant(asked, options)
    if ('status' in definition) return definition
    const likeness = createHash('sha256').update(JSON.stringify(asked)).digest('hex')
    const before = tokens.answered(asked.clientToken, likeness)
    if (before) return before
    if (refusing !== undefined) return json(200, { tasks: [], failures: [{ arn: definitionArn(definition), reason: refusing }] })
    const [token, task] = [tokens.remember(asked.clientToken, likeness), taskFor(asked, definition, now())]
    token.answer = json(200, { tasks: [{ taskArn: task.taskArn, lastStatus: task.lastStatus }], failures: [] })
    const played = play(options, definition, task).finally(() => {
      token.endedAt = now().getTime()
      running.delete(played)
    })
    running.add(played)
    return token.answer
  }
  const service: Service = {
    name: 'ecs',
    asks: (call) => asksOf(inputOf(call), definitions()),
    async answer(call) {
      const target = call.headers['x-amz-target']
      return target === 'AmazonEC2ContainerServiceV20141113.RunTask' ? runTask(inputOf(call)) : fault('UnknownOperationException', String(target))
    },
  }
  return {
    ...{ service, runTask },
    /** What a rule needs leave for, that starts a task as its role. */
    asksOf: (input: RunTask): Ask[] => asksOf(input, definitions()),
    /** From now on there is no room, for this reason; undefined: there is. */
    refuse: (reason: string | undefined): void => {
      refusing = reason
    },
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

export type Ecs = ReturnType<typeof ecs>
