import { REGION } from './endpoint.ts'

/** How a program ended: its code, or why it did not begin. */
export type ProgramEnd = { exitCode: number } | { cannot: string }

export type TaskState = {
  taskArn: string
  clusterArn: string
  taskDefinitionArn: string
  family: string
  overrides: { containerOverrides: { name: string; environment: { name: string; value: string }[] }[] }
  startedBy: string | undefined
  containers: { name: string; image: string }[]
  createdAt: Date
  lastStatus: 'PROVISIONING' | 'RUNNING' | 'STOPPED'
  end?: ProgramEnd
}

export type StateChange = { source: string; 'detail-type': string; resources: string[]; detail: Record<string, unknown> }

const containersIn = ({ containers, taskArn, lastStatus, end }: TaskState): object[] =>
  containers.map(({ name, image }) => ({
    ...{ containerArn: taskArn.replace(':task/', ':container/'), taskArn, name, image, lastStatus, networkInterfaces: [], cpu: '0' },
    ...(end && 'exitCode' in end && { exitCode: end.exitCode }),
  }))

/** As ECS words what becomes of a task of Fargate: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html. */
export const stateChange = (task: TaskState, at: Date): StateChange => {
  const { taskArn, clusterArn, taskDefinitionArn, family, overrides, startedBy, createdAt, lastStatus, end } = task
  const isUnbegun = end !== undefined && 'cannot' in end
  const stop = isUnbegun
    ? { stopCode: 'TaskFailedToStart', stoppedReason: end.cannot }
    : { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' }
  return {
    ...{ source: 'aws.ecs', 'detail-type': 'ECS Task State Change', resources: [taskArn] },
    detail: {
      ...{ attachments: [], availabilityZone: `${REGION}a`, clusterArn, containers: isUnbegun ? [] : containersIn(task), cpu: '512', memory: '1024' },
      ...{ createdAt: createdAt.toISOString(), desiredStatus: lastStatus === 'STOPPED' ? 'STOPPED' : 'RUNNING', group: `family:${family}` },
      ...{ launchType: 'FARGATE', lastStatus, overrides, platformVersion: '1.4.0', taskArn, taskDefinitionArn, updatedAt: at.toISOString(), version: 3 },
      ...(startedBy !== undefined && { startedBy }),
      ...(lastStatus === 'STOPPED' && { ...stop, stoppedAt: at.toISOString(), stoppingAt: at.toISOString() }),
    },
  }
}
