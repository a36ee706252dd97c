import { parentPort, workerData } from 'node:worker_threads'
import { report } from './report.ts'
import { history } from './run.ts'
import type { Share, Tried } from './seeds.ts'

const MOST_FAILED = 5
/** How often a worker says how far it is. */
const BATCH = 250

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

// What a thread is given is the share that `trySeeds` made for it.
await tryShare(workerData as Share, (tried) => parentPort?.postMessage(tried))
