import { courseRecords, publicationRecords } from '#core/courses/records.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { wordsFor } from '#core/notifications/language.ts'
import { notify } from '#core/notifications/notify.ts'
import type { Tables } from '#ports/tables.ts'
import { handingRecords } from './records.ts'

const teacherOf = async (tables: Tables, course: string): Promise<string | undefined> =>
  (await courseRecords.get(tables, { id: course }))?.value.teacher.id ?? (await publicationRecords.get(tables, { id: course }))?.value.teacherId

const handedIn = hearing('assignments.tell-handed-in', 'assignment.handed-in', async (world, { handing: id, course }) => {
  const handing = (await handingRecords.get(world.tables, { id }))?.value
  const person = await teacherOf(world.tables, course)
  if (!handing || person === undefined) return
  const { learner, lesson, number } = handing
  const { assignment } = await wordsFor(world, person)
  const subject = assignment.handedIn(learner.name, lesson.title)
  const text = number > 1 ? assignment.again(number) : undefined
  await notify(world, { person, kind: 'assignment', id: `${id}.handed-in`, subject, text, path: `/teach/handings/${id}`, names: [learner.id] })
})

const graded = hearing('assignments.tell-graded', 'assignment.graded', async (world, { handing: id, learner, course, lesson, isPassed, time }) => {
  const handing = (await handingRecords.get(world.tables, { id }))?.value
  // Graded anew since: that is told by itself.
  if (!handing?.grade || handing.gradings !== time) return
  const { assignment } = await wordsFor(world, learner)
  const subject = assignment[isPassed ? 'passed' : 'cameBack'](handing.lesson.title)
  const { feedback } = handing.grade
  await notify(world, {
    person: learner,
    kind: 'assignment',
    id: `${id}.graded.${time}`,
    subject,
    text: feedback || undefined,
    path: `/learn/${course}/${lesson}`,
  })
})

/** Who is told of what: the teacher of what came in, the learner of what was said to it. */
export const tellings: readonly Hearing[] = [handedIn, graded]
