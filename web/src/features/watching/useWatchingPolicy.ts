import type { WatchingPolicy } from '#contract/watching.ts'
import { client } from '../../lib/api.ts'
import { type Desk, useSaved } from '../courses/useSaved.ts'

const desk: Desk<WatchingPolicy> = new Map()

/** What the school asks of those who watch. */
export const useWatchingPolicy = (onRefused: (words: string) => void) => {
  const saved = useSaved<WatchingPolicy>({
    desk,
    queryKey: ['watching', 'policy'],
    queryFn: () => client.watching.policy({}),
    pollMs: () => false,
    onRefused,
    onSettled: () => undefined,
  })
  const change = (of: Partial<WatchingPolicy>) => {
    const before = saved.shown.value
    if (!before) return
    const policy = { ...before, ...of }
    void saved.make({ apply: () => policy, send: () => client.watching.putPolicy(policy) })
  }
  return { ...{ query: saved.query, policy: saved.shown, saveState: saved.saveState, retry: saved.retry, undo: saved.undo }, change }
}
