import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { CoursePeople, Help } from '#contract/helpers.ts'
import { client } from '../../lib/api.ts'

/** What of a course I may do. */
export const usePart = (course: () => string) =>
  useQuery({ queryKey: ['helpers', 'part', course], queryFn: () => client.helpers.part({ course: course() }), staleTime: 60_000 })

/** Who teaches a course and who helps, and every change to that. */
export const useHelpers = (course: () => string) => {
  const cache = useQueryClient()
  const key = () => ['helpers', 'list', course()]
  const query = useQuery({ queryKey: ['helpers', 'list', course], queryFn: () => client.helpers.list({ course: course() }), staleTime: 0 })
  const onSuccess = (people: CoursePeople) => void cache.setQueryData(key(), people)
  return {
    query,
    adding: useMutation({ mutationFn: (wanted: { email: string; help: Help }) => client.helpers.add({ course: course(), ...wanted }), onSuccess }),
    changing: useMutation({ mutationFn: (wanted: { person: string; help: Help }) => client.helpers.change({ course: course(), ...wanted }), onSuccess }),
    removing: useMutation({
      mutationFn: (person: string) => client.helpers.remove({ course: course(), person }),
      onSuccess: () => cache.invalidateQueries({ queryKey: key() }),
    }),
  }
}
