import { type ChildProcess, fork } from 'node:child_process'
import type { SourceFacts, SourceFault } from '#ports/transcoder.ts'
import { hasCode } from '../error-code.ts'
import { type Limits, USUAL, watchLimits } from './limits.ts'
import type { CopyTask, Task, TaskReport } from './task.ts'

/** What a worker may be asked for. Without `ffmpegPath` it uses the FFmpeg that came with npm. */
export type Order = { ffmpegPath?: string } & ({ kind: 'probe'; source: string } | { kind: 'run'; task: Task } | { kind: 'copy'; task: CopyTask })

export type Reply =
  | { kind: 'alive' }
  | { kind: 'reached'; seconds: number }
  | { kind: 'probed'; facts: SourceFacts }
  | { kind: 'done'; report: TaskReport }
  | { kind: 'fault'; fault: SourceFault; detail: string }
  /** `isSlow`: stopped, because it took too long or gave no sign of life. */
  | { kind: 'broke'; detail: string; isSlow?: true }

export type Outcome = Exclude<Reply, { kind: 'reached' | 'alive' }> | { kind: 'stopped' }

export type How = {
  folder: string
  limits?: Partial<Limits>
  signal?: AbortSignal
  onReached?: (seconds: number) => void
  onStart?: (pid: number) => void
}

const ENTRY = new URL('./worker.ts', import.meta.url)

/** A worker gets nothing of the server's environment but where programs lie: no keys, no tokens. */
const bareEnvironment = (): Record<string, string> => {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'NODE_COMPILE_CACHE']
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
}

/**
 * The worker leads a process group of its own, so that an `ffmpeg` it started goes with it. Answers what is to be told: what was
 * meant, or why it could not be killed. It never throws: it is called where events are heard, and nobody would catch it there.
 */
const killed = ({ pid }: ChildProcess, meant: Outcome): Outcome => {
  if (pid === undefined) return meant
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch (error) {
    // macOS says EPERM of a group whose processes have all ended and not been waited for.
    if (!hasCode(error, 'ESRCH', 'EPERM')) return { kind: 'broke', detail: `The worker could not be killed: ${error instanceof Error ? error.message : error}` }
  }
  return meant
}

/**
 * Has one order carried out in a process of its own, in `folder`, at low priority and within limits.
 * It has ended, and everything it started, when this resolves.
 */
export const work = (order: Order, how: How): Promise<Outcome> =>
  new Promise((resolve) => {
    if (how.signal?.aborted) return resolve({ kind: 'stopped' })
    const child = fork(ENTRY, [], { cwd: how.folder, env: bareEnvironment(), execArgv: [], detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    let outcome: Outcome | undefined
    let said = ''
    const stop = (): void => {
      outcome = killed(child, { kind: 'stopped' })
    }
    const watch = watchLimits({
      pid: child.pid ?? 0,
      folder: how.folder,
      limits: { ...USUAL, ...how.limits },
      onBreach: ({ kind, says }) => {
        outcome = killed(child, kind === 'heavy' ? { kind: 'fault', fault: 'too-heavy', detail: says } : { kind: 'broke', detail: says, isSlow: true })
      },
    })
    how.signal?.addEventListener('abort', stop, { once: true })
    child.stderr?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-600)
    })
    child.on('message', (reply: Reply) => {
      watch.beat()
      if (reply.kind === 'reached') how.onReached?.(reply.seconds)
      else if (reply.kind !== 'alive') outcome ??= reply
    })
    child.once('error', (error) => {
      outcome ??= { kind: 'broke', detail: error.message }
      if (child.pid === undefined) end(null, null)
    })
    const end = (code: number | null, signal: string | null): void => {
      watch.stop()
      how.signal?.removeEventListener('abort', stop)
      resolve(killed(child, outcome ?? { kind: 'broke', detail: `The worker ended by itself (${signal ?? code}). ${said}`.trim() }))
    }
    child.once('close', end)
    if (child.pid !== undefined) how.onStart?.(child.pid)
    child.send(order, (error) => {
      if (error) outcome ??= { kind: 'broke', detail: error.message }
    })
  })
