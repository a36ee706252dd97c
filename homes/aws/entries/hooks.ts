import { randomIds, systemClock } from '../../machine/clock.ts'
import { hooks } from '../hooks.ts'
import { openInbox } from '../inbox.ts'
import { lineLog } from '../log.ts'
import { readSettings } from '../settings.ts'

const settings = readSettings(process.env)
const log = lineLog()
const inbox = openInbox({ settings, clock: systemClock, ids: randomIds(systemClock), log })

export const handler = hooks({ log, inbox })
