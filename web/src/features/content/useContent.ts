import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { client, wordsOf } from '../../lib/api.ts'

const KEY = ['content', 'state']
const POLL_MS = 15_000

/** What the school shows of its repository. */
export const useContent = () => useQuery({ queryKey: KEY, queryFn: () => client.content.state({}), staleTime: 0, refetchInterval: POLL_MS })

/** Looks at the repository now. */
export const useLooking = () => {
  const cache = useQueryClient()
  const looking = useMutation({ mutationFn: () => client.content.look({}), onSuccess: (state) => cache.setQueryData(KEY, state) })
  return {
    look: () => looking.mutate(),
    isLooking: looking.isPending,
    refusal: computed(() => (looking.error.value ? wordsOf(looking.error.value) : '')),
  }
}
