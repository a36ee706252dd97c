import { hearings } from '#core/platform.ts'
import type { Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { randomIds } from '../clock.ts'

/** A listener may meet the pipeline or somebody who looks around; what it then loses it tries again. */
const MOST_TRIES = 5

/** Of what is long past nobody is written to: neither now nor in tomorrow's daily letter. */
const UNHEARD = ['notifications.mail']

export type Past = {
  world: World
  /** Goes to a moment. */
  go(at: Date): void
  pass(seconds: number): void
  /** Tells the listeners what has happened, at the moment it happened, until none of them has made anything new. */
  settle(): Promise<void>
}

const tell = async (world: World, happened: Event): Promise<void> => {
  for (const { name, hear } of hearings.filter(({ name, hears }) => hears === happened.name && !UNHEARD.includes(name))) {
    for (let tried = 1; ; tried += 1) {
      try {
        await hear(world, happened)
        break
      } catch (error) {
        if (tried < MOST_TRIES) continue
        world.log.error('a listener of the demo’s past failed', error, { listener: name, event: happened.name })
        break
      }
    }
  }
}

/**
 * The same school at another time. What is done in it is written where everything is written, by the school's own rules; only its
 * events are told here and at once, so that what follows from them bears the date it would have had, and no letter is sent.
 */
export const pastOf = (present: World): Past => {
  let moment = present.clock.now()
  const clock = { now: () => moment }
  const happened: Event[] = []
  const tables: World['tables'] = {
    ...present.tables,
    commit: async (changes, events = []) => {
      const outcome = await present.tables.commit(changes)
      if (outcome === 'done') happened.push(...events)
      return outcome
    },
  }
  const world: World = {
    ...present,
    tables,
    clock,
    ids: randomIds(clock),
    mail: { send: async () => {} },
    alerts: { tell: async () => {}, send: async () => {} },
  }
  return {
    world,
    go: (at) => {
      moment = at
    },
    pass: (seconds) => {
      moment = new Date(moment.getTime() + seconds * 1000)
    },
    async settle() {
      for (let next = happened.shift(); next; next = happened.shift()) await tell(world, next)
    },
  }
}
