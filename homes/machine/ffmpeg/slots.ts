/** Places for workers, shared out so that a short video does not wait for all of a long one. */
export type Slots = { take(job: string, signal: AbortSignal): Promise<() => void> }

type Waiter = { job: string; give: () => void }

export const slots = (places: number): Slots => {
  const waiting: Waiter[] = []
  const busy = new Map<string, number>()
  const inUse = (): number => [...busy.values()].reduce((sum, count) => sum + count, 0)

  /** The next place goes to the job with the fewest, first come first served among equals. */
  const share = (): void => {
    while (waiting.length > 0 && inUse() < places) {
      const next = waiting.reduce((a, b) => ((busy.get(b.job) ?? 0) < (busy.get(a.job) ?? 0) ? b : a))
      waiting.splice(waiting.indexOf(next), 1)
      busy.set(next.job, (busy.get(next.job) ?? 0) + 1)
      next.give()
    }
  }
  const release = (job: string): void => {
    const left = (busy.get(job) ?? 1) - 1
    if (left > 0) busy.set(job, left)
    else busy.delete(job)
    share()
  }
  return {
    take: (job, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const leave = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1)
          reject(signal.reason)
        }
        const waiter: Waiter = {
          job,
          give: () => {
            signal.removeEventListener('abort', leave)
            resolve(() => release(job))
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        waiting.push(waiter)
        share()
      }),
  }
}
