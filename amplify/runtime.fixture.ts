import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const DIST = join(import.meta.dirname, 'dist')

/** Loads the bundle, then answers each message with what its handler does. */
const PROGRAM = `const { handler } = await import(process.argv[1]).catch((error) => {
  console.error(error.code + ': ' + error.message)
  process.exit(1)
})
process.on('message', async ({ event, context }) => {
  try { process.send({ answer: await handler(event, context) }) } catch (error) { process.send({ fault: String(error) }) }
})
process.send('ready')`

/** Neither answers nor ends: cut. */
const PATIENCE_MS = 30_000

export type Runtime = {
  /** What the handler answers. @throws what it throws */
  invoke(event: unknown): Promise<unknown>
  /** What it has written to standard output. */
  lines(): string[]
  close(): Promise<void>
}

const nextMessage = async (child: ChildProcess, errors: () => string): Promise<unknown> => {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const [message] = await Promise.race([
    once(child, 'message', { signal }),
    once(child, 'close', { signal }).then(() => {
      throw new Error(errors())
    }),
  ])
  return message
}

/**
 * A function as Lambda runs it: its bundle alone in a folder of its own, in a process that has this environment and no other.
 * @throws what it wrote to standard error when it does not load
 */
export const startFunction = async (entry: string, environment: Record<string, string>): Promise<Runtime> => {
  const folder = await mkdtemp(join(tmpdir(), `lectern-${entry}-`))
  await cp(join(DIST, entry), folder, { recursive: true })
  const bundle = pathToFileURL(join(folder, 'index.mjs')).href
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, bundle], {
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
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true })
  }
  try {
    await nextMessage(child, () => said.err)
  } catch (error) {
    await close()
    throw error
  }
  return {
    async invoke(event) {
      const answered = nextMessage(child, () => said.err)
      child.send({ event, context: { awsRequestId: 'req-1' } })
      // As PROGRAM sends it.
      const { answer, fault } = (await answered) as { answer?: unknown; fault?: string }
      if (fault !== undefined) throw new Error(fault)
      return answer
    },
    lines: () => said.out.split('\n').filter((line) => line !== ''),
    close,
  }
}
