import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import type { PieceState, Probed, TranscodeJob, TranscodeNews, Transcoder } from '#ports/transcoder.ts'
import { holdSource, JobFailure, probeSource, type Workshop } from './ffmpeg/attempt.ts'
import { endOf, type Running } from './ffmpeg/job.ts'
import { type EndNews, type Jobs, openJobs } from './ffmpeg/jobs.ts'
import { chunkName } from './ffmpeg/pieces.ts'
import { chunkSeconds } from './ffmpeg/plan.ts'
import { fairQueue } from './ffmpeg/queue.ts'
import type { MachineObjects } from './objects.ts'

export type TranscoderOptions = {
  /** On the same disk as the objects: finished files are moved, not copied. */
  folder: string
  objects: MachineObjects
  clock: Clock
  /** How many pieces may be in the making at once. */
  encoders: number
  /** An `ffmpeg` of the machine, with its `ffprobe` beside it, instead of the one that came with npm. */
  ffmpegPath?: string
  tell(news: TranscodeNews): Promise<void>
  log: Log
}

export type MachineTranscoder = Transcoder & {
  /** Takes up what an earlier process left, and tells what it had not told: once there is somebody to hear it. */
  begin(): void
  /** Stops the workers. What is unfinished is taken up by the next one opened on the folder. */
  close(): Promise<void>
  /** How many jobs have not ended. */
  underWay(): number
  /** Resolves when every job known has ended and its end has been told. */
  idle(): Promise<void>
}

type Active = { stop: AbortController; workers: Promise<unknown>; over: Promise<void> }

