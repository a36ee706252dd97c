import { type ComputedRef, computed, type ShallowRef, shallowRef } from 'vue'

/** One change to a stored whole: how it looks at once, and how it is sent. The answer is the whole as it is stored then. */
export type Change<T> = { apply(value: T): T; send(): Promise<T> }

export type SaveState = 'saved' | 'saving' | 'failed'

type Host<T> = {
  settle(answer: T): void | Promise<void>
  /** `again`: somebody else wrote at the same moment · `refused`: it will stay so · `down`: a later try may work. */
  judge(error: unknown): 'again' | 'refused' | 'down'
  onRefused(error: unknown): void
  wait(milliseconds: number): Promise<void>
}

export type Changes<T> = {
  state: ComputedRef<SaveState>
  /** What is stored, with everything that is still on its way. */
  shown(stored: T): T
  /** Resolves with what is stored afterwards; undefined when it was refused or given up, and so undone. */
  make(change: Change<T>): Promise<T | undefined>
  retry(): void
  /** Gives up what could not be sent: the page shows what is stored. */
  undo(): void
}

const MOST_CONFLICTS = 4
const CONFLICT_PAUSE_MS = 200

type Pending<T> = Change<T> & { end(answer: T | undefined): void }

/**
 * Changes to one thing, sent one after another in the order they were made. They show at once, since what is shown is
 * what is stored with the pending ones on top: one that is refused simply falls away. Without a connection they are
 * kept, so that nothing typed is lost.
 */
export const changes = <T>(host: Host<T>): Changes<T> => {
  const pending: ShallowRef<readonly Pending<T>[]> = shallowRef([])
  const isHeld = shallowRef(false)
  const isSending = shallowRef(false)

  const sent = async (change: Change<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await change.send()
      } catch (error) {
        if (host.judge(error) !== 'again' || attempt >= MOST_CONFLICTS) throw error
        await host.wait(CONFLICT_PAUSE_MS * attempt)
      }
    }
  }
  const leave = (change: Pending<T>, answer: T | undefined): void => {
    pending.value = pending.value.filter((other) => other !== change)
    change.end(answer)
  }
  const sendNext = async (change: Pending<T>): Promise<void> => {
    try {
      const answer = await sent(change)
      await host.settle(answer)
      leave(change, answer)
    } catch (error) {
      if (host.judge(error) === 'down') {
        isHeld.value = true
        return
      }
      leave(change, undefined)
      host.onRefused(error)
    }
  }
  const pump = async (): Promise<void> => {
    if (isSending.value) return
    isSending.value = true
    for (let next = pending.value[0]; next && !isHeld.value; next = pending.value[0]) await sendNext(next)
    isSending.value = false
  }

  return {
    state: computed(() => (isHeld.value ? 'failed' : pending.value.length > 0 ? 'saving' : 'saved')),
    shown: (stored) => pending.value.reduce((value, change) => change.apply(value), stored),
    make(change) {
      const { promise, resolve } = Promise.withResolvers<T | undefined>()
      pending.value = [...pending.value, { ...change, end: resolve }]
      void pump()
      return promise
    },
    retry() {
      isHeld.value = false
      void pump()
    },
    undo() {
      if (!isHeld.value) return
      for (const change of pending.value) leave(change, undefined)
      isHeld.value = false
    },
  }
}
