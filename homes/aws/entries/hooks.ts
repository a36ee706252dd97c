import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { randomIds, systemClock } from '../../machine/clock.ts'
import { edgeDoor } from '../edge-door.ts'
import { hooks } from '../hooks.ts'
import { openInbox } from '../inbox.ts'
import { lineLog } from '../log.ts'
import { readSettings } from '../settings.ts'

const settings = readSettings(process.env)
const log = lineLog()
const admits = edgeDoor({ client: new SecretsManagerClient({ region: settings.region }), arn: settings.edgeSecret, clock: systemClock })
const inbox = openInbox({ settings, clock: systemClock, ids: randomIds(systemClock), log })

export const handler = hooks({ log, admits, inbox })
