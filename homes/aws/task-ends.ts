import * as z from 'zod'
import type { TaskEnd } from '#ports/tasks.ts'

const Variable = z.object({ name: z.string(), value: z.string() })
const Container = z.object({ name: z.string(), exitCode: z.number().optional(), reason: z.string().optional() })
const Override = z.object({ name: z.enum(['writer', 'publisher']), environment: z.array(Variable).default([]) })

/** `ECS Task State Change`, of what is read of it; a task that could not be begun has no containers. */
const Ended = z.object({
  detail: z.object({
    lastStatus: z.string(),
    stopCode: z.string().optional(),
    stoppedReason: z.string().optional(),
    containers: z.array(Container).default([]),
    overrides: z.object({ containerOverrides: z.array(Override) }),
  }),
})

/** What a task's news says of its end; undefined for any other news, and for an end that was well. */
export const taskEndOf = (event: unknown): TaskEnd | undefined => {
  const { lastStatus, stopCode, stoppedReason = 'It does not say why.', containers, overrides } = Ended.parse(event).detail
  if (lastStatus !== 'STOPPED') return undefined
  const [told] = overrides.containerOverrides
  const said = (name: string): string => told?.environment.find((each) => each.name === name)?.value ?? ''
  if (!told || said('TASK_ID') === '' || said('RUN') === '') throw new Error('A container has ended that nobody of the school has begun.')
  const [container] = containers.filter(({ name }) => name === told.name)
  if (stopCode === 'EssentialContainerExited' && container?.exitCode === 0) return undefined
  const how = container?.exitCode === undefined ? (stopCode ?? 'It did not run') : `It ended with code ${container.exitCode}`
  const why = [container?.reason, stoppedReason].find((each) => each !== undefined)
  return { name: told.name, id: said('TASK_ID'), run: said('RUN'), fault: `${how}: ${why}`.slice(0, 500) }
}
