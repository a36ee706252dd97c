import { CourseRight, type Help, type Part } from '#contract/helpers.ts'
import { hasRole } from '#contract/roles.ts'
import type { Actor } from '#core/handlers.ts'
import { helperRecords } from '#core/helpers/records.ts'
import type { Tables } from '#ports/tables.ts'

/**
 * What is done with a course, for each its own right. `see`: look at it as it is written, which everybody may who has a part in it ·
 * `teach`: publish it, price it, speak to its learners in its name · `earn`: see what it earns · `own`: remove it, say who teaches.
 */
export type CourseAct = 'see' | CourseRight | 'teach' | 'earn' | 'own'

const ALL_RIGHTS = CourseRight.options

/** What a course's helper is let do. */
const helping = (help: Help): Part =>
  help.as === 'co-teacher' ? { as: help.as, rights: ALL_RIGHTS, seesRevenue: help.seesRevenue } : { as: help.as, rights: help.rights, seesRevenue: false }

type OfCourse = { id: string; teacherId: string }

/** How somebody stands to a course, published or not: its teacher, who runs the school, who helps; undefined where they have no part in it. */
export const partIn = async (tables: Tables, actor: Actor, { id, teacherId }: OfCourse): Promise<Part | undefined> => {
  // Whose role was taken has no desk any more, and no part in it by what they once made.
  if (actor.id === teacherId && hasRole(actor, 'instructor')) return { as: 'teacher', rights: ALL_RIGHTS, seesRevenue: true }
  if (hasRole(actor, 'admin')) return { as: 'admin', rights: ALL_RIGHTS, seesRevenue: true }
  const helper = await helperRecords.get(tables, { person: actor.id, course: id })
  return helper && helping(helper.value.help)
}

/** Whether a part in a course is enough for what is to be done. */
export const allows = ({ as, rights, seesRevenue }: Part, act: CourseAct): boolean => {
  switch (act) {
    case 'see':
      return true
    case 'teach':
      return as !== 'assistant'
    case 'earn':
      return seesRevenue
    case 'own':
      return as === 'teacher' || as === 'admin'
    default:
      return rights.includes(act)
  }
}

/** Whether somebody may do it; nobody may where there is nobody. */
export const mayDo = async (tables: Tables, actor: Actor | undefined, course: OfCourse, act: CourseAct): Promise<boolean> => {
  const part = actor && (await partIn(tables, actor, course))
  return part !== undefined && allows(part, act)
}
