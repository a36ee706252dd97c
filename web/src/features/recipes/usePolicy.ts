import type { MediaPolicy } from '#contract/recipes.ts'
import { client } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import { type Desk, useSaved } from '../courses/useSaved.ts'

type Stored = Awaited<ReturnType<typeof client.recipes.policy>>

const desk: Desk<Stored> = new Map()

/** How the school makes its videos, what a month of them may take, and what this one has taken. */
export const usePolicy = (onRefused: (words: string) => void) => {
  const saved = useSaved<Stored>({
    desk,
    queryKey: ['recipes', 'policy'],
    queryFn: () => client.recipes.policy({}),
    pollMs: () => false,
    onRefused,
    // What was held goes on, and the school’s recipe is offered first.
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['media'] })
      void queryClient.invalidateQueries({ queryKey: ['recipes', 'all'] })
    },
  })
  const change = (of: Partial<MediaPolicy>) => {
    const before = saved.shown.value?.policy
    if (!before) return
    const policy = { ...before, ...of }
    void saved.make({ apply: (stored) => ({ ...stored, policy }), send: () => client.recipes.putPolicy(policy) })
  }
  return { ...{ query: saved.query, stored: saved.shown, saveState: saved.saveState, retry: saved.retry, undo: saved.undo }, change }
}
