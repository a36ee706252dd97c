import type { PartState, Status } from '#contract/desks.ts'
import type { StoredVideo } from '#core/media/records.ts'
import { after, DAY_MS, earliest, HOUR_MS, isBefore } from '#core/moments.ts'
import { toldUnreached } from '#core/money/worries.ts'
import { hookRecords } from '#core/payments/records.ts'
import type { World } from '#ports/world.ts'
import { BOUNDS } from './bounds.ts'
import { newestFilms } from './films.ts'
import { newestLetters } from './letters.ts'

const LOOKED_AT = 50
const KEPT_MS = 30_000

const stateOf = (part: PartState['part'], since: string | undefined): PartState =>
  since === undefined ? { part, state: 'normal' } : { part, state: 'delayed', since }

/** Since the post took one last, it has refused too many tries, of more than one letter that is newer: one may have the wrong address. */
const lettersLate = async (world: World): Promise<string | undefined> => {
  const newest = await newestLetters(world, LOOKED_AT)
  const taken = newest.findIndex(({ state }) => state === 'sent')
  // One that was refused before that is tried again for days, and says nothing of the post.
  const from = newest[taken]?.at ?? after(world, -DAY_MS)
  const refused = (taken < 0 ? newest : newest.slice(0, taken)).filter(({ since }) => !isBefore(since, from))
  const tries = refused.reduce((sum, { attempts }) => sum + attempts, 0)
  return refused.length > 1 && tries > BOUNDS.lettersFailed ? earliest(refused.map(({ since }) => since)) : undefined
}

/** A film whose file cannot be used is no fault of the school's. */
const isOurs = ({ state, verdict }: StoredVideo): boolean => state === 'failed' && verdict?.kind !== 'refused'

const filmsLate = async (world: World): Promise<string | undefined> => {
  const films = await newestFilms(world, LOOKED_AT)
  const [hourAgo, stuckSince] = [after(world, -HOUR_MS), after(world, -BOUNDS.stuckSeconds * 1000)]
  const failed = films.flatMap((film) => (isOurs(film) && film.times.ended !== undefined && !isBefore(film.times.ended, hourAgo) ? [film.times.ended] : []))
  const untouched = films.flatMap(({ state, times }) => {
    const since = state === 'uploaded' ? (times.asked ?? times.uploaded) : undefined
    return since !== undefined && isBefore(since, stuckSince) ? [since] : []
  })
  return earliest([...untouched, ...(failed.length > BOUNDS.filmsFailed ? failed : [])])
}

/** News of payments that nobody has worked off, and orders whose buyers were told that the provider does not answer. */
const paymentsLate = async (world: World): Promise<string | undefined> => {
  const { items } = await hookRecords.listIndex(world.tables, 'hooks#received', { limit: 1 })
  const stuckSince = after(world, -BOUNDS.stuckSeconds * 1000)
  const waiting = items.flatMap(({ receivedAt }) => (isBefore(receivedAt, stuckSince) ? [receivedAt] : []))
  return earliest([...waiting, ...(await toldUnreached(world.tables))])
}

/** How everything stands that can be late: for everybody, for whoever runs the school, and for its checks alike. */
export const partStates = async (world: World): Promise<PartState[]> => {
  const [films, letters, payments] = await Promise.all([filmsLate(world), lettersLate(world), paymentsLate(world)])
  return [stateOf('films', films), stateOf('letters', letters), stateOf('payments', payments)]
}

const held = new WeakMap<World['tables'], { until: number; status: Promise<Status> }>()

const look = async (world: World): Promise<Status> => {
  const parts = await partStates(world)
  return { state: parts.every(({ state }) => state === 'normal') ? 'normal' : 'delayed', at: world.clock.now().toISOString(), parts }
}

/** Anybody may ask, as often as they like: a process looks once in half a minute. */
export const status = (world: World): Promise<Status> => {
  const now = world.clock.now().getTime()
  const before = held.get(world.tables)
  if (before && now < before.until) return before.status
  const looking = look(world)
  held.set(world.tables, { until: now + KEPT_MS, status: looking })
  // One that failed is not kept.
  looking.catch(() => held.delete(world.tables))
  return looking
}
