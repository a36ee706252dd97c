import { useQuery } from '@tanstack/vue-query'
import { type CourseTodo, MOST_COUNTED } from '#contract/todo.ts'
import { client } from '../../lib/api.ts'

const FRESH_MS = 20_000

/** What waits for me in all I teach. */
export const useTodo = () => useQuery({ queryKey: ['todo', 'list'], queryFn: async () => (await client.todo.list({})).courses, staleTime: 0 })

/** What waits in one course. Its pages share it; a count that cannot be had is left out. */
export const useCourseTodo = (course: () => string) =>
  useQuery({ queryKey: ['todo', 'ofCourse', course], queryFn: () => client.todo.ofCourse({ course: course() }), staleTime: FRESH_MS, retry: false })

export const countText = (count: number): string => (count >= MOST_COUNTED ? `${MOST_COUNTED}+` : String(count))

export type Task = { name: 'work' | 'questions' | 'reports' | 'reviews' | 'videos' | 'drafts'; count: number; to: string; icon: string }

const draftsPath = (count: number, { draft }: CourseTodo['first']): string => {
  if (!draft) return '/teach/series'
  return count === 1 ? `/teach/runs/${draft.run}` : `/teach/series/${draft.series}`
}

/** One thing is opened itself, several as their list. */
export const tasksOf = ({ course: { id }, first, ...counts }: CourseTodo): Task[] => {
  const desk = `/teach/courses/${id}`
  const all: Task[] = [
    {
      name: 'work',
      count: counts.work,
      icon: 'i-lucide-pencil-line',
      to: counts.work === 1 && first.work ? `/teach/handings/${first.work}` : `${desk}/handings`,
    },
    { name: 'questions', count: counts.questions, icon: 'i-lucide-messages-square', to: `${desk}/questions` },
    { name: 'reports', count: counts.reports, icon: 'i-lucide-flag', to: `${desk}/questions?tab=reports` },
    { name: 'reviews', count: counts.reviews, icon: 'i-lucide-star', to: `${desk}/page#reviews` },
    {
      name: 'videos',
      count: counts.videos,
      icon: 'i-lucide-circle-x',
      to: counts.videos === 1 && first.video ? `/teach/lessons/${first.video}` : '/teach/videos?show=trouble',
    },
    { name: 'drafts', count: counts.drafts, icon: 'i-lucide-sparkles', to: draftsPath(counts.drafts, first) },
  ]
  return all.filter(({ count }) => count > 0)
}
