import { type ComputedRef, computed, type ShallowRef, shallowRef } from 'vue'

export type History<T> = {
  present: Readonly<ShallowRef<T>>
  canUndo: ComputedRef<boolean>
  canRedo: ComputedRef<boolean>
  /** Changes with the same `run`, one right after the other, are undone together: a word, not its letters. */
  change(next: T, run?: string): void
  /** What comes next is a step of its own. */
  pause(): void
  undo(): void
  redo(): void
  /** Begins anew: nothing before this can be brought back. */
  reset(value: T): void
}

/** A value and the ways back to what it was. */
export const history = <T>(initial: T): History<T> => {
  const present = shallowRef(initial) as ShallowRef<T>
  const past = shallowRef<readonly T[]>([])
  const future = shallowRef<readonly T[]>([])
  let running: string | undefined

  const step = (from: ShallowRef<readonly T[]>, to: ShallowRef<readonly T[]>): void => {
    if (from.value.length === 0) return
    to.value = [...to.value, present.value]
    // Not empty: it was asked for a line ago.
    present.value = from.value.at(-1) as T
    from.value = from.value.slice(0, -1)
    running = undefined
  }

  return {
    present,
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    change(next, run) {
      if (next === present.value) return
      if (run === undefined || run !== running) past.value = [...past.value, present.value]
      running = run
      future.value = []
      present.value = next
    },
    pause: () => {
      running = undefined
    },
    undo: () => step(past, future),
    redo: () => step(future, past),
    reset(value) {
      past.value = []
      future.value = []
      running = undefined
      present.value = value
    },
  }
}
