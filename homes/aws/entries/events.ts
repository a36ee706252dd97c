import { join } from 'node:path'
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { listeners } from '#core/events.ts'
import { hearings } from '#core/platform.ts'
import { randomIds, systemClock } from '../../machine/clock.ts'
import { markOutgoing } from '../../outgoing.ts'
import { openEmf } from '../emf.ts'
import { hear } from '../events.ts'
import { openHome } from '../home.ts'
import { during, lineLog } from '../log.ts'
import { hearNews, isNews } from '../news.ts'
import { readSettings } from '../settings.ts'

markOutgoing()
const settings = readSettings(process.env)
const log = lineLog()
// Laid beside the bundle: whoever hears that something is published draws its pages.
const drawing = join(import.meta.dirname, 'drawing', 'draw.js')
const { measure, telling } = openEmf({ isMeasured: settings.isMeasured, school: settings.table })
const home = openHome({ settings, clock: systemClock, ids: randomIds(systemClock), log, measure, drawing })

/** What a queue hands on: events for listeners, and news of AWS's own. */
const heardOf = ({ Records }: SQSEvent, { awsRequestId }: Context): Promise<SQSBatchResponse> =>
  during(awsRequestId, async () => {
    const opened = await home()
    const { queuesUrl, table } = settings
    const heard = hear({ ...opened, queuesUrl, table, listeners: listeners(opened.world, hearings), clock: systemClock, log })
    const answers = await Promise.all([
      heard({ Records: Records.filter((record) => !isNews(record)) }),
      hearNews({ ...opened, queuesUrl })({ Records: Records.filter(isNews) }),
    ])
    return { batchItemFailures: answers.flatMap(({ batchItemFailures }) => batchItemFailures) }
  })

export const handler = telling(heardOf)
