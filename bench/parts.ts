import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export type Part = { child: ChildProcess; stop(): Promise<void> }

/** A script of a bench in a process of its own; it ends when it is told that nobody listens any more. */
export const start = (script: URL, ...args: string[]): Part => {
  const child = fork(script, args, { execArgv: [] })
  const over = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    await over
  }
  return { child, stop }
}

export const heardFrom = async (child: ChildProcess): Promise<unknown> => {
  const over = new AbortController()
  const ended = once(child, 'exit', { signal: over.signal }).then(([code]) => Promise.reject(new Error(`A part of the bench ended early (${code}).`)))
  // Whichever comes first; the other is of no account any more.
  ended.catch(() => {})
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: over.signal }), ended])
    return message
  } finally {
    over.abort()
  }
}

export const percentile = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
}
