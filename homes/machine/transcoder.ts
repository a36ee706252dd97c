import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import type { TranscodeJob, TranscodeNews, Transcoder } from '#ports/transcoder.ts'
import { endOf, type Running } from './ffmpeg/job.ts'
import { type EndNews, openJobs } from './ffmpeg/jobs.ts'
import { slots } from './ffmpeg/slots.ts'
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
  /** Stops the workers. What is unfinished is taken up by the next one opened on the folder. */
  close(): Promise<void>
  /** Resolves when every job known has ended and its end has been told. */
  idle(): Promise<void>
}

type Active = { stop: AbortController; workers: Promise<unknown>; over: Promise<void> }

/**
 * The machine's transcoder: jobs and their finished pieces are rows of a database of its own, pieces are made by worker
 * processes, and a piece counts as made when its files lie in the store and its row is written. Killed at any moment, it
 * takes up every job where it was.
 */
export const transcoder = async (options: TranscoderOptions): Promise<MachineTranscoder> => {
  const { tell, log, objects, ffmpegPath } = options
  const folder = resolve(options.folder)
  const scratch = join(folder, 'tmp')
  await rm(scratch, { recursive: true, force: true })
  await mkdir(join(folder, 'jobs'), { recursive: true })
  const jobs = openJobs(join(folder, 'transcoder.sqlite'), options.clock)
  const places = slots(Math.max(1, options.encoders))
  const active = new Map<string, Active>()
  const closing = new AbortController()

  const follow = (job: string, stop: AbortController, workers: Promise<EndNews | undefined>): void => {
    const doing = async (): Promise<void> => {
      const news = await workers
      if (news && !stop.signal.aborted && (await tellUntilHeard(news, { tell, log, signal: stop.signal }))) jobs.told(job)
    }
    const over = doing()
      .catch((error: unknown) => log.error('The transcoder failed', error, { job }))
      .finally(() => active.delete(job))
    active.set(job, { stop, workers, over })
  }
  const takeUp = (asked: TranscodeJob): void => {
    const stop = new AbortController()
    const own = join(folder, 'jobs', `job-${encodeURIComponent(asked.job)}`)
    const run: Running = { asked, objects, jobs, places, folder: own, scratch, ffmpegPath, tell, log, signal: stop.signal }
    const workers = async (): Promise<EndNews | undefined> => {
      const news = await endOf(run)
      if (closing.signal.aborted) return undefined
      const isNews = news !== undefined && jobs.end(asked.job, news)
      await rm(own, { recursive: true, force: true })
      return isNews ? news : undefined
    }
    follow(asked.job, stop, workers())
  }

  for (const news of jobs.untold()) follow(news.job, new AbortController(), Promise.resolve(news))
  for (const asked of jobs.unfinished()) takeUp(asked)
  return {
    async start(asked) {
      if (closing.signal.aborted) throw new Error('The transcoder is closed.')
      if (jobs.add(asked)) takeUp(asked)
    },
    async cancel(job) {
      jobs.cancel(job)
      const running = active.get(job)
      running?.stop.abort()
      // Not for the telling, which may be where this was called from.
      await running?.workers
    },
    async idle() {
      while (active.size > 0) await Promise.all([...active.values()].map(({ over }) => over))
    },
    async close() {
      closing.abort()
      for (const { stop } of active.values()) stop.abort()
      await Promise.all([...active.values()].map(({ over }) => over))
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
