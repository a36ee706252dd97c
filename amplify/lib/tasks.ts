import { RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { ContainerImage, CpuArchitecture, FargateTaskDefinition, LogDrivers, OperatingSystemFamily } from 'aws-cdk-lib/aws-ecs'
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { LOGS_KEPT } from './functions.ts'
import { acknowledge, acknowledgeWildcards } from './nag.ts'
import { arnOf, type Names } from './names.ts'
import { may } from './policies.ts'

/** What is deployed before the images are built names one nobody has: a task of it ends before it begins. */
const NO_IMAGE = (task: string): string => `lectern-${task}@sha256:${'0'.repeat(64)}`

type Task = { names: Names; task: 'writer' | 'publisher'; image: string | undefined; environment: Record<string, string>; leave: readonly PolicyStatement[] }

const pullingRole = (stack: Stack, { names, task }: Task): Role => {
  const role = new Role(stack, `${task}-pulling`, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') })
  const statements = [
    // ECR takes no resource for this one.
    may(['ecr:GetAuthorizationToken'], ['*']),
    may(['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'], [arnOf('ecr', `repository/lectern-${task}`)]),
    may(['logs:CreateLogStream', 'logs:PutLogEvents'], [arnOf('logs', `log-group:/lectern/${names.function(task)}:*`)]),
  ]
  for (const statement of statements) role.addToPolicy(statement)
  acknowledgeWildcards(role, statements, 'A token for the registry has no resource, and the streams of one log have no names yet.')
  return role
}

/** A Fargate task by its image's digest: what was built and tested is what runs. */
export const taskOf = (stack: Stack, wanted: Task): { definition: FargateTaskDefinition; roles: [Role, Role] } => {
  const { names, task, image, environment, leave } = wanted
  const taskRole = new Role(stack, `${task}-role`, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') })
  for (const statement of leave) taskRole.addToPolicy(statement)
  acknowledgeWildcards(taskRole, leave, 'Every object below one prefix of the drafts, and of Bedrock, where that writes, one model in any region.')
  const executionRole = pullingRole(stack, wanted)
  const definition = new FargateTaskDefinition(stack, task, {
    family: names.function(task),
    cpu: 512,
    memoryLimitMiB: 1024,
    runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    taskRole,
    executionRole,
  })
  const logGroup = new LogGroup(stack, `${task}-log`, {
    logGroupName: `/lectern/${names.function(task)}`,
    retention: LOGS_KEPT,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  definition.addContainer(task, {
    image: ContainerImage.fromRegistry(image ?? NO_IMAGE(task)),
    environment,
    readonlyRootFilesystem: true,
    logging: LogDrivers.awsLogs({ logGroup, streamPrefix: task }),
  })
  acknowledge(definition, 'Names and addresses only; what is secret is read from Secrets Manager while it runs.', 'AwsSolutions-ECS2')
  return { definition, roles: [taskRole, executionRole] }
}
