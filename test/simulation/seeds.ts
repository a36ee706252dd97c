import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export type Seeds = { from: number; count: number; workers: number }
export type Tried = { histories: number; steps: number; failed: { seed: number; report: string }[] }

/** What one thread tries: so many, every `stride`th. */
export type Share = { from: number; count: number; stride: number }

/** Tries so many seeds from one on, on so many threads; `tell` hears of each batch. A thread that has found five gives up. */
export const trySeeds = async ({ from, count, workers }: Seeds, tell: (so: Tried) => void = () => {}): Promise<Tried> => {
  const sum: Tried = { histories: 0, steps: 0, failed: [] }
  const add = ({ histories, steps, failed }: Tried): void => {
    sum.histories += histories
    sum.steps += steps
    sum.failed.push(...failed)
    tell(sum)
  }
  const shares = Array.from({ length: workers }, (_, place): Share => ({ from: from + place, count: Math.ceil((count - place) / workers), stride: workers }))
  const threads = shares.map(async (share) => {
    const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: share, resourceLimits: { maxYoungGenerationSizeMb: 64 } })
    thread.on('message', add)
    const [code] = await once(thread, 'exit')
    if (code !== 0) throw new Error(`A thread of the simulation ended with ${code}.`)
  })
  await Promise.all(threads)
  sum.failed.sort((one, other) => one.seed - other.seed)
  return sum
}
