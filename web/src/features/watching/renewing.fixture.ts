import { renewing } from './renewing.ts'

const TTL_SECONDS = 600
const SEGMENT_SECONDS = 6
const BUFFER_SECONDS = 30

type Task = { atMs: number; run(): void }

export type Evening = {
  seed: number
  minutes: number
  /** What the viewer’s clock says beside the true one, seconds by second of true time. */
  skew?(seconds: number): number
  /** From when to when the school’s API cannot be reached; media can. */
  outages?: readonly [fromSeconds: number, toSeconds: number][]
  /** When the machine sleeps; `isTold` when the page hears of its waking. */
  sleeps?: readonly { fromSeconds: number; toSeconds: number; isTold: boolean }[]
  ttlSeconds?: number
}

export type Outcome = { stalls: number; refused: number; hopeless: number; renewals: number; segments: number }

/** A seeded generator: mulberry32, good enough to scatter. */
const chance = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const PASSING = new TypeError('The network.')
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve()
}

type Night = { nowMs: number; sleptMs: number }

/** Timers that stand still in sleep, and are a little late. */
const slowTimers = (night: Night, random: () => number) => {
  let tasks: Task[] = []
  return {
    later: (run: () => void, milliseconds: number): (() => void) => {
      const task = { atMs: night.nowMs - night.sleptMs + milliseconds + random() * 20, run }
      tasks.push(task)
      return () => {
        tasks = tasks.filter((each) => each !== task)
      }
    },
    runDue: (): boolean => {
      const due = tasks.filter(({ atMs }) => atMs <= night.nowMs - night.sleptMs)
      tasks = tasks.filter((task) => !due.includes(task))
      for (const { run } of due) run()
      return due.length > 0
    },
  }
}

/** The cookies of one viewer, and whether they open anything now. */
const aJar = (night: Night, { seed, skew = () => 0, outages = [], ttlSeconds = TTL_SECONDS }: Evening) => {
  const random = chance(seed)
  const timers = slowTimers(night, random)
  const jar = { expiresMs: 0, renewals: 0 }
  const cookies = renewing({
    clocks: { steady: () => night.nowMs - night.sleptMs, wall: () => night.nowMs + skew(night.nowMs / 1000) * 1000 },
    ...{ later: timers.later, random, isPassing: (error: unknown) => error === PASSING, isFinal: (error: unknown) => error !== PASSING, isWanted: () => true },
    ask: async () => {
      if (outages.some(([from, to]) => night.nowMs >= from * 1000 && night.nowMs < to * 1000)) throw PASSING
      jar.renewals += 1
      jar.expiresMs = night.nowMs + ttlSeconds * 1000
      return { ttlSeconds }
    },
    refused: () => {
      throw new Error('The school refused nothing.')
    },
  })
  return { jar, cookies, timers }
}

/** A player that loads segments up to half a minute ahead; each is refused once its cookies have run out, and asked for again after one renewal. */
const aPlayer = (night: Night, { jar, cookies }: Pick<ReturnType<typeof aJar>, 'jar' | 'cookies'>, outcome: Outcome) => {
  const player = { bufferedSeconds: 0, isRenewing: false }
  const renewed = (): void => {
    player.isRenewing = false
    if (night.nowMs >= jar.expiresMs) outcome.hopeless += 1
  }
  const load = (): void => {
    if (player.isRenewing || player.bufferedSeconds > BUFFER_SECONDS - SEGMENT_SECONDS) return
    outcome.segments += 1
    if (night.nowMs < jar.expiresMs) {
      player.bufferedSeconds += SEGMENT_SECONDS
      return
    }
    outcome.refused += 1
    player.isRenewing = true
    cookies.persist().then(renewed, () => {
      outcome.hopeless += 1
    })
  }
  return { player, load }
}

/** An evening of playback in simulated time. A stall is a moment at which nothing is left to show. */
export const anEvening = async (evening: Evening): Promise<Outcome> => {
  const outcome: Outcome = { stalls: 0, refused: 0, hopeless: 0, renewals: 0, segments: 0 }
  const night: Night = { nowMs: 0, sleptMs: 0 }
  const { jar, cookies, timers } = aJar(night, evening)
  await cookies.renew()
  const { player, load } = aPlayer(night, { jar, cookies }, outcome)
  for (load(); night.nowMs < evening.minutes * 60_000; night.nowMs += 250) {
    const sleep = evening.sleeps?.find(({ fromSeconds, toSeconds }) => night.nowMs >= fromSeconds * 1000 && night.nowMs < toSeconds * 1000)
    if (sleep) {
      night.sleptMs += sleep.toSeconds * 1000 - night.nowMs
      night.nowMs = sleep.toSeconds * 1000
      if (sleep.isTold) cookies.wake()
    }
    const hasRun = timers.runDue()
    load()
    // Nothing else can have come of a quarter of a second.
    if (hasRun || player.isRenewing || sleep) await settled()
    player.bufferedSeconds -= 0.25
    if (player.bufferedSeconds < 0) outcome.stalls += 1
    player.bufferedSeconds = Math.max(0, player.bufferedSeconds)
  }
  cookies.stop()
  return { ...outcome, renewals: jar.renewals }
}
