import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Answered, Ask } from './load.ts'

export type Listening = { port: number; pid: number; stop(): Promise<void> }

/** What the school tells once it listens: where its files lie, what its learners' browsers send, and one learner's token. */
export type SchoolOpened = { port: number; prefix: string; cookies: string[]; token: string }
export type School = Listening & SchoolOpened

/** A script of ours in a process of its own; it ends by itself when we do. `next` is what it sends next. */
const start = (script: string, ...args: string[]): { child: ChildProcess; next(): Promise<unknown>; stop(): Promise<void> } => {
  const child = fork(new URL(script, import.meta.url), args, { execArgv: [] })
  const over = once(child, 'exit')
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const heard = (message: unknown): void => {
        child.off('exit', ended)
        resolve(message)
      }
      const ended = (code: number | null): void => {
        child.off('message', heard)
        reject(new Error(`${script} ended early (${code}).`))
      }
      child.once('message', heard).once('exit', ended)
    })
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    await over
  }
  return { child, next, stop }
}

const listening = async <T extends { port: number }>(script: string, folder: string): Promise<T & Listening> => {
  const { child, next, stop } = start(script, folder)
  // Its script sends this first, and nothing else.
  const opened = (await next()) as T
  if (child.pid === undefined) throw new Error(`${script} did not start.`)
  return { ...opened, pid: child.pid, stop }
}

export const openSchool = (folder: string): Promise<School> => listening<SchoolOpened>('./host.ts', folder)
export const openPlainNode = (folder: string): Promise<Listening> => listening('./plain.ts', folder)

/** `ask` answers with the bytes of all bodies together. */
export type Load = { ask(what: Ask): Promise<number>; stop(): Promise<void> }

export const openLoad = (): Load => {
  const { child, next, stop } = start('./load.ts')
  return {
    stop,
    async ask(what) {
      child.send(what)
      // The script answers each question with one of these.
      const answer = (await next()) as Answered
      if ('failed' in answer) throw new Error(`${what.requests[0]?.path.split('?')[0]}: ${answer.failed}`)
      return answer.bytes
    },
  }
}
