import type { Context } from 'aws-lambda'
import { timers } from '#core/platform.ts'
import { randomIds, systemClock } from '../../machine/clock.ts'
import { markOutgoing } from '../../outgoing.ts'
import { openEmf } from '../emf.ts'
import { openHome } from '../home.ts'
import { during, lineLog } from '../log.ts'
import { readSettings } from '../settings.ts'
import { refreshPeople, runTurn } from '../timers.ts'

markOutgoing()
const settings = readSettings(process.env)
const log = lineLog()
const { measure, telling } = openEmf({ isMeasured: settings.isMeasured, school: settings.table })
const home = openHome({ settings, clock: systemClock, ids: randomIds(systemClock), log, measure })

/** A schedule calls with the pace whose turn it is: `{ everySeconds }`. */
const turned = (turn: unknown, { awsRequestId }: Context): Promise<void> =>
  during(awsRequestId, async () => {
    const { world, identity } = await home()
    await runTurn(world, [...timers, refreshPeople(identity)], turn)
  })

export const handler = telling(turned)