const probing = async (shop: Workshop, { key, owner }: { key: string; owner: string }): Promise<Probed> => {
  const folder = join(shop.scratch, randomUUID())
  await mkdir(folder, { recursive: true })
  try {
    const source = await holdSource(shop, key, folder)
    return { kind: 'usable', facts: await probeSource(shop, { source, owner, job: `probe ${key}` }) }
  } catch (error) {
    if (error instanceof JobFailure) return { kind: 'unusable', fault: error.fault, detail: error.message }
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const pieceStates = (jobs: Jobs, job: string): PieceState[] => {
  const plan = jobs.planOf(job)
  if (!plan) return []
  const [made, begun] = [jobs.finishedOf(job), jobs.begunOf(job)]
  return Array.from({ length: plan.chunks }, (_, chunk) => {
    const name = chunkName(chunk)
    return { seconds: chunkSeconds(plan, chunk).start, state: made.has(name) ? 'made' : begun.has(name) ? 'making' : 'waiting' }
  })
}

/** What killed processes left. A worker of theirs may be writing for a moment yet: what cannot be removed now is left to the next start. */
const sweepScratch = async (own: string, log: Log): Promise<void> => {
  const all = dirname(own)
  const left = (await readdir(all)).filter((name) => name !== basename(own))
  const removed = await Promise.allSettled(left.map((name) => rm(join(all, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })))
  for (const outcome of removed)
    if (outcome.status === 'rejected') log.warn('A folder of an earlier process could not be removed', { reason: String(outcome.reason) })
}

type Given = { shop: Omit<Workshop, 'signal'>; jobs: Jobs; folder: string; tell: TranscoderOptions['tell']; closing: AbortSignal }

/** The jobs under way in this process. */
const roster = ({ shop, jobs, folder, tell, closing }: Given) => {
  const active = new Map<string, Active>()
  const wishes = new Map<string, number>()

  const follow = (job: string, stop: AbortController, workers: Promise<EndNews | undefined>, folder?: string): void => {
    const doing = async (): Promise<void> => {
      const news = await workers
      if (news && !stop.signal.aborted && (await tellUntilHeard(news, { tell, log: shop.log, signal: stop.signal }))) jobs.told(job)
      // What stays behind is in nobody's way.
      if (folder !== undefined && !closing.aborted) await rm(folder, { recursive: true, force: true }).catch(() => undefined)
    }
    const over = doing().finally(() => {
      wishes.delete(job)
      active.delete(job)
    })
    active.set(job, { stop, workers, over })
  }
  const carry = async (run: Running): Promise<EndNews | undefined> => {
    const news = await endOf(run)
    if (closing.aborted || news === undefined) return undefined
    return jobs.end(run.asked.job, news) ? news : undefined
  }
  /** A fault of this machine (a full disk) must not lose a job: it is taken up again, ever more seldom. */
  const carryOn = async (run: Running): Promise<EndNews | undefined> => {
    for (let waitSeconds = 1; ; waitSeconds = Math.min(300, waitSeconds * 2)) {
      try {
        return await carry(run)
      } catch (error) {
        shop.log.error('The transcoder failed; the video is taken up again', error, { job: run.asked.job })
      }
      if (!(await pause(waitSeconds, run.signal))) return undefined
    }
  }
  const takeUp = (asked: TranscodeJob): void => {
    if (active.has(asked.job)) return
    const stop = new AbortController()
    const own = join(folder, 'jobs', `job-${encodeURIComponent(asked.job)}`)
    follow(asked.job, stop, carryOn({ ...shop, asked, jobs, folder: own, tell, signal: stop.signal, preferred: () => wishes.get(asked.job) }), own)
  }
  return {
    active,
    takeUp,
    tellAgain: (news: EndNews): void => follow(news.job, new AbortController(), Promise.resolve(news)),
    prefer(job: string, seconds: number): void {
      if (active.has(job)) wishes.set(job, seconds)
    },
  }
}

/**
 * The machine's transcoder: jobs and their finished pieces are rows of a database of its own, pieces are made by worker
 * processes, and a piece counts as made when its files lie in the store and its row is written. Killed at any moment, it
 * takes up every job where it was.
 */
export const transcoder = async (options: TranscoderOptions): Promise<MachineTranscoder> => {
  const { tell, log, objects, ffmpegPath } = options
  const folder = resolve(options.folder)
  const scratch = join(folder, 'tmp', randomUUID())
  await mkdir(join(folder, 'jobs'), { recursive: true })
  const jobs = openJobs(folder, options.clock)
  await mkdir(scratch, { recursive: true })
  // Only now: opening the jobs fails while another process works in this folder.
  const sweeping = sweepScratch(scratch, options.log)
  const closing = new AbortController()
  const shop = { objects, queue: fairQueue(Math.max(1, options.encoders)), scratch, ffmpegPath, log }
  const { active, takeUp, tellAgain, prefer } = roster({ shop, jobs, folder, tell, closing: closing.signal })
  return {
    begin() {
      for (const news of jobs.untold()) tellAgain(news)
      for (const asked of jobs.unfinished()) takeUp(asked)
    },
    probe: (source) => probing({ ...shop, signal: closing.signal }, source),
    async start(asked) {
      if (closing.signal.aborted) throw new Error('The transcoder is closed.')
      if (jobs.add(asked)) takeUp(asked)
    },
    prefer: async (job, seconds) => prefer(job, seconds),
    pieces: async (job) => pieceStates(jobs, job),
    async cancel(job) {
      jobs.cancel(job)
      const running = active.get(job)
      running?.stop.abort()
      // Not for the telling, which may be where this was called from.
      await running?.workers
    },
    underWay: () => active.size,
    async idle() {
      while (active.size > 0) await Promise.all([...active.values()].map(({ over }) => over))
    },
    async close() {
      closing.abort()
      for (const { stop } of active.values()) stop.abort()
      await Promise.all([...active.values()].map(({ over }) => over))
      await sweeping
      jobs.close()
    },
  }
}

/** Tells the end of a job again and again, ever more seldom, until it is heard (true) or the transcoder is stopped. */
const tellUntilHeard = async (news: EndNews, { tell, log, signal }: Pick<Running, 'tell' | 'log' | 'signal'>): Promise<boolean> => {
  for (let waitSeconds = 1; ; waitSeconds = Math.min(60, waitSeconds * 2)) {
    try {
      await tell(news)
      return true
    } catch (error) {
      log.error('The end of a video could not be told; it will be told again', error, { job: news.job })
    }
    if (!(await pause(waitSeconds, signal))) return false
  }
}

/** False when the wait was cut short. */
const pause = (seconds: number, signal: AbortSignal): Promise<boolean> =>
  new Promise((done) => {
    if (signal.aborted) return done(false)
    const timer = setTimeout(() => done(true), seconds * 1000)
    const cut = (): void => {
      clearTimeout(timer)
      done(false)
    }
    signal.addEventListener('abort', cut, { once: true })
  })
