import type { Course, OutlineLesson } from '#contract/courses.ts'
import { stopsPublishing } from '#contract/lesson-lack.ts'
import { isBeingMade } from '../media/states.ts'

export type Requirement = {
  name: 'title' | 'lesson' | 'videos' | 'questions' | 'time'
  isMet: boolean
  /** Nothing to do but wait; publishing is possible all the same. */
  isOnItsWay: boolean
  /** Lessons to look after, or else to wait for. */
  lessons: OutlineLesson[]
}

const lessonsOf = (course: Course): OutlineLesson[] => course.sections.flatMap((section) => section.lessons)

const isBeingPrepared = ({ video }: OutlineLesson): boolean => video !== undefined && isBeingMade(video)

/** Asked for only where something lacks it: most courses have neither a quiz nor a live session. */
const lacking = (lessons: readonly OutlineLesson[]): Requirement[] =>
  (['questions', 'time'] as const)
    .map((name) => ({ name, isMet: false, isOnItsWay: false, lessons: lessons.filter(({ lacks }) => lacks === name) }))
    .filter((requirement) => requirement.lessons.length > 0)

/** What a course needs before learners may see it. */
export const requirementsOf = (course: Course): Requirement[] => {
  const lessons = lessonsOf(course)
  const unready = lessons.filter(({ kind, video }) => kind === 'video' && video?.state !== 'ready')
  const missing = unready.filter((lesson) => !isBeingPrepared(lesson))
  return [
    { name: 'title', isMet: course.title.trim() !== '', isOnItsWay: false, lessons: [] },
    { name: 'lesson', isMet: lessons.length > 0, isOnItsWay: false, lessons: [] },
    { name: 'videos', isMet: unready.length === 0, isOnItsWay: unready.length > 0 && missing.length === 0, lessons: missing.length > 0 ? missing : unready },
    ...lacking(lessons),
  ]
}

/** Lessons that may be published and in which learners would find nothing. */
export const emptyLessonsOf = (course: Course): OutlineLesson[] => lessonsOf(course).filter(({ lacks }) => lacks !== undefined && !stopsPublishing(lacks))

/** Anything of the course still changes by itself. */
export const isMoving = (course: Course): boolean => lessonsOf(course).some(isBeingPrepared)
