import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { writeHeapSnapshot } from 'node:v8'
import { collector } from '#homes/machine/heap.ts'
import type { Asked, Seen } from './messages.ts'

/** The very program that `npm start` runs, which also tells whoever began it how it is. It ends when nobody listens any more. */

// The same as the school measures itself by, so that what is told here can be found there.
const RESOLUTION_MS = 20
const whole = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
const lately = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
const mb = (bytes: number): number => bytes / 1024 ** 2

const look = (): Seen => {
  const [{ rss, heapUsed, external }, { user, system }] = [process.memoryUsage(), process.cpuUsage()]
  const seen = {
    ...{ rssMb: mb(rss), heapMb: mb(heapUsed), externalMb: mb(external), cpuSeconds: (user + system) / 1e6 },
    delay: { p50: late(whole.percentile(50)), p99: late(whole.percentile(99)), max: late(whole.max) },
    lately: { p99: late(lately.percentile(99)), max: late(lately.max) },
  }
  lately.reset()
  return seen
}

const collect = collector()

const profile = async (folder: string, seconds: number): Promise<void> => {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const { profile: taken } = await session.post('Profiler.stop')
  session.disconnect()
  await writeFile(join(folder, 'school.cpuprofile'), JSON.stringify(taken))
}

const answer = async (asked: Asked): Promise<Seen> => {
  if (asked.what === 'profile') await profile(asked.folder, asked.seconds)
  if (asked.what === 'heap') writeHeapSnapshot(asked.path)
  // What collecting makes late is nobody's fault: it counts neither before nor after.
  const before = look()
  if ('collects' in asked && asked.collects) collect()
  const { heapMb, rssMb } = look()
  if (asked.what === 'begin') {
    whole.reset()
    lately.reset()
  }
  return { ...before, heapMb, rssMb }
}

process.on('message', (asked: Asked) => void answer(asked).then((seen) => process.send?.(seen)))
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
whole.enable()
lately.enable()
await import('#homes/machine/main.ts')
// What a terminal tells whoever began this is not for the school, which is stopped when all is said.
process.removeAllListeners('SIGINT').on('SIGINT', () => undefined)
