import { event } from '#core/events.ts'
import type { RepositoryNews } from '#ports/repository.ts'
import type { World } from '#ports/world.ts'
import { repositoryHookRecords } from './records.ts'

/** News that is here already changes nothing, and is told to nobody again. */
export const storeRepositoryNews = async (
  world: Pick<World, 'tables' | 'clock' | 'ids'>,
  { id, kind, pull, branch }: RepositoryNews,
): Promise<'stored' | 'known'> => {
  const about = { ...(pull !== undefined && { pull }), ...(branch !== undefined && { branch }) }
  const told = event(world, 'repository.changed', { because: 'hook', ...(pull !== undefined && { pull }) }, `${id}.received`)
  const hook = repositoryHookRecords.add({ id, kind, receivedAt: world.clock.now().toISOString(), ...about })
  return (await world.tables.commit([hook], [told])) === 'done' ? 'stored' : 'known'
}
