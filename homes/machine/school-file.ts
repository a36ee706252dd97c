import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { openDatabase } from './database.ts'
import { type Deed, type Deeds, SCHOOL_SCHEMA, type Write, writing } from './school-deeds.ts'
import type { Answer, Asked, ThreadData } from './school-thread.ts'

/**
 * The school's own database. Whoever reads does so here and now, through `reader`, which cannot write; every write goes through
 * `write`, and is there to be read once that has answered.
 */
export type SchoolFile = { reader: DatabaseSync; write: Write; close(): Promise<void> }

/** Long enough for an operator's tool, and shorter than a payment provider waits for its webhook to be taken. */
const PATIENCE_MS = 5000

type Thread = { ask(deed: Deed, given: Parameters<Deeds[Deed]>[0]): Promise<unknown>; end(): Promise<void> }

const begun = (script: URL, data: ThreadData, ended: () => void): Thread => {
  const worker = new Worker(script, { workerData: data })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const over = Promise.withResolvers<void>()
  let count = 0
  let cause: unknown
  worker.unref()
  const settle = (answer: Answer): void => {
    const asked = waiting.get(answer.number)
    waiting.delete(answer.number)
    if ('error' in answer) asked?.reject(answer.error)
    else asked?.resolve(answer.result)
    if (waiting.size === 0) worker.unref()
  }
  worker.on('message', (answers: Answer[]) => {
    for (const answer of answers) settle(answer)
  })
  worker.on('error', (error) => {
    cause = error
  })
  worker.on('exit', (code) => {
    ended()
    for (const { reject } of waiting.values()) reject(new Error(`The thread that writes has ended (${code}).`, { cause }))
    over.resolve()
  })
  const tell = (asked: Asked): void => worker.postMessage(asked)
  return {
    ask(deed, given) {
      count += 1
      const asked = Promise.withResolvers<unknown>()
      tell({ number: count, deed, given })
      waiting.set(count, asked)
      // The program lives at least until everybody has been answered.
      worker.ref()
      return asked.promise
    },
    end() {
      worker.ref()
      tell('end')
      return over.promise
    },
  }
}

/**
 * Has another thread write, so that nobody stands still while the disk is asked to keep a commit. Should it die, whoever waits for
 * it is told so, as after a crash, and the next write starts another.
 */
const elsewhere = (script: URL, data: ThreadData): Omit<SchoolFile, 'reader'> => {
  let isClosed = false
  const begin = (): Thread => {
    const thread = begun(script, data, () => {
      if (live === thread) live = undefined
    })
    return thread
  }
  let live: Thread | undefined = begin()
  return {
    write: async <D extends Deed>(deed: D, given: Parameters<Deeds[D]>[0]) => {
      if (isClosed) throw new Error('The school is closed.')
      live ??= begin()
      // The thread answers with what the deed does.
      return (await live.ask(deed, given)) as ReturnType<Deeds[D]>
    },
    async close() {
      isClosed = true
      await live?.end()
    },
  }
}

type Options = { patienceMs?: number; script?: URL }

/** Opens (or makes) it. In `:memory:`, for tests, the same deeds are done in place. */
export const openSchoolFile = (
  path: string,
  { patienceMs = PATIENCE_MS, script = new URL('./school-thread.ts', import.meta.url) }: Options = {},
): SchoolFile => {
  const database = openDatabase(path, SCHOOL_SCHEMA)
  if (path === ':memory:') return { reader: database, write: writing(database, patienceMs), close: async () => database.close() }
  // Nobody stands still for another program's lock either.
  database.exec('PRAGMA query_only = ON; PRAGMA busy_timeout = 0')
  const { write, close } = elsewhere(script, { path, patienceMs })
  return {
    ...{ reader: database, write },
    async close() {
      await close()
      database.close()
    },
  }
}
