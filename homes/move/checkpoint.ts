import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import * as z from 'zod'
import { hasCode } from '../machine/error-code.ts'

const Progress = z.object({
  phase: z.enum(['room', 'people', 'items', 'objects', 'compare']),
  /** Where the phase goes on; what lies before it has been carried. */
  page: z.string().optional(),
  /** So many of that page have been carried already. */
  done: z.number().optional(),
  /** What people are called there, by what they are called here. */
  ids: z.array(z.tuple([z.string(), z.string()])),
  /** Carried so far. */
  items: z.number(),
  bytes: z.number(),
})
export type Progress = z.infer<typeof Progress>

/** How far a move has come, kept until it is done: a move that stopped goes on there. */
export type Checkpoint = { read(): Promise<Progress | undefined>; write(progress: Progress): Promise<void>; clear(): Promise<void> }

export const checkpointIn = (path: string): Checkpoint => ({
  async read() {
    try {
      return Progress.parse(JSON.parse(await readFile(path, 'utf8')))
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined
      throw error
    }
  },
  async write(progress) {
    await writeFile(`${path}.new`, JSON.stringify(progress), { mode: 0o600 })
    await rename(`${path}.new`, path)
  },
  clear: () => rm(path, { force: true }),
})
