import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { client } from '../../lib/api.ts'
import { isSignedIn } from '../../lib/tokens.ts'

/** What a link invites to, and taking it up. It is asked again when somebody signs in: what is “open” to a visitor may be theirs. */
export const useInvitation = (token: () => string) => {
  const cache = useQueryClient()
  const key = () => ['seats', 'invitation', token(), isSignedIn.value]
  const query = useQuery({ queryKey: ['seats', 'invitation', token, isSignedIn], queryFn: () => client.seats.invitation({ token: token() }) })
  const accepting = useMutation({
    mutationFn: () => client.seats.accept({ token: token() }),
    onSuccess: async (invitation) => {
      cache.setQueryData(key(), invitation)
      await cache.invalidateQueries({ queryKey: ['learning'] })
    },
    // Somebody else was quicker, or it has ended: show what it is now.
    onError: () => cache.invalidateQueries({ queryKey: ['seats', 'invitation'] }),
  })
  return { query, accepting }
}
