import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import type { World } from '#ports/world.ts'
import { membersOf } from './followers.ts'

/** A step is short, so that whatever else the school tells itself is not kept waiting. */
const PEOPLE_A_STEP = 25

/** Where a walk through everybody who follows a course stands: first those who have begun with it, then those whose memberships open it. */
export type Step = { step: number; of: 'enrolled' | 'members'; page?: string | undefined }

export const FIRST_STEP = { step: 0, of: 'enrolled' } as const satisfies Step

const peopleAt = async ({ tables }: Pick<World, 'tables'>, course: string, { of, page }: Step): Promise<{ people: string[]; next?: string | undefined }> => {
  if (of === 'enrolled') {
    const listed = await enrolmentRecords.listIndex(tables, `learners-of#${course}`, { limit: PEOPLE_A_STEP, ...(page !== undefined && { page }) })
    return { people: listed.items.map(({ learner }) => learner), next: listed.next }
  }
  const from = Number(page ?? 0)
  const members = [...new Set(await membersOf(tables, course))].sort()
  return { people: members.slice(from, from + PEOPLE_A_STEP), next: from + PEOPLE_A_STEP < members.length ? String(from + PEOPLE_A_STEP) : undefined }
}

/** Whether nobody follows it: there is nothing to walk through. */
export const isEmpty = async (world: Pick<World, 'tables'>, course: string): Promise<boolean> =>
  (await peopleAt(world, course, FIRST_STEP)).people.length === 0 && (await peopleAt(world, course, { step: 0, of: 'members' })).people.length === 0

const following = ({ step, of }: Step, next: string | undefined): Step | undefined => {
  if (next !== undefined) return { step: step + 1, of, page: next }
  return of === 'enrolled' ? { step: step + 1, of: 'members' } : undefined
}

/** The people of one step, and the step to go on with, if any. */
export const walk = async (world: Pick<World, 'tables'>, course: string, step: Step): Promise<{ people: string[]; after: Step | undefined }> => {
  const { people, next } = await peopleAt(world, course, step)
  return { people, after: following(step, next) }
}
