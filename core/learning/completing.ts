import { event } from '#core/events.ts'
import type { Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import type { StoredProgress } from './progress.ts'

/** What is to be told in the commit that writes `after`: that the lesson was completed, where it was not so before. */
export const completion = (world: Pick<World, 'clock' | 'ids'>, before: StoredProgress | undefined, after: StoredProgress): Event[] => {
  const { learner, course, lesson, isCompleted } = after
  return isCompleted && !before?.isCompleted ? [event(world, 'lesson.completed', { learner, course, lesson })] : []
}
