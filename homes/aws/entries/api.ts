import { join } from 'node:path'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { randomIds, systemClock } from '../../machine/clock.ts'
import { markOutgoing } from '../../outgoing.ts'
import { api } from '../api.ts'
import { edgeDoor } from '../edge-door.ts'
import { openEmf } from '../emf.ts'
import { openHome } from '../home.ts'
import { lineLog } from '../log.ts'
import { readSettings } from '../settings.ts'

markOutgoing()
const settings = readSettings(process.env)
const log = lineLog()
const { measure, telling } = openEmf({ isMeasured: settings.isMeasured, school: settings.table })
const home = openHome({ settings, clock: systemClock, ids: randomIds(systemClock), log, measure })

const answer = api({
  log,
  admits: edgeDoor({ client: new SecretsManagerClient({ region: settings.region }), arn: settings.edgeSecret, clock: systemClock }),
  url: settings.url,
  world: async () => (await home()).world,
  // Laid beside the bundle.
  docsFolder: join(import.meta.dirname, 'swagger-ui'),
})

export const handler = telling(async (...call: Parameters<typeof answer>) => {
  const began = performance.now()
  try {
    return await answer(...call)
  } finally {
    measure('http.server.request.duration', (performance.now() - began) / 1000)
  }
})
