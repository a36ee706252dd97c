import { courseRecords } from '#core/courses/records.ts'
import { unguardedDraftRemoval } from '#core/courses/removal.ts'
import { event } from '#core/events.ts'
import { all } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { contentGoneRecords, type StoredGone } from './records.ts'
import { forgetTexts } from './texts.ts'

/** How long a lesson whose file is gone can come back with its video and all. */
const GONE_DAYS = 30

const removeGone = async (world: World, gone: StoredGone): Promise<void> => {
  const { tables } = world
  const course = await courseRecords.get(tables, { id: gone.course })
  const isThere = course?.value.sections.some(({ lessons }) => lessons.includes(gone.lesson)) ?? false
  const holds = course ? [courseRecords.holds(course)] : []
  // A course that left the repository has kept its lessons.
  const removal = isThere ? { changes: [], events: [] } : await unguardedDraftRemoval(world, gone.lesson)
  const told = isThere ? [] : [event(world, 'course.files-changed', { course: gone.course })]
  await tables.commit([...holds, contentGoneRecords.remove(gone), ...removal.changes], [...removal.events, ...told])
}

export const sweepGone = async (world: World): Promise<void> => {
  const { tables, clock } = world
  const gone = await all((page) => contentGoneRecords.list(tables, 'content-gone', { limit: 1000, ...(page !== undefined && { page }) }), 50_000)
  const before = new Date(clock.now().getTime() - GONE_DAYS * 24 * 3_600_000).toISOString()
  for (const each of gone) if (each.at < before) await removeGone(world, each)
}

/** Texts of files that are gone are read again should they come back. */
export const sweepTexts = async (world: World): Promise<void> => {
  const head = await world.repository?.head()
  if (world.repository && head !== undefined) await forgetTexts(world, await world.repository.files(head))
}
