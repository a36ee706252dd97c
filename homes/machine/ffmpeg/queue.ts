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

type Waiter = { request: Request; give(): void }

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

/**
 * Start-time fair queueing: each owner's account grows by the weight of what it was given, and the next place goes to the
 * lowest account. Who comes anew starts where the others are, so nobody saves up. One place more than `places` is kept for
 * what is `first`: it is short, and must not wait for a long piece of somebody else.
 */
export const fairQueue = (places: number): Queue => {
  const waiting: Waiter[] = []
  const busy = new Map<string, number>()
  const accounts = new Map<string, number>()
  let now = 0

  const inUse = (): number => [...busy.values()].reduce((sum, count) => sum + count, 0)
  const isActive = (owner: string): boolean => busy.has(owner) || waiting.some(({ request }) => request.owner === owner)
  const account = ({ owner }: Request): number => accounts.get(owner) ?? now
  const room = ({ urgency }: Request): boolean => inUse() < places + (urgency === 'first' ? 1 : 0)

  const next = (): Waiter | undefined =>
    least(
      waiting.filter(({ request }) => room(request)),
      [({ urgency }) => URGENCIES.indexOf(urgency), account, (request) => request.remaining(), (request) => request.rank()],
    )
  const share = (): void => {
    for (let chosen = next(); chosen; chosen = next()) {
      const { owner, weight } = chosen.request
      waiting.splice(waiting.indexOf(chosen), 1)
      now = account(chosen.request)
      accounts.set(owner, now + weight)
      busy.set(owner, (busy.get(owner) ?? 0) + 1)
      chosen.give()
    }
  }
  const release = (owner: string): void => {
    const left = (busy.get(owner) ?? 1) - 1
    if (left > 0) busy.set(owner, left)
    else busy.delete(owner)
    share()
  }
  return {
    take: (request, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        if (!isActive(request.owner)) accounts.set(request.owner, Math.max(accounts.get(request.owner) ?? 0, now))
        const leave = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1)
          reject(signal.reason)
        }
        const waiter: Waiter = {
          request,
          give: () => {
            signal.removeEventListener('abort', leave)
            resolve(() => release(request.owner))
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        waiting.push(waiter)
        share()
      }),
  }
}
