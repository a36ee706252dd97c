import { merged } from '#contract/stretches.ts'
import type { Stretch } from '#contract/watching.ts'
import { event } from '#core/events.ts'
import type { Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import type { StoredStream } from './records.ts'

/** Beats come every few seconds; whoever counts what was watched hears of them this often, and when a sitting ends. */
const NEWS_SECONDS = 300
/** A sitting that jumps about more than this is known by its first stretches. */
const MOST_SHOWN = 60

type Beat = { stream: StoredStream; told: { watched: Stretch[] } }

/** What a learner's beat tells the rest of the school, and what its stream keeps for that. */
export const newsOf = (
  world: Pick<World, 'clock' | 'ids'>,
  before: StoredStream,
  { stream, told }: Beat,
): { events: Event[]; kept?: Pick<StoredStream, 'shown' | 'newsAt'> } => {
  const now = world.clock.now()
  const shown = merged([...(before.shown ?? []), ...told.watched]).slice(0, MOST_SHOWN)
  const isDue = before.newsAt === undefined || now.getTime() - Date.parse(before.newsAt) >= NEWS_SECONDS * 1000
  const hasEnded = stream.ended !== undefined && before.ended === undefined
  if (!isDue && !hasEnded) return { events: [], kept: { shown } }
  const { person: learner = '', course, lesson, id } = stream
  return { events: [event(world, 'progress.moved', { learner, course, lesson, stream: id })], kept: { shown, newsAt: now.toISOString() } }
}
