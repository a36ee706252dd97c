import { backOffMs } from '../../lib/pauses.ts'

/** What time it is, twice, in milliseconds from anywhere: neither clock alone can be trusted. */
export type Clocks = {
  /** Never goes back, but may stand still while the machine sleeps. */
  steady(): number
  /** Goes on in sleep, but may be wrong and be set right. */
  wall(): number
}

/** What the school answers: for how many seconds it holds. */
type Grant = { ttlSeconds: number }

export type Parts<G extends Grant> = {
  clocks: Clocks
  /** Answers how to call it off. */
  later(run: () => void, milliseconds: number): () => void
  /** 0 … 1. */
  random(): number
  /** Asks for fresh cookies; throws what the school answered. */
  ask(): Promise<G>
  /** Whether that is worth asking again: the network, not the school, said no. */
  isPassing(error: unknown): boolean
  /** Whether the right to watch is gone. Whatever else the school says, the cookies may hold a while yet, and it may say otherwise by then. */
  isFinal(error: unknown): boolean
  /** Whether somebody is watching: whoever has paused holds no right they do not use. */
  isWanted(): boolean
  /** The right to watch is gone. */
  refused(why: unknown): void
}

export type Renewing<G> = {
  /** Asks now; calls at the same time share one request. */
  renew(): Promise<G>
  /** Asks now, and again while only the network is in the way, as long as anybody would wait. */
  persist(): Promise<G>
  /** Something happened after which cookies may be older than they seem: the page is seen again, is online, plays on. */
  wake(): void
  stop(): void
}

/** Timers are slept through and are throttled: what is due is looked for at least this often. */
const LOOK_MS = 5_000
const SHORTEST_MS = 1_000
const LONGEST_MS = 15 * 60_000
const BACK_OFF = { firstMs: 1_000, longestMs: 20_000 }
/** A picture that has stood still for so long is given up. */
const PATIENCE_MS = 90_000

// Somewhere around half of what is left, so that a class that began together does not ask together.
const dueAfter = (ttlSeconds: number, random: number): number => Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ttlSeconds * 1000 * (0.4 + random * 0.15)))

/** How long ago cookies came, by two clocks, and how long until they are to be renewed. */
const grants = (clocks: Clocks) => {
  let granted: { steady: number; wall: number; dueMs: number } | undefined
  return {
    began: () => ({ steady: clocks.steady(), wall: clocks.wall() }),
    keep: (at: { steady: number; wall: number }, dueMs: number): void => {
      granted = { ...at, dueMs }
    },
    drop: (): void => {
      granted = undefined
    },
    // A clock that stood still or was set back tells too little; whichever tells more is nearer the truth, or early.
    leftMs: (): number | undefined => granted && granted.dueMs - Math.max(clocks.steady() - granted.steady, clocks.wall() - granted.wall),
  }
}

/** Pauses that grow while the network is in the way. */
const pauses = (clocks: Clocks, random: () => number) => {
  let [tries, notBefore] = [0, Number.NEGATIVE_INFINITY]
  return {
    failed: (): void => {
      notBefore = clocks.steady() + backOffMs(tries, random(), BACK_OFF)
      tries += 1
    },
    worked: (): void => {
      ;[tries, notBefore] = [0, Number.NEGATIVE_INFINITY]
    },
    forget: (): void => {
      notBefore = Number.NEGATIVE_INFINITY
    },
    leftMs: (): number => Math.max(0, notBefore - clocks.steady()),
  }
}

const patiently = async <G>(ask: () => Promise<G>, { isHopeless, wait }: { isHopeless(error: unknown): boolean; wait(): Promise<void> }): Promise<G> => {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (isHopeless(error)) throw error
      await wait()
    }
  }
}

/**
 * When to ask for fresh cookies: at half of their life, with jitter, by how long ago they came and not by what the
 * viewer’s clock says; again with growing pauses while the school cannot be reached; and at once on waking when it is due.
 */
export const renewing = <G extends Grant>(parts: Parts<G>): Renewing<G> => {
  const { clocks, later, random, isPassing, isFinal, isWanted } = parts
  const [grant, pause] = [grants(clocks), pauses(clocks, random)]
  let asking: Promise<G> | undefined
  let cancel = (): void => undefined
  let isOver = false

  const look = (): void => {
    cancel()
    const left = grant.leftMs()
    if (isOver || left === undefined) return
    const wait = isWanted() ? Math.max(left, pause.leftMs(), 0) + 1 : LOOK_MS
    cancel = later(check, Math.min(LOOK_MS, wait))
  }
  const ask = async (): Promise<G> => {
    const at = grant.began()
    try {
      const answer = await parts.ask()
      grant.keep(at, dueAfter(answer.ttlSeconds, random()))
      pause.worked()
      return answer
    } catch (error) {
      if (!isFinal(error)) pause.failed()
      throw error
    } finally {
      asking = undefined
      look()
    }
  }
  const renew = (): Promise<G> => {
    asking ??= ask()
    return asking
  }
  const refused = (why: unknown): void => {
    if (!isFinal(why)) return
    grant.drop()
    if (!isOver) parts.refused(why)
  }
  const check = (): void => {
    if (isWanted() && (grant.leftMs() ?? 1) <= 0 && pause.leftMs() === 0) renew().catch(refused)
    else look()
  }
  const persist = (): Promise<G> => {
    const since = clocks.steady()
    return patiently(renew, {
      isHopeless: (error) => !isPassing(error) || isOver || clocks.steady() - since > PATIENCE_MS,
      wait: () => new Promise<void>((resolve) => void later(resolve, pause.leftMs())),
    })
  }
  const wake = (): void => {
    pause.forget()
    check()
  }
  const stop = (): void => {
    isOver = true
    cancel()
  }
  return { renew, persist, wake, stop }
}
