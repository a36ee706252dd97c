import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { event, type Hearing, hearing } from '#core/events.ts'
import { progressIn } from '#core/learning/progress.ts'
import { membersOf } from '#core/memberships/followers.ts'
import type { World } from '#ports/world.ts'
import { heatOf } from './heating.ts'
import { keep } from './keeping.ts'
import { gatheringRecords } from './records.ts'

/** A step is short, so that whatever else the school tells itself is not kept waiting. */
const PEOPLE_A_STEP = 25

type Step = { course: string; step: number; of: 'enrolled' | 'members'; page?: string | undefined }

/** Whoever looks at a course for the first time has the learners it had before counted; answers whether that is still going on. */
export const gather = async (world: World, course: string): Promise<boolean> => {
  const { tables, clock } = world
  const state = (await gatheringRecords.get(tables, { course }))?.value
  if (state) return state.doneAt === undefined
  const first = event(world, 'standings.stepped', { course, step: 0, of: 'enrolled' }, `${course}.standings.0`)
  // A conflict: somebody else looked at the same moment, and it goes on all the same.
  await tables.commit([gatheringRecords.add({ course, startedAt: clock.now().toISOString() })], [first])
  return true
}

const peopleOf = async ({ tables }: World, { course, of, page }: Step): Promise<{ people: string[]; next?: string | undefined }> => {
  if (of === 'enrolled') {
    const listed = await enrolmentRecords.listIndex(tables, `learners-of#${course}`, { limit: PEOPLE_A_STEP, ...(page !== undefined && { page }) })
    return { people: listed.items.map(({ learner }) => learner), next: listed.next }
  }
  const from = Number(page ?? 0)
  const members = [...new Set(await membersOf(tables, course))].sort()
  return { people: members.slice(from, from + PEOPLE_A_STEP), next: from + PEOPLE_A_STEP < members.length ? String(from + PEOPLE_A_STEP) : undefined }
}

const following = ({ course, step, of }: Step, next: string | undefined): Step | undefined => {
  if (next !== undefined) return { course, step: step + 1, of, page: next }
  return of === 'enrolled' ? { course, step: step + 1, of: 'members' } : undefined
}

export const gatherings: readonly Hearing[] = [
  hearing('insights.gather', 'standings.stepped', async (world, step) => {
    const { course } = step
    const state = await gatheringRecords.get(world.tables, { course })
    if (!state || state.value.doneAt !== undefined) return
    const { people, next } = await peopleOf(world, step)
    for (const learner of people) {
      await keep(world, { learner, course })
      for (const { lesson } of await progressIn(world.tables, learner, course)) await heatOf(world, { learner, course, lesson })
    }
    const after = following(step, next)
    const told = after ? [event(world, 'standings.stepped', after, `${course}.standings.${after.step}`)] : []
    const done = { ...state.value, ...(!after && { doneAt: world.clock.now().toISOString() }) }
    // A conflict: this step was heard twice at once, and the other has told of the next.
    await world.tables.commit([gatheringRecords.replace(state, done)], told)
  }),
]
