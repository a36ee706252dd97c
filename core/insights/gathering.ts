import { event, type Hearing, hearing } from '#core/events.ts'
import { progressIn } from '#core/learning/progress.ts'
import { FIRST_STEP, isEmpty, walk } from '#core/memberships/walking.ts'
import type { World } from '#ports/world.ts'
import { heatOf } from './heating.ts'
import { keep } from './keeping.ts'
import { gatheringRecords } from './records.ts'

/** Whoever looks at a course for the first time has the learners it had before counted; answers whether that is still going on. */
export const gather = async (world: World, course: string): Promise<boolean> => {
  const { tables, clock } = world
  const state = (await gatheringRecords.get(tables, { course }))?.value
  if (state) return state.doneAt === undefined
  const startedAt = clock.now().toISOString()
  if (await isEmpty(world, course)) {
    await tables.commit([gatheringRecords.add({ course, startedAt, doneAt: startedAt })])
    return false
  }
  const first = event(world, 'standings.stepped', { course, ...FIRST_STEP }, `${course}.standings.0`)
  // A conflict: somebody else looked at the same moment, and it goes on all the same.
  await tables.commit([gatheringRecords.add({ course, startedAt })], [first])
  return true
}

export const gatherings: readonly Hearing[] = [
  hearing('insights.gather', 'standings.stepped', async (world, step) => {
    const { course } = step
    const state = await gatheringRecords.get(world.tables, { course })
    if (!state || state.value.doneAt !== undefined) return
    const { people, after } = await walk(world, course, step)
    for (const learner of people) {
      await keep(world, { learner, course })
      for (const { lesson } of await progressIn(world.tables, learner, course)) await heatOf(world, { learner, course, lesson })
    }
    const told = after ? [event(world, 'standings.stepped', { course, ...after }, `${course}.standings.${after.step}`)] : []
    const done = { ...state.value, ...(!after && { doneAt: world.clock.now().toISOString() }) }
    // A conflict: this step was heard twice at once, and the other has told of the next.
    await world.tables.commit([gatheringRecords.replace(state, done)], told)
  }),
]
