import { Stretch } from '#contract/watching.ts'
import type { Kept, Untold } from './telling.ts'

const PREFIX = 'lectern.beats.'
/** Of streams, so many; the oldest are dropped. */
const MOST = 20

const keyOf = (lesson: string, stream: string): string => `${PREFIX}${lesson}.${stream}`

const keys = (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))

const read = (text: string | null): (Untold & { at: number }) | undefined => {
  try {
    const { positionSeconds, watched, at } = JSON.parse(text ?? '')
    const stretches = Array.isArray(watched) ? watched.map((each) => Stretch.safeParse(each)) : []
    if (typeof positionSeconds !== 'number' || typeof at !== 'number') return undefined
    return { positionSeconds, at, watched: stretches.flatMap(({ success, data }) => (success ? [data] : [])) }
  } catch {
    // Written by somebody else, or by another version: of no use to anybody.
    return undefined
  }
}

const dropOldest = (): void => {
  const byAge = keys().toSorted((one, other) => (read(localStorage.getItem(one))?.at ?? 0) - (read(localStorage.getItem(other))?.at ?? 0))
  for (const key of byAge.slice(0, Math.max(0, byAge.length - MOST))) localStorage.removeItem(key)
}

/** In this browser, until the school has heard it. */
export const keptFor = (lesson: string, stream: string): Kept => {
  const key = keyOf(lesson, stream)
  return {
    write: (untold) => {
      const isNew = localStorage.getItem(key) === null
      localStorage.setItem(key, JSON.stringify({ ...untold, at: Date.now() }))
      if (isNew) dropOldest()
    },
    drop: () => localStorage.removeItem(key),
  }
}

const lockOf = (stream: string): string => `lectern.stream.${stream}`

/** Says that a page here still tells of a stream; answers how to let it go. The browser lets go of it with the page. */
export const holdStream = (stream: string): (() => void) => {
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  navigator.locks.request(lockOf(stream), () => held).catch(() => undefined)
  return release
}

/** What a page that is gone had not been able to tell. */
export type LeftBehind = {
  stream: string
  untold: Untold
  drop(): void
  /** Does nothing while another page still tells of that stream. */
  unlessHeld(tell: () => Promise<void>): Promise<void>
}

export const leftBehind = (): LeftBehind[] =>
  keys().flatMap((key) => {
    const untold = read(localStorage.getItem(key))
    const stream = key.slice(PREFIX.length).split('.')[1]
    const drop = (): void => localStorage.removeItem(key)
    if (!untold || !stream) {
      drop()
      return []
    }
    const unlessHeld = (tell: () => Promise<void>): Promise<void> =>
      navigator.locks.request(lockOf(stream), { ifAvailable: true }, (lock) => (lock ? tell() : undefined)).then(() => undefined)
    const { positionSeconds, watched } = untold
    return [{ stream, untold: { positionSeconds, watched }, drop, unlessHeld }]
  })
