import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { client } from '../../lib/api.ts'
import { useCatalogue } from '../../lib/catalogue.ts'

/** Of a menu; `label`: a heading in it, which cannot be chosen. */
export type Choice = { label: string; value: string; type?: 'label' }

/** The courses and lessons one may ask about. `lesson`: the one a link names, which its course is found by. */
export const useAccessChoices = (course: Ref<string | undefined>, lesson: Ref<string | undefined>) => {
  const catalogue = useCatalogue()
  const linked = useQuery({
    queryKey: ['grants', 'lesson', lesson],
    queryFn: async () => (await client.learning.lesson({ lesson: lesson.value ?? '' })).curriculum.course,
    enabled: () => lesson.value !== undefined && course.value === undefined,
  })
  const curriculum = useQuery({
    queryKey: ['grants', 'curriculum', course],
    queryFn: () => client.learning.curriculum({ course: course.value ?? '' }),
    enabled: () => course.value !== undefined,
  })

  // A link may lead to a course that has left the catalogue.
  const outside = computed(() => curriculum.data.value?.course ?? linked.data.value)
  const courses = computed<Choice[]>(() => {
    const listed = (catalogue.data.value?.courses ?? []).map(({ id, title }) => ({ label: title, value: id }))
    const other = outside.value
    return other && !listed.some(({ value }) => value === other.id) ? [...listed, { label: other.title, value: other.id }] : listed
  })
  const lessons = computed<Choice[][]>(() =>
    (curriculum.data.value?.sections ?? []).map((section) => [
      { type: 'label', label: section.title, value: section.id },
      ...section.lessons.map(({ id, title }) => ({ label: title, value: id })),
    ]),
  )
  const isEmpty = computed(() => catalogue.data.value !== undefined && courses.value.length === 0)
  return { catalogue, linked, curriculum, courses, lessons, isEmpty }
}
