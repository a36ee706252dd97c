import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { type TestContext, test } from 'node:test'
import { scratchFolder } from '../scratch.fixture.ts'
import { type Order, work } from './work.ts'

/** A worker's folder, on a system that kills as it is told to and answers with this code all the same. */
const whereKillAnswers = async (test: TestContext, code: string): Promise<string> => {
  const folder = await scratchFolder()
  test.after(() => rm(folder, { recursive: true, force: true }))
  const kill = process.kill.bind(process)
  test.mock.method(process, 'kill', (pid: number, signal: NodeJS.Signals) => {
    try {
      kill(pid, signal)
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: whatever the system said, this is what it says here
      throw Object.assign(new Error(`kill ${code}`), { code })
    }
  })
  return folder
}

const nothing: Order = { kind: 'probe', source: '/nowhere/at/all' }

const stopped = (folder: string) => {
  const stopping = new AbortController()
  return work(nothing, { folder, signal: stopping.signal, onStart: () => setImmediate(() => stopping.abort()) })
}

test('a worker is stopped on a system that says EPERM of processes that have ended', async (test) => {
  assert.deepEqual(await stopped(await whereKillAnswers(test, 'EPERM')), { kind: 'stopped' })
})

test('a worker that passes a limit is told so there, too', async (test) => {
  const folder = await whereKillAnswers(test, 'EPERM')
  assert.deepEqual(await work(nothing, { folder, limits: { seconds: 0 } }), { kind: 'broke', detail: 'It took longer than 0 s.', isSlow: true })
})

test('a worker that cannot be killed has broken, and the server goes on', async (test) => {
  assert.deepEqual(await stopped(await whereKillAnswers(test, 'EINVAL')), { kind: 'broke', detail: 'The worker could not be killed: kill EINVAL' })
})

/** The last that could be seen of a process while it was there. */
const watching = <T>(look: () => T) => {
  let seen: T | undefined
  const timer = setInterval(() => {
    try {
      seen = look()
    } catch {
      clearInterval(timer)
    }
  }, 2)
  return { seen: () => seen, end: () => clearInterval(timer) }
}

test('a worker is behind all others, and the session it leads behind other sessions where the system weighs them', {
  skip: existsSync('/proc/self/autogroup') ? false : 'this system does not weigh sessions',
}, async (t) => {
  const folder = await scratchFolder()
  t.after(() => rm(folder, { recursive: true, force: true }))
  let watched: ReturnType<typeof watching<{ own: number; session: string }>> | undefined
  const look = (pid: number) => ({ own: getPriority(pid), session: readFileSync(`/proc/${pid}/autogroup`, 'utf8') })
  await work(nothing, { folder, onStart: (pid) => (watched = watching(() => look(pid))) })
  watched?.end()
  assert.equal(watched?.seen()?.own, 19)
  assert.match(watched?.seen()?.session ?? '', / nice 5$/m)
})
