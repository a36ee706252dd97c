import type { Course, OutlineLesson } from '#contract/courses.ts'
import { isBeingMade } from '../media/states.ts'

export type Requirement = {
  name: 'title' | 'lesson' | 'videos'
  isMet: boolean
  /** Nothing to do but wait; publishing is possible all the same. */
  isOnItsWay: boolean
  /** Lessons to look after, or else to wait for. */
  lessons: OutlineLesson[]
}

const lessonsOf = (course: Course): OutlineLesson[] => course.sections.flatMap((section) => section.lessons)

const isBeingPrepared = ({ video }: OutlineLesson): boolean => video !== undefined && isBeingMade(video)

/** What a course needs before learners may see it. */
export const requirementsOf = (course: Course): Requirement[] => {
  const lessons = lessonsOf(course)
  const unready = lessons.filter(({ kind, video }) => kind === 'video' && video?.state !== 'ready')
  const missing = unready.filter((lesson) => !isBeingPrepared(lesson))
  return [
    { name: 'title', isMet: course.title.trim() !== '', isOnItsWay: false, lessons: [] },
    { name: 'lesson', isMet: lessons.length > 0, isOnItsWay: false, lessons: [] },
    { name: 'videos', isMet: unready.length === 0, isOnItsWay: unready.length > 0 && missing.length === 0, lessons: missing.length > 0 ? missing : unready },
  ]
}

/** Anything of the course still changes by itself. */
export const isMoving = (course: Course): boolean => lessonsOf(course).some(isBeingPrepared)
