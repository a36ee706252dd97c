/** `first`: what a teacher waits for with the page open · `now` · `idle`: only while nothing else waits. */
export type Urgency = 'first' | 'now' | 'idle'

export type Request = {
  /** Whose work it is: owners share the places fairly, however many jobs each has. */
  owner: string
  job: string
  urgency: Urgency
  /** How much work it is, in any unit that all requests share. */
  weight: number
  /** How much of its job is left; of one owner's jobs the shortest is finished first. */
  remaining(): number
  /** Within a job the lowest goes first; asked anew each time a place is free. */
  rank(): number
}

/** Places for workers. */
export type Queue = { take(request: Request, signal: AbortSignal): Promise<() => void> }

type Waiter = { request: Request; give(release: () => void): void }

const URGENCIES: readonly Urgency[] = ['first', 'now', 'idle']

/** The lowest by each measure in turn. */
const least = (waiting: readonly Waiter[], measures: readonly ((request: Request) => number)[]): Waiter | undefined =>
  waiting.reduce<Waiter | undefined>((best, waiter) => {
    if (!best) return waiter
    for (const measure of measures) {
      const [ours, theirs] = [measure(waiter.request), measure(best.request)]
      if (ours !== theirs) return ours < theirs ? waiter : best
    }
    return best
  }, undefined)

/** Who has how many places, the spare one among them, and what each owner has been given so far. */
const ledger = (places: number) => {
  const busy = new Map<string, number>()
  const accounts = new Map<string, number>()
  let now = 0
  let inUse = 0
  let isSpareInUse = false
  return {
    hasUsual: (): boolean => inUse < places,
    hasSpare: (): boolean => !isSpareInUse,
    isBusy: (owner: string): boolean => busy.has(owner),
    account: ({ owner }: Request): number => accounts.get(owner) ?? now,
    /** Somebody with nothing under way begins where the others are. */
    enter(owner: string): void {
      accounts.set(owner, Math.max(accounts.get(owner) ?? 0, now))
    },
    give({ owner, weight }: Request, isSpare: boolean): void {
      const before = accounts.get(owner) ?? now
      now = Math.max(now, before)
      accounts.set(owner, before + weight)
      busy.set(owner, (busy.get(owner) ?? 0) + 1)
      if (isSpare) isSpareInUse = true
      else inUse += 1
    },
    takeBack({ owner }: Request, isSpare: boolean): void {
      const held = (busy.get(owner) ?? 1) - 1
      if (held > 0) busy.set(owner, held)
      else busy.delete(owner)
      if (isSpare) isSpareInUse = false
      else inUse -= 1
    },
  }
}

/**
 * Start-time fair queueing: each owner's account grows by the weight of what it was given, and the next place goes to the
 * lowest account; idle work waits until nothing else does. Who comes anew starts where the others are, so nobody saves up.
 * Beside the usual places there is a spare one for what is `first`: it must not wait for a long piece of somebody else.
 */
export const fairQueue = (places: number): Queue => {
  const waiting: Waiter[] = []
  const book = ledger(places)
  const measures: readonly ((request: Request) => number)[] = [
    ({ urgency }) => Number(urgency === 'idle'),
    book.account,
    ({ urgency }) => URGENCIES.indexOf(urgency),
    (request) => request.remaining(),
    (request) => request.rank(),
  ]
  const isActive = (owner: string): boolean => book.isBusy(owner) || waiting.some(({ request }) => request.owner === owner)

  const next = (): { waiter: Waiter; isSpare: boolean } | undefined => {
    const usual = book.hasUsual() ? least(waiting, measures) : undefined
    if (usual) return { waiter: usual, isSpare: false }
    const firsts = book.hasSpare() ? waiting.filter(({ request }) => request.urgency === 'first') : []
    const spare = least(firsts, measures)
    return spare && { waiter: spare, isSpare: true }
  }
  const share = (): void => {
    for (let grant = next(); grant; grant = next()) {
      const { waiter, isSpare } = grant
      waiting.splice(waiting.indexOf(waiter), 1)
      book.give(waiter.request, isSpare)
      waiter.give(() => {
        book.takeBack(waiter.request, isSpare)
        share()
      })
    }
  }
  return {
    take: (request, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        if (!isActive(request.owner)) book.enter(request.owner)
        const leave = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1)
          reject(signal.reason)
        }
        const waiter: Waiter = {
          request,
          give: (release) => {
            signal.removeEventListener('abort', leave)
            resolve(release)
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        waiting.push(waiter)
        share()
      }),
  }
}
