import { type QueryKey, type UseQueryReturnType, useQuery } from '@tanstack/vue-query'
import { type ComputedRef, computed } from 'vue'
import { refusalOf, wordsOf } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import { type Change, type Changes, changes, type SaveState } from './changes.ts'

/** Changes by the key of what they change. Kept while the app is open, so that what one page could not save is not lost on the next. */
export type Desk<T> = Map<string, Changes<T>>

const states = new Set<ComputedRef<SaveState>>()

window.addEventListener('beforeunload', (event) => {
  if ([...states].some(({ value }) => value !== 'saved')) event.preventDefault()
})

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

const judge = (error: unknown): 'again' | 'refused' | 'down' => {
  const refusal = refusalOf(error)
  if (refusal === 'conflict') return 'again'
  return refusal === 'offline' || refusal === 'fault' || refusal === 'not-signed-in' ? 'down' : 'refused'
}

type Options<T> = {
  desk: Desk<T>
  queryKey: QueryKey
  queryFn(): Promise<T>
  /** Milliseconds until it is asked for again by itself; false for not at all. */
  pollMs(stored: T): number | false
  /** Told why a change was undone. */
  onRefused(words: string): void
  /** What else shows a part of it. */
  onSettled(answer: T): void
}

export type Saved<T> = {
  query: UseQueryReturnType<T, Error>
  /** What is stored with the changes under way on top; undefined until it has been loaded. */
  shown: ComputedRef<T | undefined>
  make(change: Change<T>): Promise<T | undefined>
  saveState: ComputedRef<SaveState>
  retry(): void
  undo(): void
}

/** Something stored at the school that a page both shows and changes. */
export const useSaved = <T>({ desk, queryKey, queryFn, pollMs, onRefused, onSettled }: Options<T>): Saved<T> => {
  const name = JSON.stringify(queryKey)
  const settle = async (answer: T): Promise<void> => {
    // A poll begun before this change must not bring the old state back after it.
    await queryClient.cancelQueries({ queryKey })
    queryClient.setQueryData(queryKey, answer)
    onSettled(answer)
  }
  const refused = (error: unknown): void => {
    onRefused(wordsOf(error))
    void queryClient.invalidateQueries({ queryKey })
  }
  const own = desk.get(name) ?? changes<T>({ settle, judge, onRefused: refused, wait })
  desk.set(name, own)
  states.add(own.state)

  const query = useQuery<T>({
    queryKey,
    queryFn,
    refetchInterval: ({ state }) => (state.data !== undefined && own.state.value === 'saved' ? pollMs(state.data) : false),
  })
  const shown = computed(() => (query.data.value === undefined ? undefined : own.shown(query.data.value)))
  return { query, shown, make: own.make, saveState: own.state, retry: own.retry, undo: own.undo }
}
