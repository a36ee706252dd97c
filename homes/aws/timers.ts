import * as z from 'zod'
import type { Timer } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import type { AwsIdentity } from './identity.ts'
import { underLease } from './lease.ts'
import { PEOPLE_REFRESH_SECONDS } from './wiring.ts'

/** The directory follows the pool: whoever joined or changed unheard, as in the pool's own console, is known some hours later. */
export const refreshPeople = ({ refresh }: Pick<AwsIdentity, 'refresh'>): Timer => ({
  name: 'people.refresh',
  everySeconds: PEOPLE_REFRESH_SECONDS,
  run: async () => {
    let page: string | undefined
    do page = await refresh(page)
    while (page !== undefined)
  },
})

const Turn = z.object({ everySeconds: z.number() })

/**
 * Runs every timer of one pace, each by itself: a fault of one is logged at once and told when all have had their turn. One that is still
 * at its last turn is left to it.
 * @throws an AggregateError then, so that the function counts as failed
 */
export const runTurn = async (world: World, timers: readonly Timer[], turn: unknown): Promise<void> => {
  const { everySeconds } = Turn.parse(turn)
  const due = timers.filter((timer) => timer.everySeconds === everySeconds)
  if (due.length === 0) throw new Error(`No timer runs every ${everySeconds} seconds.`)
  const faults: unknown[] = []
  const failed: string[] = []
  const run = async ({ name, run: work }: Timer): Promise<void> => {
    try {
      const outcome = await underLease(world, name, () => work(world))
      if (outcome === 'busy') world.log.warn('timer still at its last turn', { timer: name })
    } catch (error) {
      world.log.error('timer failed', error, { timer: name })
      faults.push(error)
      failed.push(name)
    }
  }
  await Promise.all(due.map(run))
  if (faults.length > 0) throw new AggregateError(faults, `Timers failed: ${failed.toSorted().join(', ')}.`)
}
