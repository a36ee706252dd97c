import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#ports/clock.ts'
import type { TranscodeJob, TranscodeNews } from '#ports/transcoder.ts'
import { openDatabase, transaction } from '../database.ts'
import type { Migrations } from '../migrate.ts'
import type { Made } from './pieces.ts'
import type { Plan } from './plan.ts'

export type EndNews = Extract<TranscodeNews, { kind: 'transcoded' | 'failed' }>

/** The transcoder's memory: what was asked, what has been made of it, and what the school has yet to hear. */
export type Jobs = {
  /** False when the job is known already. */
  add(job: TranscodeJob): boolean
  unfinished(): TranscodeJob[]
  isOpen(job: string): boolean
  planOf(job: string): Plan | undefined
  setPlan(job: string, plan: Plan): void
  percentOf(job: string): number
  setPercent(job: string, percent: number): void
  piecesOf(job: string): Map<string, Made>
  /** The names alone, for those who ask every other second. */
  finishedOf(job: string): Set<string>
  /** A piece is being made in this process: what is not finished is forgotten when it ends. */
  begin(job: string, piece: string): void
  begunOf(job: string): Set<string>
  finishPiece(job: string, piece: string, made: Made): void
  forgetPieces(job: string): void
  /** False when the job has been cancelled or has ended meanwhile. */
  end(job: string, news: EndNews): boolean
  cancel(job: string): void
  untold(): EndNews[]
  told(job: string): void
  close(): void
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS jobs (job TEXT PRIMARY KEY, asked TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'cancelled')), plan TEXT, percent INTEGER NOT NULL DEFAULT 0, news TEXT, told INTEGER NOT NULL DEFAULT 0, started_at TEXT NOT NULL, ended_at TEXT) STRICT;
CREATE TABLE IF NOT EXISTS pieces (job TEXT NOT NULL REFERENCES jobs(job) ON DELETE CASCADE, piece TEXT NOT NULL, made TEXT NOT NULL, finished_at TEXT NOT NULL, PRIMARY KEY (job, piece)) STRICT;
`

export const JOBS_MIGRATIONS: Migrations = [{ says: 'jobs and pieces as of 0.1, and the number that tells so', apply: (database) => database.exec(SCHEMA) }]

/** Also of a job that has not been asked for yet: it never will be. */
const CANCEL = `INSERT INTO jobs (job, asked, state, started_at, ended_at) VALUES (?, '{}', 'cancelled', ?, ?)
  ON CONFLICT (job) DO UPDATE SET state = 'cancelled', ended_at = excluded.ended_at WHERE state = 'open' OR told = 0`

/** How long what was made of a job is remembered after its end; that it was, for good. */
const REMEMBERED_MS = 24 * 3600_000

/** A process that was killed a moment ago may take that long to be gone. */
const LEASE_WAIT_MS = 3000

/**
 * Held for as long as this process lives, and let go of by its death however it comes: two that worked on the same jobs would
 * make every piece twice.
 */
const holdFolder = (folder: string): DatabaseSync => {
  const lease = new DatabaseSync(join(folder, 'lease.sqlite'), { timeout: LEASE_WAIT_MS })
  try {
    lease.exec('BEGIN EXCLUSIVE')
    return lease
  } catch (cause) {
    lease.close()
    throw new Error(`Another process is converting videos in ${folder}.`, { cause })
  }
}

const prune = (database: DatabaseSync, clock: Clock): void => {
  const before = new Date(clock.now().getTime() - REMEMBERED_MS).toISOString()
  const isOver = "state <> 'open' AND ended_at < ? AND (told = 1 OR state = 'cancelled')"
  transaction(database, () => {
    database.prepare(`DELETE FROM pieces WHERE job IN (SELECT job FROM jobs WHERE ${isOver})`).run(before)
    database.prepare(`UPDATE jobs SET plan = NULL, asked = '{}', news = NULL WHERE ${isOver}`).run(before)
  })
}

/** @throws Error when another process holds the folder. */
export const openJobs = (folder: string, clock: Clock): Jobs => {
  const lease = holdFolder(folder)
  const database = openDatabase(join(folder, 'transcoder.sqlite'), JOBS_MIGRATIONS)
  const now = (): string => clock.now().toISOString()
  const insert = database.prepare("INSERT INTO jobs (job, asked, state, started_at) VALUES (?, ?, 'open', ?) ON CONFLICT (job) DO NOTHING")
  const open = database.prepare("SELECT asked FROM jobs WHERE state = 'open' ORDER BY started_at, rowid")
  const one = database.prepare('SELECT state, plan, percent FROM jobs WHERE job = ?')
  const pieces = database.prepare('SELECT piece, made FROM pieces WHERE job = ?')
  const names = database.prepare('SELECT piece FROM pieces WHERE job = ?')
  const waiting = database.prepare("SELECT news FROM jobs WHERE state = 'ended' AND told = 0 ORDER BY ended_at, rowid")
  const cancelled = database.prepare(CANCEL)
  const begun = new Map<string, Set<string>>()
  // The rows below are our own: STRICT tables, and JSON written from the very types it is read back as.
  const row = (job: string) => one.get(job) as { state: string; plan: string | null; percent: number } | undefined
  prune(database, clock)
  return {
    add: (job) => insert.run(job.job, JSON.stringify(job), now()).changes === 1,
    unfinished: () => (open.all() as { asked: string }[]).map(({ asked }) => JSON.parse(asked) as TranscodeJob),
    isOpen: (job) => row(job)?.state === 'open',
    planOf(job) {
      const plan = row(job)?.plan
      return plan ? (JSON.parse(plan) as Plan) : undefined
    },
    setPlan: (job, plan) => void database.prepare('UPDATE jobs SET plan = ? WHERE job = ?').run(JSON.stringify(plan), job),
    percentOf: (job) => row(job)?.percent ?? 0,
    setPercent: (job, percent) => void database.prepare('UPDATE jobs SET percent = ? WHERE job = ?').run(percent, job),
    piecesOf: (job) => new Map((pieces.all(job) as { piece: string; made: string }[]).map(({ piece, made }) => [piece, JSON.parse(made) as Made])),
    finishedOf: (job) => new Set((names.all(job) as { piece: string }[]).map(({ piece }) => piece)),
    begin(job, piece) {
      const pieces = begun.get(job) ?? new Set()
      begun.set(job, pieces.add(piece))
    },
    begunOf: (job) => begun.get(job) ?? new Set(),
    finishPiece: (job, piece, made) =>
      void database.prepare('INSERT OR REPLACE INTO pieces (job, piece, made, finished_at) VALUES (?, ?, ?, ?)').run(job, piece, JSON.stringify(made), now()),
    forgetPieces: (job) => void database.prepare('DELETE FROM pieces WHERE job = ?').run(job),
    end: (job, news) =>
      transaction(
        database,
        () =>
          database.prepare("UPDATE jobs SET state = 'ended', news = ?, ended_at = ? WHERE job = ? AND state = 'open'").run(JSON.stringify(news), now(), job)
            .changes === 1,
      ),
    cancel: (job) => void cancelled.run(job, now(), now()),
    untold: () => (waiting.all() as { news: string }[]).map(({ news }) => JSON.parse(news) as EndNews),
    told(job) {
      begun.delete(job)
      database.prepare('UPDATE jobs SET told = 1 WHERE job = ?').run(job)
      prune(database, clock)
    },
    close: () => {
      database.close()
      lease.close()
    },
  }
}
