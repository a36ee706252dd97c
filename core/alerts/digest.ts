import { eachByItself } from '#core/by-itself.ts'
import type { Timer } from '#core/handlers.ts'
import { after, HOUR_MS, isBefore, plus } from '#core/moments.ts'
import type { Stored } from '#core/records.ts'
import { type AlertKind, type Message, REMEMBERED_MS } from '#ports/alerts.ts'
import type { World } from '#ports/world.ts'
import { isNeverGathered, isSilent, waitMs } from './quiet.ts'
import { type AlertState, alertStateRecords, heardAs, heardRecords, KINDS, oldestHeard, type Sending } from './records.ts'

/** What nobody has told again for so long is over; a sweep that comes hourly tells of it in time. */
const QUIET_MS = 2 * HOUR_MS
const MOST_LINES = 20

const CALLED: Record<AlertKind, string> = {
  payments: 'payments',
  disputes: 'disputes and refunds',
  agreement: 'payments and access that do not agree',
  films: 'films',
  viewers: 'accounts that load films too fast',
  series: 'lessons that are written',
  content: 'courses in Git',
  webhooks: 'webhooks',
  deliveries: 'what the school gave up',
}

const minutes = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`

type Written = Pick<World, 'tables' | 'settings'>

/** Reads no more than it tells of, however many have gathered. */
const digestOf = async ({ tables, settings }: Written, kind: AlertKind, { id, from, to }: Sending): Promise<Message> => {
  const count = to - from + 1
  const numbers = Array.from({ length: Math.min(count, MOST_LINES) }, (_, at) => from + at)
  const found = (await Promise.all(numbers.map((number) => heardAs({ tables }, kind, number)))).filter((each) => each !== undefined)
  const lines = found.map(({ subject, at }) => `${minutes(at)}  ${subject}`)
  const more = count > lines.length ? [`… and ${count - lines.length} more.`] : []
  return {
    id,
    subject: count === 1 ? `One more: ${CALLED[kind]}` : `${count} more: ${CALLED[kind]}`,
    text: [[...lines, ...more].join('\n'), `Each of them in full, and how to have no letters about them for a while: ${settings.url}/school/alerts`].join(
      '\n\n',
    ),
  }
}

const overOf = (kind: AlertKind, { id, from, to, since }: Sending): Message => {
  const count = to - from + 1
  const began = `It began on ${minutes(since)}, and nothing has come since.`
  return {
    id,
    subject: `All clear: ${CALLED[kind]}`,
    text: `${began} ${count === 1 ? 'You were told of it once' : `You were told of ${count}`}. The next will be told at once.`,
  }
}

type Looking = Pick<World, 'tables' | 'settings' | 'clock' | 'alerts'>

/** Sends what was said to be sent, and says that it was. A messenger tells the same letter once. */
const send = async (world: Looking, kind: AlertKind, sending: Sending): Promise<void> => {
  await world.alerts.send(sending.what === 'digest' ? await digestOf(world, kind, sending) : overOf(kind, sending))
  const stored = await alertStateRecords.get(world.tables, { kind })
  if (stored?.value.sending?.id !== sending.id) return
  const { sending: _, ...rest } = stored.value
  // Where an alert came in between, the next turn sends it again, to a messenger that knows it.
  await world.tables.commit([alertStateRecords.replace(stored, rest)])
}

type Bout = NonNullable<AlertState['bout']>

/** What becomes of a kind whose time has come: a letter about what has gathered, the end of it, or a while longer. */
const turned = (state: AlertState, bout: Bout, now: Date): AlertState => {
  const { kind, heard, told } = state
  const [wait, lasts] = [bout.step + 1, now.getTime() - Date.parse(bout.lastAt) < QUIET_MS]
  if (heard > told) {
    const sending: Sending = { id: `alerts.${kind}.${heard}`, what: 'digest', from: told + 1, to: heard, since: bout.since }
    return { ...state, told: heard, sending, bout: { ...bout, step: wait, nextAt: plus(now.toISOString(), waitMs(wait)) } }
  }
  if (lasts) return { ...state, bout: { ...bout, nextAt: plus(bout.lastAt, QUIET_MS) } }
  const { bout: _, ...rest } = state
  // Of one thing that happened once, and does not last, there is nothing to be said twice; and what is told one by one has no end.
  const isWorthIt = !isNeverGathered(kind) && (bout.hasLasted || heard > bout.first)
  return {
    ...rest,
    ...(isWorthIt && { sending: { id: `alerts.${kind}.${heard}.over`, what: 'over' as const, from: bout.first, to: heard, since: bout.since } }),
  }
}

const lookAt = async (world: Looking, stored: Stored<AlertState>): Promise<void> => {
  const { value } = stored
  const [now, { kind, sending, bout }] = [world.clock.now(), value]
  if (isSilent(value, now)) return
  if (sending) return send(world, kind, sending)
  if (!bout || isBefore(now.toISOString(), bout.nextAt)) return
  const next = turned(value, bout, now)
  // Somebody was faster: the next turn sees what they have made of it.
  if ((await world.tables.commit([alertStateRecords.replace(stored, next)])) === 'conflict') return
  // Letters that name alerts wait for the next turn: one of this very moment may not be in an index yet, and would be counted without being named.
  if (next.sending?.what === 'over') await send(world, kind, next.sending)
}

export const lookAtAlerts = (world: Looking): Promise<void> =>
  eachByItself(
    KINDS,
    async (kind) => {
      const stored = await alertStateRecords.get(world.tables, { kind })
      if (stored) await lookAt(world, stored)
    },
    'kinds of alerts',
  )

/** What one commit takes, and some to spare. */
const SWEPT_AT_ONCE = 90

const sweepKind = async (world: Pick<World, 'tables'>, kind: AlertKind, before: string): Promise<void> => {
  let page: string | undefined
  do {
    const { items, next } = await oldestHeard(world, kind, { limit: SWEPT_AT_ONCE, ...(page !== undefined && { page }) })
    const old = items.filter(({ at }) => isBefore(at, before))
    if (old.length > 0) await world.tables.commit(old.map((each) => heardRecords.remove(each)))
    page = old.length < items.length ? undefined : next
  } while (page !== undefined)
}

/** Forgets what is older than a messenger remembers; told again, it is new. */
export const sweepAlerts = (world: Pick<World, 'tables' | 'clock'>): Promise<void> => {
  const before = after(world, -2 * REMEMBERED_MS)
  return eachByItself(KINDS, (kind) => sweepKind(world, kind, before), 'kinds of alerts')
}

export const alertTimers: readonly Timer[] = [
  { name: 'alerts.look', everySeconds: 60, run: lookAtAlerts },
  { name: 'alerts.sweep', everySeconds: 86_400, run: sweepAlerts },
]
