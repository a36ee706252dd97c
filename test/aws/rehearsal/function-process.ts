import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'

/** Loads the bundle, then answers each message with what its handler does. */
const PROGRAM = `const { handler } = await import(process.argv[1]).catch((error) => {
  console.error((error.code ? error.code + ': ' : '') + error.message)
  process.exit(1)
})
process.on('message', async ({ id, event }) => {
  const context = { awsRequestId: 'req-' + id }
  try { process.send({ id, answer: await handler(event, context) }) } catch (error) { process.send({ id, fault: String(error?.stack ?? error) }) }
})
process.send({ id: 0 })`

const Message = z.object({ id: z.number(), answer: z.unknown().optional(), fault: z.string().optional() })
type Message = z.infer<typeof Message>

export type FunctionProcess = {
  /** What the handler answers. @throws what it throws */
  invoke(event: unknown, seconds: number): Promise<unknown>
  /** What it has written to standard output. */
  lines(): string[]
  /** What it has logged as gone wrong. */
  errors(): string[]
  close(): Promise<void>
}

type Starting = {
  /** Where its bundle lies. */
  folder: string
  environment: Record<string, string>
  /** Which host is which origin of this machine. */
  hosts: Record<string, string>
}

const Line = z.object({ level: z.literal('ERROR'), message: z.string(), error: z.object({ message: z.string() }).optional() })

/** What a line of a function's log says has gone wrong. */
const errorIn = (line: string): string[] => {
  try {
    const { message, error } = Line.parse(JSON.parse(line))
    return [error ? `${message}: ${error.message}` : message]
  } catch {
    // Anything else that is written there.
    return []
  }
}

const HOSTS = pathToFileURL(join(import.meta.dirname, 'hosts.ts')).href

/** A function as Lambda runs it, in a process that has its environment and no other. @throws what it says when it does not load */
export const startFunction = async ({ folder, environment, hosts }: Starting): Promise<FunctionProcess> => {
  const bundle = pathToFileURL(join(folder, 'index.mjs')).href
  const child = spawn(process.execPath, ['--import', HOSTS, '--input-type=module', '-e', PROGRAM, bundle, JSON.stringify(hosts)], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const said = { out: '', err: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    said.out += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    said.err += chunk.toString()
  })
  const waiting = new Map<number, (message: Message) => void>()
  const settle = (message: Message): void => {
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  }
  child.on('message', (message) => settle(Message.parse(message)))
  child.on('close', () => {
    for (const id of waiting.keys()) settle({ id, answer: undefined, fault: said.err.trim() || 'It ended by itself.' })
  })
  const answered = async (id: number, seconds: number, send: () => unknown): Promise<unknown> => {
    const { promise, resolve } = Promise.withResolvers<Message>()
    waiting.set(id, resolve)
    const timer = setTimeout(() => settle({ id, answer: undefined, fault: `Task timed out after ${seconds} seconds` }), seconds * 1000)
    send()
    const { answer, fault } = await promise
    clearTimeout(timer)
    if (fault !== undefined) throw new Error(fault)
    return answer
  }
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const lines = (): string[] => said.out.split('\n').filter((line) => line !== '')
  let count = 0
  await answered(0, 30, () => {}).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    invoke(event, seconds) {
      count += 1
      const id = count
      return answered(id, seconds, () => child.send({ id, event }))
    },
    lines,
    errors: () => lines().flatMap(errorIn),
    close,
  }
}
