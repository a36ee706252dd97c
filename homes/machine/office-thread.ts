import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { listeners } from '#core/events.ts'
import { loggedMail } from '#core/operations/letters.ts'
import { hearings } from '#core/platform.ts'
import type { Alerts } from '#ports/alerts.ts'
import type { Identity } from '#ports/identity.ts'
import type { Log } from '#ports/log.ts'
import type { Settings, World } from '#ports/world.ts'
import { type SmtpOptions, smtpMail } from '#vendors/mail/mail.ts'
import type { StripeOptions } from '#vendors/stripe/client.ts'
import { stripePayments } from '#vendors/stripe/stripe.ts'
import { requestNow } from '../during.ts'
import { type Measure, notMeasured } from '../metrics/catalogue.ts'
import { measuredMail, measuredTables } from '../metrics/measured.ts'
import { markOutgoing } from '../outgoing.ts'
import { keepSpans, type Span } from '../tracing.ts'
import { randomIds, systemClock } from './clock.ts'
import { events } from './events.ts'
import { tidyHeap } from './heap.ts'
import { isOfTheOffice } from './office-listeners.ts'
import { reachSchoolFile } from './school-file.ts'
import { tables } from './tables.ts'

/** What it is started with: its own way to the school's database, and how the post office and the payment provider are reached. */
export type OfficeData = {
  path: string
  line: MessagePort
  settings: Settings
  mail: Omit<SmtpOptions, 'requestNow'>
  payments: Omit<StripeOptions, 'clock'>
  isMeasured: boolean
  isTraced: boolean
}
/** What stays with the thread that serves, and is asked there. Each takes one thing, and all of it is plain data. */
export type Reach = Pick<Identity, 'find' | 'findByEmail' | 'list'> & Alerts

export type FromOffice =
  | 'wake'
  | { measures: Parameters<Measure> }
  | { span: Span }
  | { number: number; ask: keyof Reach; given: unknown }
  | { says: Exclude<keyof Log, 'error'>; message: string; fields: Record<string, unknown> | undefined }
  | { says: 'error'; message: string; error: unknown; fields: Record<string, unknown> | undefined }
export type ToOffice = 'wake' | 'stop' | { number: number; result: unknown } | { number: number; error: unknown }

if (!parentPort) throw new Error('This works for another thread, which starts it.')
const starter = parentPort
const tell = (told: FromOffice): void => starter.postMessage(told)
// What `office.ts` starts it with.
const { path, line, settings, mail, payments, isMeasured, isTraced } = workerData as OfficeData

/** Before the encoders, which come last of all, and behind whoever answers requests. */
const NICENESS = 15
// Linux keeps a priority for each thread, by its own number; elsewhere a process has but one.
if (process.platform === 'linux') setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICENESS)

markOutgoing()
// Sent where the others are.
if (isTraced) keepSpans((span) => tell({ span }))

const waiting = new Map<number, PromiseWithResolvers<unknown>>()
let asked = 0
const reach = <K extends keyof Reach>(ask: K): Reach[K] =>
  // The other thread answers with what that very function does.
  ((given: unknown) => {
    asked += 1
    const answer = Promise.withResolvers<unknown>()
    waiting.set(asked, answer)
    tell({ number: asked, ask, given })
    return answer.promise
  }) as Reach[K]

/** The thread that writes it down does not know for which request it was said. */
const underRequest = (fields: Record<string, unknown> | undefined) => ({ request: requestNow(), ...fields })

const log: Log = {
  info: (message, fields) => tell({ says: 'info', message, fields: underRequest(fields) }),
  warn: (message, fields) => tell({ says: 'warn', message, fields: underRequest(fields) }),
  error: (message, error, fields) => tell({ says: 'error', message, error, fields: underRequest(fields) }),
}

/** What none of the office's listeners has a use for; one that had would be told again and again, and then shelved with this reason. */
const absent = <T extends object>(port: string): T =>
  // Whatever is asked of it throws: nothing of the shape is ever used.
  new Proxy({} as T, {
    get: (_, name) => {
      throw new Error(`${port}.${String(name)} is out of the office's reach.`)
    },
  })

const file = reachSchoolFile(path, line)
const outbox = events({ file, clock: systemClock, log, share: { tells: isOfTheOffice, wakeOthers: () => tell('wake') } })
/** Added up where the rest is. */
const measure: Measure = isMeasured ? (...measures) => tell({ measures }) : notMeasured
const store = measuredTables(tables({ file, outbox }), measure)
const post = loggedMail(measuredMail(smtpMail({ ...mail, requestNow }), measure), { tables: store, clock: systemClock, log })
const world: World = {
  ...{ tables: store, events: outbox, mail: post, payments: stripePayments({ ...payments, clock: systemClock }) },
  ...{ clock: systemClock, ids: randomIds(systemClock), log, settings, transcription: undefined, repository: undefined, pages: undefined },
  ...{
    identity: { ...absent<Identity>('identity'), find: reach('find'), findByEmail: reach('findByEmail'), list: reach('list') },
    alerts: { tell: reach('tell'), send: reach('send') },
  },
  ...{
    objects: absent('objects'),
    webhooks: absent('webhooks'),
    transcoder: absent('transcoder'),
    keys: absent('keys'),
    tasks: absent('tasks'),
    drafts: absent('drafts'),
    premises: absent('premises'),
  },
}

let isStopping = false
const stop = async (): Promise<void> => {
  isStopping = true
  await outbox.stop()
  post.close()
  await file.close()
  starter.close()
}

// With the thread that writes this one ends, for there is another line to the next; what it was telling is told again.
line.on('close', () => isStopping || process.exit(1))
starter.on('message', (told: ToOffice) => {
  if (told === 'wake') return outbox.look()
  if (told === 'stop') return void stop()
  const answer = waiting.get(told.number)
  waiting.delete(told.number)
  if ('error' in told) answer?.reject(told.error)
  else answer?.resolve(told.result)
})
tidyHeap()
outbox.listen(listeners(world, hearings))
outbox.start()
