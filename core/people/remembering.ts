import type { PersonAct } from '#contract/people.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import type { Person } from '#ports/identity.ts'
import type { World } from '#ports/world.ts'
import { actRecords } from './records.ts'

type Act = Pick<PersonAct, 'what' | 'before' | 'after' | 'reason'>

/** Accounts are kept apart from the school's tables: what was done is written down right after it. */
export const remember = async (world: World, actor: Pick<Actor, 'id' | 'name'>, { id: person }: Pick<Person, 'id'>, act: Act): Promise<void> => {
  const [id, at] = [world.ids.make('act'), world.clock.now().toISOString()]
  const news = event(world, 'person.changed', { person, what: act.what, by: actor.id, act: id })
  await world.tables.commit([actRecords.put({ id, person, at, by: { id: actor.id, name: actor.name }, ...act })], [news])
}
