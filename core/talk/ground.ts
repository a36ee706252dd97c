import type { Writer } from '#contract/talk.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { allows, partIn } from '#core/courses/policy.ts'
import { publicationRecords, type StoredLesson } from '#core/courses/records.ts'
import { openLesson, standing } from '#core/grants/access.ts'
import { follows } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { blockedRecords, type StoredThread, threadRecords } from './records.ts'

type Place = Pick<World, 'tables' | 'clock'>

/** Where somebody talks, and as what: only people in a course talk in it, whatever of it others may look at. */
export type Ground = { course: string; slug: string; title: string; teacherId: string; writer: Writer; isStaff: boolean; mayTeach: boolean }

const asWriter = ({ id, name }: Actor, as: Writer['as']): Writer => ({ id, name, as })

/** Whoever is let moderate is staff here, and who helps with other things in the course one among the learners. */
const asStaff = async (
  { tables }: Place,
  actor: Actor,
  course: { id: string; teacherId: string },
): Promise<Pick<Ground, 'writer' | 'isStaff' | 'mayTeach'>> => {
  const part = await partIn(tables, actor, course)
  const isTeacher = part?.as === 'teacher' || part?.as === 'co-teacher'
  const isStaff = part !== undefined && allows(part, 'talk')
  return { writer: asWriter(actor, isTeacher ? 'teacher' : isStaff ? 'staff' : 'learner'), isStaff, mayTeach: part !== undefined && allows(part, 'teach') }
}

/** The course, if the actor is in it: its teacher, who helps with it, an admin, or somebody whose right runs. A free preview opens a lesson, not the talk about it. */
export const groundOf = async (world: Place, actor: Actor, id: string): Promise<Ground> => {
  const publication = (await publicationRecords.get(world.tables, { id }))?.value
  if (!publication) {
    const { slug, title, teacher } = (await ownCourse(world.tables, actor, id, { to: 'see' })).value
    return { course: id, slug, title, teacherId: teacher.id, ...(await asStaff(world, actor, { id, teacherId: teacher.id })) }
  }
  const { slug, title, teacherId, isListed } = publication
  const stand = await standing(world, actor, publication)
  if (!follows(stand)) {
    if (stand.rights.length > 0) throw new Refusal('access-ended', 'Your access to this course has ended.')
    throw isListed ? new Refusal('not-enrolled', 'Enrol in this course to talk about it.') : missing('course')
  }
  return { course: id, slug, title, teacherId, ...(await asStaff(world, actor, { id, teacherId })) }
}

/** A lesson of that course that is open to the actor now. */
export const lessonAt = async (world: Place, actor: Actor, { course }: Ground, id: string): Promise<StoredLesson> => {
  const lesson = await openLesson(world, actor, id)
  if (lesson.course !== course) throw missing('lesson')
  return lesson
}

/** Staff of a course, or as if there were no such course. */
export const staffGround = async (world: Place, actor: Actor, id: string): Promise<Ground> => {
  await ownCourse(world.tables, actor, id, { to: 'talk' })
  return groundOf(world, actor, id)
}

export type Found = { ground: Ground; thread: Stored<StoredThread> }

/** The thread's course, if the actor is or was in it; to anybody else there is no such thread. */
const groundOfThread = async (world: Place, actor: Actor, { course }: StoredThread): Promise<Ground> => {
  try {
    return await groundOf(world, actor, course)
  } catch (error) {
    throw error instanceof Refusal && error.code !== 'access-ended' ? missing('thread') : error
  }
}

/** A thread the actor may read. What is hidden is its writer’s and the staff’s to see. */
export const openThread = async (world: Place, actor: Actor, id: string): Promise<Found> => {
  const thread = await threadRecords.get(world.tables, { id })
  if (!thread || thread.value.isRemoved) throw missing('thread')
  const ground = await groundOfThread(world, actor, thread.value)
  if (ground.isStaff) return { ground, thread }
  if (thread.value.lesson) await lessonAt(world, actor, ground, thread.value.lesson.id)
  if (thread.value.isHidden && thread.value.by.id !== actor.id) throw missing('thread')
  return { ground, thread }
}

/** Why somebody may not write in a course; undefined where they may. */
export const blockOf = async ({ tables }: Place, { course, writer, isStaff }: Ground): Promise<string | undefined> =>
  isStaff ? undefined : (await blockedRecords.get(tables, { course, person: writer.id }))?.value.reason

export const refuseBlocked = async (world: Place, ground: Ground): Promise<void> => {
  if ((await blockOf(world, ground)) !== undefined) throw new Refusal('not-allowed', 'The course’s staff have kept you from writing here.', 'blocked')
}
