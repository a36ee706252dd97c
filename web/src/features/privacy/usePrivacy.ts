import { useQuery } from '@tanstack/vue-query'
import { client } from '../../lib/api.ts'

/** Below `accounts`, so that what is changed on the account page shows here too. A copy that is being made is asked about now and then. */
export const usePrivacy = () =>
  useQuery({
    queryKey: ['accounts', 'privacy'],
    queryFn: () => client.privacy.mine({}),
    refetchInterval: ({ state: { data } }) => (data?.copy.state === 'making' || data?.erasure.state === 'running' ? 3000 : false),
  })
