import { existsSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { FromOffice } from './office-thread.ts'

/** An office that breaks down while it is telling somebody, and then, begun again, does what it should. */
// What `office.ts` starts it with.
const { path } = workerData as { path: string }
if (!existsSync(`${path}.broke`) && parentPort) {
  const starter = parentPort
  const post = starter.postMessage.bind(starter)
  starter.postMessage = (told: FromOffice) => {
    if (told === 'wake' || !('ask' in told)) return post(told)
    writeFileSync(`${path}.broke`, '')
    process.exit(1)
  }
}
await import('./office-thread.ts')
