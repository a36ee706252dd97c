import type { Hindrance } from '#contract/privacy.ts'
import { isStaff } from '#contract/roles.ts'
import { courseRecords } from '#core/courses/records.ts'
import { membershipsOf } from '#core/memberships/records.ts'
import type { Person } from '#ports/identity.ts'
import type { World } from '#ports/world.ts'

export const teaches = async ({ tables }: Pick<World, 'tables'>, { id }: Pick<Person, 'id'>): Promise<boolean> =>
  (await courseRecords.listIndex(tables, `teacher#${id}`, { limit: 1 })).items.length > 0

export const pays = async ({ tables }: Pick<World, 'tables'>, { id }: Pick<Person, 'id'>): Promise<boolean> =>
  (await membershipsOf(tables, id)).some(({ endedAt }) => endedAt === undefined)

/** What keeps somebody from leaving by themselves. */
export const hindrancesOf = async (world: Pick<World, 'tables'>, person: Person): Promise<Hindrance[]> => [
  ...((await teaches(world, person)) ? (['teaches'] as const) : []),
  ...((await pays(world, person)) ? (['membership'] as const) : []),
  ...(isStaff(person.roles) ? (['staff'] as const) : []),
]
