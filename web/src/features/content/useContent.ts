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
  const looking = useMutation({
    mutationFn: (anyway: string | undefined) => client.content.look({ ...(anyway !== undefined && { anyway }) }),
    onSuccess: (state) => cache.setQueryData(KEY, state),
  })
  return {
    /** `anyway`: a commit that removes much, and is meant. */
    look: (anyway?: string) => looking.mutate(anyway),
    isLooking: looking.isPending,
    refusal: computed(() => (looking.error.value ? wordsOf(looking.error.value) : '')),
  }
}
