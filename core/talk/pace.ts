import { Refusal } from '#core/refusal.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import type { Ground } from './ground.ts'
import { paceRecords } from './records.ts'

const WINDOW_MS = 10 * 60_000
/** In ten minutes, over all courses: posts weigh more than a vote or a report. */
const MOST = { learner: 60, staff: 600 }
export const WEIGHTS = { post: 3, report: 3, mark: 1 } as const

/** Belongs into the commit of what is written: counts it, or refuses what comes too fast. */
export const paced = async ({ tables, clock }: Pick<World, 'tables' | 'clock'>, { writer, isStaff }: Ground, what: keyof typeof WEIGHTS): Promise<Change> => {
  const at = clock.now().toISOString()
  const before = await paceRecords.get(tables, { person: writer.id })
  if (!before) return paceRecords.add({ person: writer.id, since: at, count: WEIGHTS[what] })
  const { since, count } = before.value
  const isOver = Date.parse(at) - Date.parse(since) >= WINDOW_MS
  const after = isOver ? { since: at, count: WEIGHTS[what] } : { since, count: count + WEIGHTS[what] }
  if (after.count > (isStaff ? MOST.staff : MOST.learner)) throw new Refusal('too-many', 'You are writing very much at once. Wait some minutes.')
  return paceRecords.replace(before, { person: writer.id, ...after })
}
