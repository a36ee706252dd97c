import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { schoolFlags, schoolMemory } from '#scripts/setup.mjs'
import { logsBelow, secretsIn } from './secrets.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'homes', 'machine', 'main.ts')

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}

/** Waits until `look` finds something, asking every 100 ms; the message says what was waited for. */
export const eventually = async <T>(what: string, look: () => Promise<T | undefined> | T | undefined, seconds = 60): Promise<T> => {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > end) throw new Error(`Waited ${seconds} s in vain for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The very program that `npm start` runs, on a data folder and a port of its own. */
export type Program = {
  url: string
  data: string
  output(): string
  /** `env`: what is otherwise this time. */
  start(env?: Record<string, string>): Promise<void>
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>
  /** Ends it for good, and fails when a log or its output has given a secret away. */
  close(): Promise<void>
}

const assertSilent = (logs: readonly { name: string; text: string }[]): void => {
  const told = logs.flatMap(({ name, text }) => secretsIn(text).map((kind) => `${name}: ${kind}`))
  assert.deepEqual(told, [], 'secrets stand in the logs')
}

/** `below`: the folder that its data lie in; `openFiles`: how many the system lets it have open at once. */
type Setup = { args?: string[]; env?: Record<string, string>; below?: string; openFiles?: number }

export const program = async ({ args = [], env = {}, below = tmpdir(), openFiles }: Setup = {}): Promise<Program> => {
  const data = await mkdtemp(join(below, 'lectern-journey-'))
  const port = await freePort()
  const url = `http://localhost:${port}`
  let child: ChildProcess | undefined
  let output = ''
  /** What earlier starts have said. */
  let before = ''
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child
    child = undefined
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    running.kill(signal)
    await once(running, 'exit')
  }
  return {
    url,
    data,
    output: () => output,
    start: async (otherwise = {}) => {
      const all = [process.execPath, ...schoolFlags, MAIN, ...args]
      const [command = '', ...given] = openFiles === undefined ? all : ['sh', '-c', `ulimit -n ${openFiles} && exec "$0" "$@"`, ...all]
      const started = spawn(command, given, {
        env: {
          ...schoolMemory,
          ...process.env,
          NODE_ENV: 'production',
          NODE_TEST_CONTEXT: '',
          ...env,
          PORT: String(port),
          LECTERN_DATA: data,
          LECTERN_URL: url,
          ...otherwise,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      before += output
      output = ''
      for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
      await eventually('the program to be up', async () => {
        if (started.exitCode !== null) throw new Error(`The program ended with ${started.exitCode}:\n${output}`)
        const answer = await fetch(`${url}/api/health`).catch(() => undefined)
        return answer?.ok && output.includes('is open') ? true : undefined
      })
    },
    kill: () => end('SIGKILL'),
    close: async () => {
      await end('SIGTERM')
      try {
        assertSilent([{ name: 'output', text: before + output }, ...(await logsBelow(data))])
      } finally {
        await rm(data, { recursive: true, force: true })
      }
    },
  }
}

/** Every object that a program's store holds below a prefix, by key. */
export const keysBelow = ({ data }: Pick<Program, 'data'>, prefix: string): string[] => {
  const database = new DatabaseSync(join(data, 'objects', 'objects.sqlite'), { readOnly: true })
  const rows = database.prepare('SELECT key FROM objects WHERE key LIKE ? ORDER BY key').all(`${prefix}%`)
  database.close()
  return rows.map((row) => String(row['key']))
}
