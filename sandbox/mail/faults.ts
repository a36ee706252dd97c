export const MODES = ['none', 'down', 'slow', 'reject'] as const
export type Mode = (typeof MODES)[number]

/** `count`: for how many connections (down) or letters (slow, reject) it lasts; left out, until it is changed. */
export type Fault = { mode: Mode; count?: number }

export const isFault = (given: unknown): given is Fault => {
  if (typeof given !== 'object' || given === null || !('mode' in given) || !MODES.some((mode) => mode === given.mode)) return false
  return !('count' in given) || given.count === undefined || (Number.isInteger(given.count) && Number(given.count) > 0)
}

export type Faults = ReturnType<typeof faults>

/** What goes wrong at present. */
export const faults = () => {
  let now: Fault = { mode: 'none' }
  return {
    get: (): Fault => now,
    set: ({ mode, count }: Fault): void => {
      now = { mode, ...(count !== undefined && mode !== 'none' && { count }) }
    },
    /** Whether one of these modes strikes now; if so it is used up by one. */
    strikes: (...modes: Mode[]): Mode | undefined => {
      const { mode, count } = now
      if (mode === 'none' || !modes.includes(mode)) return undefined
      if (count !== undefined) now = count > 1 ? { mode, count: count - 1 } : { mode: 'none' }
      return mode
    },
  }
}
