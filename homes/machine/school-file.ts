import type { DatabaseSync } from 'node:sqlite'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { Unkept } from '#ports/unkept.ts'
import { openDatabase } from './database.ts'
import { type Deed, type Deeds, SCHOOL_MIGRATIONS, type Write, writing } from './school-deeds.ts'
import type { Answer, ThreadData, Told } from './school-thread.ts'

/**
 * The school's own database. Whoever reads does so here and now, through `reader`, which cannot write; every write goes through
 * `write`, and is there to be read once that has answered.
 */
export type SchoolFile = { reader: DatabaseSync; write: Write; close(): Promise<void> }
/** `line`: for another thread, which reaches the file by it (`reachSchoolFile`) until the thread that writes ends. */
export type SharedFile = SchoolFile & { line(): MessagePort }

/** Long enough for an operator's tool, and shorter than a payment provider waits for its webhook to be taken. */
const PATIENCE_MS = 5000

/** A way to the thread that writes: the thread itself, for whoever started it, or a line. */
type Way = {
  postMessage(told: Told): void
  on(event: 'message', heard: (answers: Answer[]) => void): unknown
  ref(): void
  unref(): void
}
type Asking = { ask(deed: Deed, given: Parameters<Deeds[Deed]>[0]): Promise<unknown>; lost(error: Error): void }

const asking = (way: Way): Asking => {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let count = 0
  const settle = (answer: Answer): void => {
    const asked = waiting.get(answer.number)
    waiting.delete(answer.number)
    if ('error' in answer) asked?.reject(answer.why === undefined ? answer.error : new Unkept(answer.why, answer.error))
    else asked?.resolve(answer.result)
    if (waiting.size === 0) way.unref()
  }
  way.on('message', (answers) => {
    for (const answer of answers) settle(answer)
  })
  way.unref()
  return {
    ask(deed, given) {
      count += 1
      const asked = Promise.withResolvers<unknown>()
      way.postMessage({ number: count, deed, given })
      waiting.set(count, asked)
      // The program lives at least until everybody has been answered.
      way.ref()
      return asked.promise
    },
    lost(error) {
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    },
  }
}

type Thread = { ask: Asking['ask']; line(): MessagePort; end(): Promise<void> }

const begun = (script: URL, data: ThreadData, ended: () => void): Thread => {
  const worker = new Worker(script, { workerData: data })
  const { ask, lost } = asking(worker)
  const over = Promise.withResolvers<void>()
  let cause: unknown
  worker.on('error', (error) => {
    cause = error
  })
  worker.on('exit', (code) => {
    ended()
    lost(new Error(`The thread that writes has ended (${code}).`, { cause }))
    over.resolve()
  })
  const tell = (told: Told, handedOver: MessagePort[] = []): void => worker.postMessage(told, handedOver)
  return {
    ask,
    line() {
      const { port1: line, port2: other } = new MessageChannel()
      tell({ line: other }, [other])
      return line
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
const elsewhere = (script: URL, data: ThreadData): Omit<SharedFile, 'reader'> => {
  let isClosed = false
  const begin = (): Thread => {
    const thread = begun(script, data, () => {
      if (live === thread) live = undefined
    })
    return thread
  }
  let live: Thread | undefined = begin()
  const reached = (): Thread => {
    if (isClosed) throw new Error('The school is closed.')
    live ??= begin()
    return live
  }
  return {
    // The thread answers with what the deed does.
    write: async <D extends Deed>(deed: D, given: Parameters<Deeds[D]>[0]) => (await reached().ask(deed, given)) as ReturnType<Deeds[D]>,
    line: () => reached().line(),
    async close() {
      isClosed = true
      await live?.end()
    },
  }
}

/** Makes a connection one that only reads, and that stands still for nobody else's lock. */
const readingOnly = (database: DatabaseSync): DatabaseSync => {
  database.exec('PRAGMA query_only = ON; PRAGMA busy_timeout = 0')
  return database
}

type Options = { patienceMs?: number; script?: URL }

/** Opens (or makes) it. In `:memory:`, for tests, the same deeds are done in place. */
export const openSchoolFile = (
  path: string,
  { patienceMs = PATIENCE_MS, script = new URL('./school-thread.ts', import.meta.url) }: Options = {},
): SharedFile => {
  const database = openDatabase(path, SCHOOL_MIGRATIONS)
  if (path === ':memory:') {
    const line = (): never => {
      throw new Error('No other thread reaches what lies in memory.')
    }
    return { reader: database, write: writing(database, patienceMs), line, close: async () => database.close() }
  }
  const reader = readingOnly(database)
  const { write, line, close } = elsewhere(script, { path, patienceMs })
  return {
    ...{ reader, write, line },
    async close() {
      await close()
      reader.close()
    },
  }
}

/** The same file, open already in another thread, which gave the line. */
export const reachSchoolFile = (path: string, line: MessagePort): SchoolFile => {
  const reader = readingOnly(openDatabase(path))
  const { ask, lost } = asking(line)
  line.on('close', () => lost(new Error('The thread that writes has ended.')))
  return {
    reader,
    // As above.
    write: async <D extends Deed>(deed: D, given: Parameters<Deeds[D]>[0]) => (await ask(deed, given)) as ReturnType<Deeds[D]>,
    async close() {
      line.close()
      reader.close()
    },
  }
}
