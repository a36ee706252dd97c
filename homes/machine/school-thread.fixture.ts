import { existsSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

/** A thread that dies of the first thing it is ever asked for, and then, begun again, does what it should. */
// What `school-file.ts` starts it with.
const { path } = workerData as { path: string }
if (existsSync(`${path}.died`)) await import('./school-thread.ts')
else
  parentPort?.once('message', () => {
    writeFileSync(`${path}.died`, '')
    throw new Error('Out of memory, say.')
  })
