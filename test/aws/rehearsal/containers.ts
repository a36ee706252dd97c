import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import { type Definition, type Ecs, ecs, type Program, type RunTask } from '../ecs.ts'
import type { ProgramEnd, StateChange } from '../ecs-events.ts'
import { type Ask, type Endpoint, REGION } from '../endpoint.ts'
import type { Target } from '../events.ts'
import type { Deployment } from './deployment.ts'
import type { Leave } from './leave.ts'

const TaskDefinition = z.object({
  Family: z.string(),
  TaskRoleArn: z.string(),
  ExecutionRoleArn: z.string(),
  RequiresCompatibilities: z.array(z.string()).refine((all) => all.includes('FARGATE')),
  NetworkMode: z.literal('awsvpc'),
  ContainerDefinitions: z.array(
    z.object({
      Name: z.string(),
      Image: z.string(),
      Environment: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    }),
  ),
})
const Cluster = z.object({ ClusterName: z.string().optional() })

const definitionsIn = (deployment: Deployment): Definition[] =>
  deployment.all('AWS::ECS::TaskDefinition', TaskDefinition).map(({ Family, TaskRoleArn, ExecutionRoleArn, ContainerDefinitions }) => ({
    ...{ family: Family, revision: 1, taskRole: TaskRoleArn, executionRole: ExecutionRoleArn },
    containers: ContainerDefinitions.map(({ Name, Image, Environment }) => ({
      ...{ name: Name, image: Image },
      environment: Object.fromEntries(Environment.map(({ Name: name, Value }) => [name, Value])),
    })),
  }))

const HOSTS = pathToFileURL(join(import.meta.dirname, 'hosts.ts')).href
const SAID_BYTES = 1500
/** Nobody waits longer here, whatever a container may take. */
const MOST_SECONDS = 60

type Standing = { deployment: Deployment; leave: Leave; troubles: string[] }
type Options = {
  standing(): Standing
  endpoint(): Endpoint
  hosts(): Record<string, string>
  /** The file that each image holds, by the image's whole name. */
  images: Readonly<Record<string, string>>
  now(): Date
  emit(event: StateChange): Promise<void>
}

const PULLING = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage']

/** What keeps a container from being begun, that ECS would find out only then. */
const hindrance = ({ deployment: _, leave }: Standing, { image, definition }: Program, images: Options['images']): string | undefined => {
  for (const role of [definition.taskRole, definition.executionRole])
    if (!leave.mayAssume(role, 'ecs-tasks.amazonaws.com')) return `ECS was unable to assume the role ${role}.`
  const repository = /^([\w./-]+)@/.exec(image)?.[1]?.split('/').at(-1) ?? ''
  const executing = leave.role(definition.executionRole)?.name ?? ''
  const pulls = PULLING.map((action): Ask => ({ action, resource: `arn:aws:ecr:${REGION}:111122223333:repository/${repository}` }))
  const denied = pulls.find((ask) => !leave.may(executing, ask))
  if (denied) return `CannotPullContainerError: ${executing} may not ${denied.action} on ${denied.resource}.`
  return images[image] === undefined ? `CannotPullContainerError: ${image}: not found` : undefined
}

const runFile = async (file: string, { environment, role }: { environment: Record<string, string>; role: string }, { endpoint, hosts }: Options) => {
  const { accessKeyId, secretAccessKey } = endpoint().credentials(role)
  // Fargate hands them out at an address of its own, which the clients ask; here they are variables.
  const given = { AWS_REGION: REGION, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_ENDPOINT_URL: endpoint().url }
  const child = spawn(process.execPath, ['--import', HOSTS, file, JSON.stringify(hosts())], {
    env: { ...environment, ...given },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-SAID_BYTES)
    })
  const late = setTimeout(() => child.kill('SIGKILL'), MOST_SECONDS * 1000)
  const [code] = await once(child, 'close')
  clearTimeout(late)
  return { exitCode: Number(code ?? 137), said }
}

/** The containers of a deployment, as programs of this machine: the files their images hold, with their definitions' environment and their roles' leave. */
export const openContainers = (options: Options): Ecs => {
  const { standing, images, now, emit } = options
  const run = async (program: Program): Promise<ProgramEnd> => {
    const { troubles, leave } = standing()
    const cannot = hindrance(standing(), program, images)
    if (cannot !== undefined) {
      troubles.push(`The container ${program.name} could not be begun: ${cannot}`)
      return { cannot }
    }
    const role = leave.role(program.definition.taskRole)?.name ?? program.definition.taskRole
    const { exitCode, said } = await runFile(images[program.image] ?? '', { environment: program.environment, role }, options)
    if (exitCode !== 0) troubles.push(`The container ${program.name} ended with code ${exitCode}: ${said}`)
    return { exitCode }
  }
  return ecs({
    ...{ now, emit, run },
    clusters: () =>
      standing()
        .deployment.all('AWS::ECS::Cluster', Cluster)
        .map(({ is }) => is.ref),
    definitions: () => definitionsIn(standing().deployment),
  })
}

/** A rule begins a container as its role, on that role's leave. @throws what keeps it from that */
export const beginByRule = (cluster: Ecs, leave: Leave, { target, input, ruleArn }: { target: Target; input: string; ruleArn: string }): void => {
  const { RoleArn = '', EcsParameters: of } = target
  if (!of) throw new Error(`The rule ${ruleArn} does not say which container it begins.`)
  const { AwsVpcConfiguration: network } = of.NetworkConfiguration
  const asked: RunTask = {
    ...{ cluster: target.Arn, taskDefinition: of.TaskDefinitionArn, launchType: of.LaunchType, count: of.TaskCount, startedBy: 'events-rule/lectern' },
    overrides: JSON.parse(input),
    networkConfiguration: {
      awsvpcConfiguration: { subnets: network.Subnets, securityGroups: network.SecurityGroups, assignPublicIp: network.AssignPublicIp },
    },
  }
  const role = leave.role(RoleArn)?.name ?? RoleArn
  if (!leave.mayAssume(RoleArn, 'events.amazonaws.com')) throw new Error(`The rule ${ruleArn} may not act as ${role}.`)
  const denied = cluster.asksOf(asked).find((ask) => !leave.may(role, ask, ask.context))
  if (denied) throw new Error(`${role} may not ${denied.action} on ${denied.resource}.`)
  const { status, body } = cluster.runTask(asked)
  if (status !== 200 || !String(body).includes('"failures":[]')) throw new Error(`ECS did not begin what ${ruleArn} asked for: ${body}`)
}
