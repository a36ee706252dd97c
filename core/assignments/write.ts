import { type AssignmentRules, unsoundRules } from '#contract/assignments.ts'
import { refuseKeptLesson } from '#core/courses/kept.ts'
import { MOST_LESSON_BYTES } from '#core/courses/limits.ts'
import { ownLesson, saveCourse } from '#core/courses/outline.ts'
import { lessonRecords } from '#core/courses/records.ts'
import type { Actor } from '#core/handlers.ts'
import { bytesOf } from '#core/quizzes/paper.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'

type Rules = { lesson: string; rules: AssignmentRules }

export const write = async (world: World, actor: Actor, { lesson: id, rules }: Rules): Promise<AssignmentRules> => {
  const { lesson, course } = await ownLesson(world.tables, actor, id, { to: 'edit' })
  refuseKeptLesson(lesson.value)
  if (lesson.value.kind !== 'assignment') throw new Refusal('bad-input', 'Only an assignment is handed in.')
  const problem = unsoundRules(rules)
  if (problem !== undefined) throw new Refusal('bad-input', `The rubric ${problem}.`)
  const after = { ...lesson.value, assignment: rules }
  if (bytesOf(after) > MOST_LESSON_BYTES) throw new Refusal('too-large', 'This lesson is too large: its text and its rubric have to be shorter.')
  await saveCourse(world, course, { course: {}, changes: [lessonRecords.replace(lesson, after)] })
  return rules
}
