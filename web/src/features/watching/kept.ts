import { Stretch } from '#contract/watching.ts'
import type { Locks } from '../../lib/locks.ts'
import type { Store } from '../../lib/store.ts'
import type { Kept, Untold } from './telling.ts'

const PREFIX = 'lectern.beats.'
/** Of one person’s streams, so many; the oldest are dropped. */
const MOST = 20
/** Whoever has not come back by then will not have it told. */
const LONGEST_MS = 14 * 86_400_000
/** Nobody is signed in. */
const VISITOR = 'visitor'

/** What a page that is gone had not been able to tell. */
export type LeftBehind = {
  stream: string
  untold: Untold
  drop(): void
  /** Does nothing while another page still tells of that stream. */
  unlessHeld(tell: () => Promise<void>): Promise<void>
}

export type Beats = {
  /** In this browser, until the school has heard it. */
  keptFor(of: { person: string | undefined; lesson: string; stream: string }): Kept
  /** Of this person: what others have left is not for them to tell. */
  leftBehind(person: string | undefined): LeftBehind[]
  /** Says that a page here still tells of a stream; answers how to let it go. The browser lets go of it with the page. */
  holdStream(stream: string): () => void
}

type Browser = { store: Store; locks: Locks; now(): number }

const read = (text: string | undefined): (Untold & { at: number }) | undefined => {
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

// A person’s name may hold anything.
const nameOf = (person: string | undefined): string => (person === undefined ? VISITOR : `person-${encodeURIComponent(person).replaceAll('.', '%2E')}`)
const lockOf = (stream: string): string => `lectern.stream.${stream}`

export const beatsIn = ({ store, locks, now }: Browser): Beats => {
  const atOf = (key: string): number => read(store.get(key))?.at ?? 0
  const keys = (begin = PREFIX): string[] => store.keys().filter((key) => key.startsWith(begin))
  const dropOld = (ofPerson: string): void => {
    for (const key of keys()) if (atOf(key) < now() - LONGEST_MS) store.remove(key)
    const byAge = keys(ofPerson).toSorted((one, other) => atOf(one) - atOf(other))
    for (const key of byAge.slice(0, Math.max(0, byAge.length - MOST))) store.remove(key)
  }
  return {
    keptFor({ person, lesson, stream }) {
      const ofPerson = `${PREFIX}${nameOf(person)}.`
      const key = `${ofPerson}${lesson}.${stream}`
      return {
        write: (untold) => {
          const isNew = store.get(key) === undefined
          store.set(key, JSON.stringify({ ...untold, at: now() }))
          if (isNew) dropOld(ofPerson)
        },
        drop: () => store.remove(key),
      }
    },
    leftBehind(person) {
      const ofPerson = `${PREFIX}${nameOf(person)}.`
      dropOld(ofPerson)
      return keys(ofPerson).flatMap((key) => {
        const untold = read(store.get(key))
        const stream = key.slice(ofPerson.length).split('.')[1]
        const drop = (): void => store.remove(key)
        if (!untold || !stream) return []
        const { positionSeconds, watched } = untold
        return [{ stream, untold: { positionSeconds, watched }, drop, unlessHeld: (tell) => locks.unlessHeld(lockOf(stream), tell) }]
      })
    },
    holdStream(stream) {
      let release = (): void => undefined
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      locks.alone(lockOf(stream), () => held).catch(() => undefined)
      return release
    },
  }
}
