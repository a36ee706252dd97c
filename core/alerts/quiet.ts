import { DAY_MS, HOUR_MS, isBefore, plus } from '#core/moments.ts'
import type { Stored } from '#core/records.ts'
import { type Alert, type AlertKind, type Alerts, type Messenger, REMEMBERED_MS } from '#ports/alerts.ts'
import type { World } from '#ports/world.ts'
import { type AlertState, alertStateRecords, type Heard, heardRecords } from './records.ts'

/** Between one letter of a kind and the next: an hour, and then a day. */
const WAITS_MS = [HOUR_MS, DAY_MS]
/** That it still holds is written down so often, however often it is told. */
const STILL_MS = 10 * 60_000
const MOST_TRIES = 20
/** Each of these has a day by which somebody is to act, or money that is not where it was meant to be. */
const NEVER_GATHERED: ReadonlySet<AlertKind> = new Set(['disputes'])

/** Whether alerts of a kind are told one by one, and at once; while the kind is silent they wait like others. */
export const isNeverGathered = (kind: AlertKind): boolean => NEVER_GATHERED.has(kind)

export const waitMs = (step: number): number => WAITS_MS[Math.min(step, WAITS_MS.length - 1)] ?? HOUR_MS
export const isSilent = ({ silentUntil }: Pick<AlertState, 'silentUntil'>, now: Date): boolean =>
  silentUntil !== undefined && isBefore(now.toISOString(), silentUntil)

type Given = Pick<World, 'tables' | 'clock'> & { messenger: Messenger }
type Found = { heard: Stored<Heard> | undefined; state: Stored<AlertState> | undefined }

/** Puts in place of what was read, or where there was nothing. */
const over = <T>(
  kind: { add(value: T): ReturnType<typeof heardRecords.add>; replace(before: Stored<T>, value: T): ReturnType<typeof heardRecords.add> },
  before: Stored<T> | undefined,
  value: T,
) => (before ? kind.replace(before, value) : kind.add(value))

/** Told alone where all was quiet, or where its kind never waits; but not before what a silence has gathered. */
const isToldAlone = (before: AlertState, now: Date): boolean => {
  if (isSilent(before, now)) return false
  return before.bout === undefined || (isNeverGathered(before.kind) && before.heard === before.told)
}

/** What comes of one that is new: it is told by itself, or waits for the next letter. */
const takenUp = ({ kind, id, subject, text }: Alert, { heard, state }: Found, now: Date): { heard: Heard; state: AlertState } => {
  const before: AlertState = state?.value ?? { kind, heard: 0, told: 0 }
  const [number, at] = [before.heard + 1, now.toISOString()]
  const isAlone = isToldAlone(before, now)
  const fresh = { since: at, first: number, lastAt: at, hasLasted: false, step: 0, nextAt: isAlone ? plus(at, waitMs(0)) : (before.silentUntil ?? at) }
  const bout = before.bout ? { ...before.bout, lastAt: at, ...(isNeverGathered(kind) && !isAlone && { nextAt: fresh.nextAt }) } : fresh
  // A messenger remembers what it has told: what comes again after months has another name.
  const due = heard ? `${id}.${number}` : id
  return {
    heard: { kind, id, number, subject, text, at, ...(isAlone && { due }) },
    state: { ...before, heard: number, told: isAlone ? number : before.told, bout },
  }
}

/** Told again while it holds: no letter, but it is not over. */
const still = async ({ tables, clock }: Given, state: Stored<AlertState> | undefined): Promise<void> => {
  const bout = state?.value.bout
  const now = clock.now()
  if (!state || !bout || now.getTime() - Date.parse(bout.lastAt) < STILL_MS) return
  // Where somebody was faster, it was something newer.
  await tables.commit([alertStateRecords.replace(state, { ...state.value, bout: { ...bout, lastAt: now.toISOString(), hasLasted: true } })])
}

const alone = async ({ tables, messenger }: Given, heard: Heard): Promise<void> => {
  const { due, subject, text } = heard
  if (due === undefined) return
  await messenger.tell({ id: due, subject, text })
  const { due: _, ...told } = heard
  await tables.commit([heardRecords.put(told)])
}

/**
 * Alerts as a person can bear them: the first of a kind at once, and what follows gathered into letters that come after an hour and then once a
 * day, until it is over; of some kinds each at once. What was told lies in the tables: after a restart nothing is told anew, and what was
 * cut short is told once more.
 */
export const quietly = (given: Given): Alerts => ({
  send: (message) => given.messenger.tell(message),
  async tell(alert) {
    const { tables, clock } = given
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const now = clock.now()
      const [heard, state] = await Promise.all([heardRecords.get(tables, alert), alertStateRecords.get(tables, alert)])
      if (heard && now.getTime() - Date.parse(heard.value.at) < REMEMBERED_MS)
        return heard.value.due === undefined ? still(given, state) : alone(given, heard.value)
      const next = takenUp(alert, { heard, state }, now)
      const changes = [over(heardRecords, heard, next.heard), over(alertStateRecords, state, next.state)]
      if ((await tables.commit(changes)) === 'done') return alone(given, next.heard)
    }
    throw new Error(`The alert ${alert.id} could not be written down for others of its kind. Try again.`)
  },
})
