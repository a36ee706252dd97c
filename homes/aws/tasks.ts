import { ConflictException, type ECSClient, ECSServiceException, RunTaskCommand } from '@aws-sdk/client-ecs'
import * as z from 'zod/mini'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Clock } from '#ports/clock.ts'
import type { Tables } from '#ports/tables.ts'
import { type Task, type TaskName, TaskRefused, type Tasks } from '#ports/tasks.ts'

/** Where containers run: what the content stack has made. */
export type TasksPlace = {
  cluster: string
  /** Families: a container of the newest revision is begun, so that a new image needs no new function. */
  definitions: Readonly<Record<TaskName, string>>
  subnets: readonly string[]
  securityGroup: string
}

type Options = TasksPlace & { client: ECSClient; tables: Tables; clock: Clock }

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
/**
 * ECS knows a token for a day, and no longer than an hour after its task has ended
 * (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html): what was asked for so long ago may have run.
 */
const ASKED_MS = 3600_000

const StoredTask = z.object({ id: z.string(), state: z.enum(['asked', 'begun']), at: z.string(), arn: z.optional(z.string()) })
const taskRecords = records({ schema: StoredTask, key: ({ id }: { id: string }) => ({ pk: `task#${id}`, sk: 'task' }), people: ofNobody })

/** What a container is told besides what its definition says. */
export const overridesFor = ({ name, id, run }: Task) => ({
  containerOverrides: [
    {
      name,
      environment: [
        { name: 'RUN', value: run },
        { name: 'TASK_ID', value: id },
      ],
    },
  ],
})

/** The task's ARN, or `known` where ECS has had this token with other words: after a deployment, say. */
const begin = async ({ client, cluster, definitions, subnets, securityGroup }: Options, task: Task): Promise<string | 'known'> => {
  const refused = (reason: string): TaskRefused => new TaskRefused(`ECS did not begin ${task.name}: ${reason}`)
  try {
    const { tasks = [], failures = [] } = await client.send(
      new RunTaskCommand({
        ...{ cluster, taskDefinition: definitions[task.name], launchType: 'FARGATE', count: 1, clientToken: task.id },
        // Its public subnets have no gateway: an address of its own is its way out, and its group lets nobody in.
        networkConfiguration: { awsvpcConfiguration: { subnets: [...subnets], securityGroups: [securityGroup], assignPublicIp: 'ENABLED' } },
        overrides: overridesFor(task),
      }),
    )
    const arn = tasks[0]?.taskArn
    if (arn !== undefined) return arn
    throw refused(failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(' ')).join('; ') || 'it says nothing')
  } catch (error) {
    if (error instanceof ConflictException) return 'known'
    // ECS's own faults leave open whether it has begun; what it says is wrong with the asking does not.
    if (error instanceof ECSServiceException && error.$fault === 'client') throw refused(error.message)
    throw error
  }
}

const start = async (options: Options, task: Task): Promise<void> => {
  const { tables, clock } = options
  if (!ID.test(task.id)) throw new TaskRefused(`Not an id: ${JSON.stringify(task.id.slice(0, 80))}`)
  const found = await taskRecords.get(tables, task)
  if (found?.value.state === 'begun') return
  if (found && clock.now().getTime() - Date.parse(found.value.at) > ASKED_MS) return
  const asked = { id: task.id, state: 'asked' as const, at: clock.now().toISOString() }
  if (!found && (await tables.commit([taskRecords.add(asked)])) === 'conflict') return start(options, task)
  try {
    const arn = await begin(options, task)
    await tables.commit([taskRecords.put({ ...asked, state: 'begun', ...(arn !== 'known' && { arn }) })])
  } catch (error) {
    // Nothing was begun: the same start may be asked for again. Another who asks at this moment has its own answer.
    const mine = error instanceof TaskRefused ? await taskRecords.get(tables, task) : undefined
    if (mine?.value.state === 'asked') await tables.commit([taskRecords.remove(task, mine)])
    throw error
  }
}

/**
 * Runs each program as a container of Fargate. That a start was asked for is on record before it is, so that one id runs once though ECS
 * forgets it: at the same moment by ECS's token, later by the record. A process that dies in between leaves what may have begun; asked
 * again within the hour ECS tells, and after that nothing is begun: whoever waits for the run has long begun its next attempt.
 */
export const tasks = (options: Options): Tasks => ({ start: (task) => start(options, task) })
