import * as z from 'zod'
import { paces } from '#homes/aws/wiring.ts'
import { expect, type Scene } from './scene.ts'

const Schedule = z.object({
  Name: z.string(),
  State: z.string().default('ENABLED'),
  ScheduleExpression: z.string(),
  Target: z.object({ Arn: z.string(), RoleArn: z.string(), Input: z.string().default('{}') }),
})

const secondsOf = (expression: string): number => {
  const [, count, unit] = /^rate\((\d+) (minute|minutes|hour|hours)\)$/.exec(expression) ?? []
  return Number(count) * (unit?.startsWith('hour') ? 3600 : 60)
}

/** The school's own schedules as the templates have them. */
const schedulesOf = ({ stage }: Scene) => {
  const deployment = stage.cloud.deployment()
  return deployment.all('AWS::Scheduler::Schedule', Schedule).filter(({ Target }) => Target.Arn.includes(':lambda:'))
}

/** Fires the schedule of one pace, on its role's leave. */
export const fire = async (scene: Scene, seconds: number): Promise<string> => {
  const { cloud } = scene.stage
  const turn = JSON.stringify({ everySeconds: seconds })
  const schedule = schedulesOf(scene).find(({ Target, State }) => Target.Input === turn && State === 'ENABLED')
  if (!schedule) throw new Error(`No schedule calls the timers of every ${seconds} seconds.`)
  const { Name, ScheduleExpression, Target } = schedule
  expect(secondsOf(ScheduleExpression) === seconds, `The schedule ${Name} is ${ScheduleExpression} and not every ${seconds} seconds.`)
  const leave = cloud.leave()
  const role = leave.role(Target.RoleArn)?.name ?? Target.RoleArn
  const may = leave.mayAssume(Target.RoleArn, 'scheduler.amazonaws.com') && leave.may(role, { action: 'lambda:InvokeFunction', resource: Target.Arn })
  expect(may, `The schedule ${Name} may not call its function: lambda:InvokeFunction of ${Target.Arn} is not in the leave of ${role}.`)
  await cloud.functions.invoke(Target.Arn, JSON.parse(Target.Input))
  await scene.stage.settle()
  return ScheduleExpression
}

export { paces }
