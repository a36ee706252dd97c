import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FunctionProcess, startFunction as startProcess } from '../test/aws/rehearsal/function-process.ts'

const DIST = join(import.meta.dirname, 'dist')

/** Neither answers nor ends: cut. */
const PATIENCE_SECONDS = 30

export type Runtime = Pick<FunctionProcess, 'lines' | 'close'> & {
  /** What the handler answers. @throws what it throws */
  invoke(event: unknown): Promise<unknown>
}

/**
 * A function as Lambda runs it: its bundle alone in a folder of its own, in a process that has this environment and no other.
 * @throws what it wrote to standard error when it does not load
 */
export const startFunction = async (entry: string, environment: Record<string, string>): Promise<Runtime> => {
  const folder = await mkdtemp(join(tmpdir(), `lectern-${entry}-`))
  await cp(join(DIST, entry), folder, { recursive: true })
  const removed = (): Promise<void> => rm(folder, { recursive: true })
  const running = await startProcess({ folder, environment, hosts: {} }).catch(async (error: unknown) => {
    await removed()
    throw error
  })
  return {
    invoke: (event) => running.invoke(event, PATIENCE_SECONDS),
    lines: running.lines,
    close: async () => {
      await running.close()
      await removed()
    },
  }
}
