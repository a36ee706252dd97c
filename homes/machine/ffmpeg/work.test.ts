import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { join } from 'node:path'
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

/** A file that nobody writes to: whoever opens it waits. */
const endless = (folder: string): string => {
  const path = join(folder, 'source')
  execFileSync('mkfifo', [path])
  return path
}

test('a worker is behind all others, and the session it leads behind other sessions where the system weighs them', {
  skip: existsSync('/proc/self/autogroup') ? false : 'this system does not weigh sessions',
}, async (t) => {
  const folder = await scratchFolder()
  t.after(() => rm(folder, { recursive: true, force: true }))
  const [started, stopping] = [Promise.withResolvers<number>(), new AbortController()]
  const over = work({ kind: 'probe', source: endless(folder) }, { folder, signal: stopping.signal, onStart: started.resolve })
  const pid = await started.promise
  const session = (): string => readFileSync(`/proc/${pid}/autogroup`, 'utf8')
  const end = performance.now() + 30_000
  while (!/ nice 5$/m.test(session()) && performance.now() < end) await new Promise(setImmediate)
  assert.match(session(), / nice 5$/m)
  assert.equal(getPriority(pid), 19)
  stopping.abort()
  assert.deepEqual(await over, { kind: 'stopped' })
})
