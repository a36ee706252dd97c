import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { client } from '../../lib/api.ts'

const KEY = ['operations', 'storage']
const POLL_MS = 2000

/** What takes room; asked for again until it has been weighed. */
export const useStorage = () => {
  const cache = useQueryClient()
  return {
    query: useQuery({
      queryKey: KEY,
      queryFn: () => client.operations.storage({}),
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.isWeighing ? POLL_MS : false),
    }),
    weighing: useMutation({ mutationFn: () => client.operations.weigh({}), onSettled: () => cache.invalidateQueries({ queryKey: KEY }) }),
  }
}
