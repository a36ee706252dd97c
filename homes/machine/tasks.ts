import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import { TASK_SECONDS, type Task, type TaskEnd, type TaskName, TaskRefused, type Tasks } from '#ports/tasks.ts'
import { hasCode } from './error-code.ts'

export type MachineTasks = Tasks & {
  /** Looks after what an earlier life of the school began, and tells of what ended with it. */
  begin(): Promise<void>
  /** Ends every program; what they were at is begun anew by the school. */
  close(): Promise<void>
}

type Options = {
  /** Of marks: one a start, so that nothing is begun twice. */
  folder: string
  /** Each program's entry. */
  programs: Readonly<Record<TaskName, string>>
  /** All that a program of this name finds in its environment, besides where programs lie. */
  environment: (name: TaskName) => Readonly<Record<string, string>>
  tell(end: TaskEnd): Promise<void>
  clock: Clock
  log: Log
  seconds?: number
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
/** A mark is kept for as long as somebody may ask for the same start again. */
const MARK_MS = 30 * 24 * 3600_000
const SAID_BYTES = 2000

type Mark = Task & { at: string; life: string; pid?: number; isEnded?: true }

const bareEnvironment = (): Record<string, string> => {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'NODE_COMPILE_CACHE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}

/** What a program says goes to a file: by a pipe it would die at its next word once the school has been killed. */
const saidIn = (folder: string, id: string): string => join(folder, `${id}.log`)

const lastWords = async (path: string): Promise<string> => (await readFile(path, 'utf8').catch(() => '')).slice(-SAID_BYTES)

/** Files that say what was begun, each under its id. */
const marksIn = (folder: string) => {
  const pathOf = (id: string): string => join(folder, `${id}.json`)
  const write = (mark: Mark, flag: 'wx' | 'w'): Promise<void> => writeFile(pathOf(mark.id), JSON.stringify(mark), { flag, flush: true })
  return {
    /** `taken` where this start has been asked for before. */
    take: async (mark: Mark): Promise<'taken' | 'new'> => {
      await mkdir(folder, { recursive: true })
      try {
        await write(mark, 'wx')
        return 'new'
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return 'taken'
        throw error
      }
    },
    change: (mark: Mark) => write(mark, 'w'),
    drop: async (id: string): Promise<void> => {
      await rm(pathOf(id), { force: true })
      await rm(saidIn(folder, id), { force: true })
    },
    all: async (): Promise<Mark[]> => {
      const names = await readdir(folder).catch(() => [])
      const read = names
        .filter((name) => name.endsWith('.json'))
        .map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8').catch(() => 'null')))
      // Each was written by `write`; one that a crash left half is begun anew under another id.
      return (await Promise.allSettled(read)).flatMap((found) => (found.status === 'fulfilled' && found.value !== null ? [found.value as Mark] : []))
    },
  }
}

type Ending = (mark: Mark, fault: string | undefined) => void

/** A program is ended after its time; `ended` is called once it is gone. */
const watchOver = (child: ChildProcess, { mark, seconds }: { mark: Mark; seconds: number }, ended: Ending): void => {
  let isLate = false
  const late = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, seconds * 1000)
  child.once('close', (code, signal) => {
    clearTimeout(late)
    const fault = isLate ? `It had not ended after ${seconds} seconds.` : code === 0 ? undefined : `It ended with ${signal ?? `code ${code}`}.`
    ended(mark, fault)
  })
}

/** Marks of programs that are gone and whose ends nobody has told; those that nobody asks for any more are dropped. */
const leftBehind = async (marks: ReturnType<typeof marksIn>, now: number): Promise<Mark[]> => {
  const found = await marks.all()
  for (const { id, at } of found) if (Date.parse(at) < now - MARK_MS) await marks.drop(id)
  return found.filter(({ at, isEnded, pid }) => !isEnded && Date.parse(at) >= now - MARK_MS && (pid === undefined || !isAlive(pid)))
}

/** Runs each program as a process of its own, which outlives a school that is killed. */
export const tasks = ({ folder, programs, environment, tell, clock, log, seconds = TASK_SECONDS }: Options): MachineTasks => {
  const marks = marksIn(folder)
  const running = new Map<string, ChildProcess>()
  /** What was begun in this life of the school it hears of by itself. */
  const life = randomUUID()
  let isClosing = false

  const end = async (mark: Mark, fault: string | undefined): Promise<void> => {
    const { name, id, run } = mark
    if (fault !== undefined) {
      log.warn('a program ended badly', { task: name, run, fault, said: await lastWords(saidIn(folder, id)) })
      await tell({ name, id, run, fault })
    }
    await marks.change({ ...mark, isEnded: true })
    await rm(saidIn(folder, id), { force: true })
  }

  const begun = async (task: Task): Promise<ChildProcess> => {
    const env = { ...bareEnvironment(), ...environment(task.name), RUN: task.run }
    const said = openSync(saidIn(folder, task.id), 'a')
    const child = spawn(process.execPath, [programs[task.name]], { env, stdio: ['ignore', said, said] })
    closeSync(said)
    const isBegun = await new Promise<boolean>((resolve) => child.once('spawn', () => resolve(true)).once('error', () => resolve(false)))
    if (isBegun) return child
    await marks.drop(task.id)
    throw new TaskRefused(`The program ${task.name} could not be begun.`)
  }

  return {
    start: async (task) => {
      if (!ID.test(task.id)) throw new TaskRefused(`Not an id: ${JSON.stringify(task.id.slice(0, 80))}`)
      if (isClosing) throw new TaskRefused('The school is closing.')
      const taken: Mark = { ...task, life, at: clock.now().toISOString() }
      if ((await marks.take(taken)) === 'taken') return
      const child = await begun(task)
      running.set(task.id, child)
      const mark = { ...taken, ...(child.pid !== undefined && { pid: child.pid }) }
      const kept = marks.change(mark)
      watchOver(child, { mark, seconds }, (ended, fault) => {
        running.delete(task.id)
        // What the school ends as it closes is told when it opens again.
        if (isClosing) return
        kept.then(() => end(ended, fault)).catch((error: unknown) => log.error('the end of a program could not be told', error, { task: task.name }))
      })
      await kept
    },
    begin: async () => {
      for (const mark of await leftBehind(marks, clock.now().getTime())) if (mark.life !== life) await end(mark, 'It ended while the school was not awake.')
    },
    close: async () => {
      isClosing = true
      const gone = [...running.values()].map((child) => new Promise((resolve) => child.once('close', resolve)))
      for (const child of running.values()) child.kill('SIGKILL')
      await Promise.all(gone)
    },
  }
}
