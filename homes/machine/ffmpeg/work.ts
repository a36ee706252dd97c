import { type ChildProcess, fork } from 'node:child_process'
import type { SourceFault } from '#ports/transcoder.ts'
import type { Facts } from './plan.ts'
import type { CopyTask, Task, TaskReport } from './task.ts'

/** What a worker may be asked for. Without `ffmpegPath` it uses the FFmpeg that came with npm. */
export type Order = { ffmpegPath?: string } & ({ kind: 'probe'; source: string } | { kind: 'run'; task: Task } | { kind: 'copy'; task: CopyTask })

export type Reply =
  | { kind: 'reached'; seconds: number }
  | { kind: 'probed'; facts: Facts }
  | { kind: 'done'; report: TaskReport }
  | { kind: 'fault'; fault: SourceFault; detail: string }
  | { kind: 'broke'; detail: string }

export type Outcome = Exclude<Reply, { kind: 'reached' }> | { kind: 'stopped' }

const ENTRY = new URL('./worker.ts', import.meta.url)

/** A worker gets nothing of the server's environment but where programs lie: no keys, no tokens. */
const bareEnvironment = (): Record<string, string> => {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH']
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
}

/** The worker leads a process group of its own, so that an `ffmpeg` it started goes with it. */
const kill = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH'
    if (!isGone) throw error
  }
}

/**
 * Has one order carried out in a process of its own, in `folder`, at low priority, for at most `limitSeconds` by the wall clock.
 * It has ended, and everything it started, when this resolves.
 */
export const work = (
  order: Order,
  how: { folder: string; limitSeconds: number; signal?: AbortSignal; onReached?: (seconds: number) => void; onStart?: (pid: number) => void },
): Promise<Outcome> =>
  new Promise((resolve) => {
    if (how.signal?.aborted) return resolve({ kind: 'stopped' })
    const child = fork(ENTRY, [], { cwd: how.folder, env: bareEnvironment(), execArgv: [], detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    let outcome: Outcome | undefined
    let said = ''
    const stop = (): void => {
      outcome = { kind: 'stopped' }
      kill(child)
    }
    const watchdog = setTimeout(() => {
      outcome = { kind: 'broke', detail: `It took longer than ${how.limitSeconds} s.` }
      kill(child)
    }, how.limitSeconds * 1000)
    how.signal?.addEventListener('abort', stop, { once: true })
    child.stderr?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-600)
    })
    child.on('message', (reply: Reply) => {
      if (reply.kind === 'reached') how.onReached?.(reply.seconds)
      else outcome ??= reply
    })
    child.once('error', (error) => {
      outcome ??= { kind: 'broke', detail: error.message }
      if (child.pid === undefined) end(null, null)
    })
    const end = (code: number | null, signal: string | null): void => {
      clearTimeout(watchdog)
      how.signal?.removeEventListener('abort', stop)
      kill(child)
      resolve(outcome ?? { kind: 'broke', detail: `The worker ended by itself (${signal ?? code}). ${said}`.trim() })
    }
    child.once('close', end)
    if (child.pid !== undefined) how.onStart?.(child.pid)
    child.send(order, (error) => {
      if (error) outcome ??= { kind: 'broke', detail: error.message }
    })
  })
