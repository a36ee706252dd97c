import { event } from '#core/events.ts'
import type { TaskEnd } from '#ports/tasks.ts'
import type { World } from '#ports/world.ts'
import { type BusNews, newsId } from './bus.ts'

type Ear = Pick<World, 'tables' | 'clock' | 'ids'>

/** What a home calls with each message of the content bus; one that was told before changes nothing. */
export const tellBusNews = async (world: Ear, news: BusNews): Promise<void> =>
  void (await world.tables.commit([], [event(world, news.type, news.detail, newsId(news))]))

/** What a home calls when a program has ended badly. */
export const tellTaskEnd = async (world: Ear, end: TaskEnd): Promise<void> =>
  void (await world.tables.commit([], [event(world, 'task.ended', end, `${end.id}.ended`)]))
