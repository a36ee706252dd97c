import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Faults, NO_FAULTS, readFaults } from './faults.ts'

export type Exchange = {
  id: string
  at: string
  model: string
  system: string
  prompt: string
  /** What was answered, or the part of it that is kept; undefined where nothing was. */
  answer: string | undefined
  status: number | undefined
  fault: string
  tokens: { input: number; output: number }
}

const MOST = 50
const MOST_KEPT_CHARACTERS = 200_000
const FILE = /^\d{15}-[0-9a-f-]{36}\.json$/

const clipped = (text: string): string => (text.length > MOST_KEPT_CHARACTERS ? `${text.slice(0, MOST_KEPT_CHARACTERS)} …` : text)

/** Whole or not at all, so that a crash leaves nothing half; and two at once do not take each other's. */
const write = async (path: string, value: unknown): Promise<void> => {
  const unfinished = `${path}.${randomUUID()}.part`
  await writeFile(unfinished, JSON.stringify(value))
  await rename(unfinished, path)
}

const read = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** The switches, and the newest fifty questions with their answers, as files. */
export const openStore = async (folder: string) => {
  const exchanges = join(folder, 'exchanges')
  const switches = join(folder, 'faults.json')
  await mkdir(exchanges, { recursive: true })
  const kept = await read(switches)
  let faults: Faults = typeof kept === 'object' && kept !== null ? readFaults({ ...kept }, NO_FAULTS) : NO_FAULTS
  let last = 0

  const names = async (): Promise<string[]> => (await readdir(exchanges)).filter((name) => FILE.test(name)).toSorted()
  return {
    faults: (): Faults => faults,
    putFaults: async (next: Faults): Promise<void> => {
      if (next === faults) return
      faults = next
      await write(switches, next)
    },
    add: async (exchange: Omit<Exchange, 'id' | 'at'>): Promise<void> => {
      // Strictly growing, so that the order of questions is the order of the files.
      last = Math.max(Date.now(), last + 1)
      const id = `${String(last).padStart(15, '0')}-${randomUUID()}`
      const { answer, prompt, system } = exchange
      const shown = { answer: answer === undefined ? undefined : clipped(answer), prompt: clipped(prompt), system: clipped(system) }
      await write(join(exchanges, `${id}.json`), { ...exchange, ...shown, id, at: new Date(last).toISOString() })
      for (const old of (await names()).slice(0, -MOST)) await rm(join(exchanges, old), { force: true })
    },
    /** Newest first. */
    list: async (): Promise<Exchange[]> => {
      const found = await Promise.all((await names()).toReversed().map((name) => read(join(exchanges, name))))
      // Each was written by `add`.
      return found.filter((each) => each !== undefined) as Exchange[]
    },
    find: async (id: string): Promise<Exchange | undefined> =>
      // As above; a name that is none of ours is never looked for.
      FILE.test(`${id}.json`) ? ((await read(join(exchanges, `${id}.json`))) as Exchange | undefined) : undefined,
    clear: async (): Promise<void> => {
      for (const name of await names()) await rm(join(exchanges, name), { force: true })
    },
  }
}

export type Store = Awaited<ReturnType<typeof openStore>>
