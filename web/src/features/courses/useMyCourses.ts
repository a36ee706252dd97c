import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { client } from '../../lib/api.ts'
import { courseKey } from './useCourse.ts'

/** The courses I teach, the one touched last first, and beginning another. */
export const useMyCourses = () => {
  const cache = useQueryClient()
  const query = useQuery({
    queryKey: ['courses', 'mine'],
    queryFn: async () => (await client.courses.mine({})).courses.toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt)),
    staleTime: 0,
  })
  const begin = async (title: string): Promise<string> => {
    const course = await client.courses.create({ title })
    cache.setQueryData(courseKey(course.id), course)
    await cache.invalidateQueries({ queryKey: ['courses', 'mine'] })
    return course.id
  }
  return { query, begin }
}
