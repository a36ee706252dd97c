import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { report } from './report.ts'
import { history } from './run.ts'

export type Seeds = { from: number; count: number; workers: number }
export type Tried = { histories: number; steps: number; failed: { seed: number; report: string }[] }

const MOST_FAILED = 5
/** How often a worker says how far it is. */
const BATCH = 250

type Share = { from: number; count: number; stride: number }

/** Lets a thread's messages out between batches. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const tryShare = async ({ from, count, stride }: Share, tell: (tried: Tried) => void): Promise<void> => {
  let [tried, failed]: [Tried, number] = [{ histories: 0, steps: 0, failed: [] }, 0]
  for (let place = 0; place < count && failed < MOST_FAILED; place += 1) {
    const lived = await history(from + place * stride)
    tried.histories += 1
    tried.steps += lived.steps
    if (lived.broken.length > 0) {
      failed += 1
      tried.failed.push({ seed: lived.seed, report: report(lived) })
    }
    if (tried.histories === BATCH || place === count - 1 || failed === MOST_FAILED) {
      tell(tried)
      tried = { histories: 0, steps: 0, failed: [] }
      await breathe()
    }
  }
}

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
    const thread = new Worker(new URL(import.meta.url), { workerData: share })
    thread.on('message', add)
    const [code] = await once(thread, 'exit')
    if (code !== 0) throw new Error(`A thread of the simulation ended with ${code}.`)
  })
  await Promise.all(threads)
  sum.failed.sort((one, other) => one.seed - other.seed)
  return sum
}

// As a thread of its own: what it was given is the share `trySeeds` made.
if (!isMainThread && parentPort) await tryShare(workerData as Share, (tried) => parentPort?.postMessage(tried))
