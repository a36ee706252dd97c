import { useQuery } from '@tanstack/vue-query'
import { type MaybeRefOrGetter, toValue } from 'vue'
import type { Curriculum, CurriculumLesson } from '#contract/learning.ts'
import { client } from '../../lib/api.ts'
import { isSignedIn } from '../../lib/tokens.ts'

/** A course's lessons as they stand to me; whoever has not signed in finds all there is to say in what is published. */
export const useCurriculum = (course: MaybeRefOrGetter<string | undefined>) =>
  useQuery({
    queryKey: ['learning', 'curriculum', course, isSignedIn],
    queryFn: () => client.learning.curriculum({ course: toValue(course) ?? '' }),
    enabled: () => toValue(course) !== undefined && isSignedIn.value === true,
  })

export const lessonsOf = ({ sections }: Curriculum): CurriculumLesson[] => sections.flatMap(({ lessons }) => lessons)

/** Where to go on: the first open lesson not completed, else the first. */
export const nextIn = (curriculum: Curriculum): CurriculumLesson | undefined => {
  const lessons = lessonsOf(curriculum)
  return lessons.find(({ isOpen, isCompleted }) => isOpen && !isCompleted) ?? lessons[0]
}

/** The lessons before and after one, whichever section they are in. */
export const neighboursOf = (curriculum: Curriculum, lesson: string): { previous?: CurriculumLesson | undefined; next?: CurriculumLesson | undefined } => {
  const lessons = lessonsOf(curriculum)
  const place = lessons.findIndex(({ id }) => id === lesson)
  return place < 0 ? {} : { previous: lessons[place - 1], next: lessons[place + 1] }
}

export const lessonPath = (course: string, lesson: string): string => `/learn/${course}/${lesson}`
