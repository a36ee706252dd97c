import type { Context } from 'aws-lambda'
import { timers } from '#core/platform.ts'
import { randomIds, systemClock } from '../../machine/clock.ts'
import { markOutgoing } from '../../outgoing.ts'
import { openHome } from '../home.ts'
import { during, lineLog } from '../log.ts'
import { readSettings } from '../settings.ts'
import { refreshPeople, runTurn } from '../timers.ts'

markOutgoing()
const settings = readSettings(process.env)
const log = lineLog()
const home = openHome({ settings, clock: systemClock, ids: randomIds(systemClock), log })

/** A schedule calls with the pace whose turn it is: `{ everySeconds }`. */
export const handler = (turn: unknown, { awsRequestId }: Context): Promise<void> =>
  during(awsRequestId, async () => {
    const { world, identity } = await home()
    await runTurn(world, [...timers, refreshPeople(identity)], turn)
  })
