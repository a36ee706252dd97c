import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { schoolFlags, schoolMemory } from '#scripts/setup.mjs'
import { eventually, freePort } from '#test/journeys/program.ts'
import { heardFrom } from '../parts.ts'
import type { Asked, Seen } from './messages.ts'

/** The school that is held out: a process of its own on a folder of its own. */
export type School = { url: string; port: number; data: string; pid: number; ask(asked: Asked): Promise<Seen>; stop(): Promise<void> }

const HOST = new URL('./host.ts', import.meta.url)

/** Everybody comes from this machine; a proxy's word says from where they would. */
const settingsOf = (data: string, port: number): NodeJS.ProcessEnv => ({
  ...schoolMemory,
  ...process.env,
  ...{ NODE_ENV: 'production', PORT: String(port), LECTERN_DATA: data, LECTERN_URL: `http://localhost:${port}` },
  ...{ LECTERN_TRUSTED_PROXIES: 'loopback', LECTERN_METRICS: 'loopback' },
})

export const openSchool = async (data: string): Promise<School> => {
  const port = await freePort()
  await mkdir(data, { recursive: true })
  // In this program's session: Linux weighs programs by their niceness within one, and takes two sessions for equals (sched(7), "The autogroup feature").
  const child = fork(HOST, ['--empty'], { execArgv: schoolFlags, env: settingsOf(data, port), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const over = once(child, 'exit')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)))
  await eventually('the school to be open', async () => {
    if (child.exitCode !== null) throw new Error(`The school ended with ${child.exitCode}:\n${output}`)
    return output.includes('is open') ? true : undefined
  })
  let turn: Promise<unknown> = Promise.resolve()
  const ask = (asked: Asked): Promise<Seen> => {
    const answered = turn.then(async () => {
      child.send(asked)
      // It answers each question with one of these.
      return (await heardFrom(child)) as Seen
    })
    turn = answered.catch(() => undefined)
    return answered
  }
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect()
    await over
  }
  return { url: `http://localhost:${port}`, port, data, pid: child.pid ?? 0, ask, stop }
}
