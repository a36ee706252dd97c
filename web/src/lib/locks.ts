/** One page of this browser at a time. */
export type Locks = {
  /** Waits for its turn. */
  alone<T>(name: string, act: () => Promise<T>): Promise<T>
  /** Does nothing while another page is at it. */
  unlessHeld(name: string, act: () => Promise<void>): Promise<void>
}

/** A page that did not come over a safe line has no locks, and some browsers have none: it then acts as if it were the only one. */
export const locksOf = (manager: () => LockManager | undefined): Locks => ({
  alone: (name, act) => manager()?.request(name, act) ?? act(),
  unlessHeld: async (name, act) => {
    const held = manager()
    if (held) await held.request(name, { ifAvailable: true }, (lock) => (lock ? act() : undefined))
    else await act()
  },
})

// TypeScript’s DOM library says that it is always there.
export const locks = locksOf(() => navigator.locks as LockManager | undefined)
