import type { RunState } from '#contract/series.ts'
import { event } from '#core/events.ts'
import { earliest } from '#core/moments.ts'
import { type Stored, together, type Writing } from '#core/records.ts'
import type { Event, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { openRunRecords, runRecords, StoredRun, WHOLE_SCHOOL } from './records.ts'
import { adding, costOf, monthOf } from './spend.ts'

type Ear = Pick<World, 'tables' | 'clock' | 'ids'>

const ENDS = ['refused', 'held', 'failed', 'closed', 'withdrawn', 'live'] as const
const isEnd = (state: RunState): state is (typeof ENDS)[number] => ENDS.some((end) => end === state)

/** What a change of a run has to tell: that it may begin, that it is to be proposed, or how it has ended. */
const eventsOf = (world: Ear, before: StoredRun | undefined, { id: run, series, attempt, state, reason }: StoredRun): Event[] => {
  const isAnew = before === undefined || before.attempt !== attempt
  if (isAnew && state === 'due') return [event(world, 'run.due', { run, attempt })]
  if (isAnew && state === 'drafted') return [event(world, 'run.to-propose', { run, attempt })]
  if (state === 'proposed' && reason?.code === 'unsound' && reason.detail !== before?.reason?.detail) return [event(world, 'run.unsound', { run, series })]
  return before?.state !== state && isEnd(state) ? [event(world, 'run.ended', { run, series, state })] : []
}

/** The list of runs that are looked after names it for as long as there is something to do. */
const listing = ({ id, series, state, nextAt, papersUntil, pull }: StoredRun) => {
  const at = earliest([nextAt, papersUntil])
  return at === undefined ? openRunRecords.remove({ id }) : openRunRecords.put({ id, series, at, state, ...(pull && { pull: pull.number }) })
}

/** A run that begins, to be committed with whatever else its beginning changes. */
export const added = (world: Ear, run: StoredRun): Writing => ({
  ...{ changes: [runRecords.add(run), listing(run)], events: eventsOf(world, undefined, run) },
})

/** What has been spent goes into the month's ledger in the commit that adds it to the run. */
const ledger = async (tables: Tables, before: StoredRun, { after, at }: { after: StoredRun; at: string }): Promise<Writing> => {
  const [was, is] = [costOf(before), costOf(after)]
  if (was.tokens === is.tokens && was.micros === is.micros) return { changes: [], events: [] }
  const more = { tokens: is.tokens - was.tokens, micros: is.micros - was.micros }
  const changes = [after.series, WHOLE_SCHOOL].map((series) => adding(tables, { series, month: monthOf(at) }, more))
  return { changes: await Promise.all(changes), events: [] }
}

/** Writes one step of a run, its events and the month's ledger in one commit. */
export const commitRun = async (
  world: Ear,
  before: Stored<StoredRun>,
  { after, besides }: { after: StoredRun; besides?: Writing },
): Promise<'done' | 'conflict'> => {
  const at = world.clock.now().toISOString()
  const isMoved = before.value.state !== after.state || before.value.attempt !== after.attempt
  const run = isMoved ? { ...after, changedAt: at } : after
  const step: Writing = { changes: [runRecords.replace(before, run), listing(run)], events: eventsOf(world, before.value, run) }
  const { changes, events } = together([step, await ledger(world.tables, before.value, { after: run, at }), ...(besides ? [besides] : [])])
  return world.tables.commit(changes, events)
}

const TRIES = 5

/**
 * Reads a run, has decided what becomes of it, and writes that down; when somebody else has written it meanwhile, it is read and decided
 * anew. Undefined where there is no such run.
 * @throws after some tries, so that a delivery is tried again
 */
export const changeRun = async (world: Ear, id: string, decide: (run: StoredRun, now: string) => StoredRun | undefined): Promise<StoredRun | undefined> => {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = await runRecords.get(world.tables, { id })
    if (!before) return undefined
    const after = decide(before.value, world.clock.now().toISOString())
    // The schema fixes the order of fields.
    if (!after || JSON.stringify(StoredRun.parse(after)) === JSON.stringify(before.value)) return before.value
    if ((await commitRun(world, before, { after })) === 'done') return after
  }
  throw new Error(`Run ${id} is being written by others again and again.`)
}
