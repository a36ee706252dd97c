import { type alerts as contract, type KindOfAlert, MOST_SILENT_DAYS } from '#contract/alerts.ts'
import type { Feature, Handlers } from '#core/handlers.ts'
import { DAY_MS, isBefore } from '#core/moments.ts'
import { Refusal } from '#core/refusal.ts'
import type { AlertKind } from '#ports/alerts.ts'
import type { World } from '#ports/world.ts'
import { alertTimers } from './digest.ts'
import { isSilent } from './quiet.ts'
import { type AlertState, alertStateRecords, KINDS, newestHeard } from './records.ts'

type Handler<V extends keyof typeof contract> = Handlers<typeof contract>[V]

const MOST_SHOWN = 50
const MOST_TRIES = 5

const quiet = (kind: AlertKind): AlertState => ({ kind, heard: 0, told: 0 })

const shown = (state: AlertState, now: Date): KindOfAlert => {
  const { kind, heard, told, bout, silentUntil } = state
  const waiting = heard - told
  // While it is silent nothing goes out, whatever was planned.
  const nextAt = bout && silentUntil !== undefined && isSilent(state, now) && isBefore(bout.nextAt, silentUntil) ? silentUntil : bout?.nextAt
  return {
    ...{ kind, waiting, count: bout ? heard - bout.first + 1 : 0 },
    ...(bout && { since: bout.since }),
    ...(waiting > 0 && nextAt !== undefined && { nextAt }),
    ...(isSilent(state, now) && { silentUntil }),
  }
}

const list: Handler<'list'> = async ({ tables, clock }) => {
  const now = clock.now()
  const states = await Promise.all(KINDS.map(async (kind) => (await alertStateRecords.get(tables, { kind }))?.value ?? quiet(kind)))
  const heard = await Promise.all(
    states.map(async ({ kind, told }) =>
      (await newestHeard({ tables }, kind, MOST_SHOWN)).map(({ number, subject, text, at }) => ({ kind, number, subject, text, at, isWaiting: number > told })),
    ),
  )
  const latest = heard.flat().toSorted((a, b) => (a.at < b.at ? 1 : -1))
  return { kinds: states.map((state) => shown(state, now)), latest: latest.slice(0, MOST_SHOWN) }
}

const changed = async ({ tables }: World, kind: AlertKind, to: (before: AlertState) => AlertState): Promise<void> => {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const stored = await alertStateRecords.get(tables, { kind })
    const next = to(stored?.value ?? quiet(kind))
    if ((await tables.commit([stored ? alertStateRecords.replace(stored, next) : alertStateRecords.add(next)])) === 'done') return
  }
  throw new Error(`Alerts of ${kind} came too fast to be silenced.`)
}

const silence: Handler<'silence'> = async (world, _owner, { kind, until }) => {
  const now = world.clock.now()
  if (!isBefore(now.toISOString(), until)) throw new Refusal('bad-input', 'Choose a day that is still to come.')
  if (Date.parse(until) - now.getTime() > MOST_SILENT_DAYS * DAY_MS) throw new Refusal('bad-input', `At most ${MOST_SILENT_DAYS} days from now.`)
  await changed(world, kind, (before) => ({ ...before, silentUntil: until }))
  return { done: true }
}

const unsilence: Handler<'unsilence'> = async (world, _owner, { kind }) => {
  await changed(world, kind, ({ silentUntil: _, ...rest }) => ({
    ...rest,
    ...(rest.bout && { bout: { ...rest.bout, nextAt: world.clock.now().toISOString() } }),
  }))
  return { done: true }
}

export const alerts: Feature<typeof contract> = { handlers: { list, silence, unsilence }, hearings: [], timers: alertTimers }
