import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { client } from '../../lib/api.ts'

const LOOK_MS = 3_000
const streamsKey = ['watching', 'streams']

/** Where I am watching, as it is now. */
export const useStreams = () => {
  const cache = useQueryClient()
  const query = useQuery({
    queryKey: streamsKey,
    queryFn: () => client.watching.streams({}),
    ...{ staleTime: 0, gcTime: 0, refetchInterval: LOOK_MS },
  })
  const ending = useMutation({
    mutationFn: (stream: string) => client.watching.end({ stream }),
    onSettled: () => cache.invalidateQueries({ queryKey: streamsKey }),
  })
  return { query, ending }
}
