import type { QueryClient } from '@tanstack/vue-query'
import type { Curriculum, Enrolled, LessonView } from '#contract/learning.ts'
import type { Watched } from '#contract/watching.ts'

type Known = Pick<Watched, 'lesson' | 'isCompleted'> & Partial<Watched>

const inCurriculum = (curriculum: Curriculum, { lesson: id, isCompleted, share }: Known): Curriculum => ({
  ...curriculum,
  sections: curriculum.sections.map((section) => ({
    ...section,
    lessons: section.lessons.map((lesson) => (lesson.id === id ? { ...lesson, isCompleted, share: share ?? lesson.share } : lesson)),
  })),
})

const inLesson = (view: LessonView, known: Known): LessonView => ({
  ...view,
  isCompleted: known.isCompleted,
  positionSeconds: known.positionSeconds ?? view.positionSeconds,
  watched: known.watched ?? view.watched,
  curriculum: inCurriculum(view.curriculum, known),
})

const inMine = ({ enrolled }: { enrolled: Enrolled[] }, { lesson, positionSeconds }: Known): { enrolled: Enrolled[] } => ({
  enrolled: enrolled.map((each) =>
    each.next?.lesson === lesson && positionSeconds !== undefined ? { ...each, next: { ...each.next, positionSeconds } } : each,
  ),
})

/** What the school says of a lesson’s progress, wherever the app shows it. */
export const keepProgress = (cache: QueryClient, known: Known): void => {
  const [before] = cache.getQueriesData<LessonView>({ queryKey: ['learning', 'lesson', known.lesson] }).flatMap(([, view]) => (view ? [view] : []))
  cache.setQueriesData<LessonView>({ queryKey: ['learning', 'lesson', known.lesson] }, (view) => view && inLesson(view, known))
  cache.setQueriesData<Curriculum>({ queryKey: ['learning', 'curriculum'] }, (curriculum) => curriculum && inCurriculum(curriculum, known))
  cache.setQueriesData<{ enrolled: Enrolled[] }>({ queryKey: ['learning', 'mine'] }, (mine) => mine && inMine(mine, known))
  // What comes next, and how many are done, is the school’s to say.
  if (before?.isCompleted !== known.isCompleted) for (const verb of ['curriculum', 'mine']) void cache.invalidateQueries({ queryKey: ['learning', verb] })
}
