import type { Timer } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import { during } from '../during.ts'
import { rootSpanned } from '../tracing.ts'

/** Runs each timer at the start, since few machines are on for a day, and then on its interval, never twice at once; a fault is logged and the next turn comes all the same. */
export const runTimers = (world: World, timers: readonly Timer[]): { start(): void; stop(): Promise<void> } => {
  const handles: NodeJS.Timeout[] = []
  const underWay = new Map<string, Promise<void>>()
  const turn = (timer: Timer): void => {
    if (underWay.has(timer.name)) return
    const run = during(world.ids.make('turn'), () =>
      rootSpanned({ kind: 'internal', describe: () => ({ name: `timer ${timer.name}` }) }, () => timer.run(world)),
    )
      .catch((error: unknown) => world.log.error('timer failed', error, { timer: timer.name }))
      .finally(() => underWay.delete(timer.name))
    underWay.set(timer.name, run)
  }
  return {
    start: () => {
      for (const timer of timers) {
        turn(timer)
        handles.push(setInterval(() => turn(timer), timer.everySeconds * 1000))
      }
    },
    stop: async () => {
      for (const handle of handles) clearInterval(handle)
      await Promise.all(underWay.values())
    },
  }
}
