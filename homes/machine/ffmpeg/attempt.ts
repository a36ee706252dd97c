import { randomUUID } from 'node:crypto'
import { access, link, mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Log } from '#ports/log.ts'
import type { SourceFacts, SourceFault } from '#ports/transcoder.ts'
import { hasCode } from '../error-code.ts'
import type { MachineObjects } from '../objects.ts'
import type { Limits } from './limits.ts'
import type { Queue, Request } from './queue.ts'
import { type Order, type Outcome, work } from './work.ts'

/** What every order to a worker needs of the transcoder. */
export type Workshop = {
  objects: MachineObjects
  queue: Queue
  /** Where workers get empty folders. */
  scratch: string
  ffmpegPath: string | undefined
  log: Log
  signal: AbortSignal
}

const TRIES = 3

export class JobFailure extends Error {
  readonly fault: SourceFault
  constructor(fault: SourceFault, detail: string) {
    super(detail)
    this.fault = fault
  }
}

/** An order, who it is for, and what it may use. */
export type Errand = {
  order: Order
  request: Request
  what: string
  limits: Partial<Limits>
  onBegun?: () => void
  onReached?: (seconds: number, folder: string) => void
}

const carryOut = async (shop: Workshop, { order, request, what, limits, onBegun, onReached }: Errand, folder: string): Promise<Outcome> => {
  const outcome = await work(
    { ...order, ...(shop.ffmpegPath ? { ffmpegPath: shop.ffmpegPath } : {}) },
    {
      ...{ folder, limits, signal: shop.signal },
      onStart: (pid) => {
        shop.log.info('A worker began', { job: request.job, what, pid })
        onBegun?.()
      },
      onReached: (seconds) => onReached?.(seconds, folder),
    },
  )
  shop.signal.throwIfAborted()
  if (outcome.kind === 'fault') throw new JobFailure(outcome.fault, outcome.detail)
  return outcome
}

type Broke = { broke: string; isSlow?: boolean }
type Take<T> = (outcome: Outcome, folder: string) => Promise<T | Broke>

/** One try in an empty folder, which is gone afterwards. The place is held until the outcome is taken: a kill costs what is in a place, and no more. */
const once = async <T>(shop: Workshop, errand: Errand, take: Take<T>): Promise<T | Broke> => {
  const release = await shop.queue.take(errand.request, shop.signal)
  const folder = join(shop.scratch, randomUUID())
  try {
    await mkdir(folder, { recursive: true })
    const outcome = await carryOut(shop, errand, folder)
    return outcome.kind === 'broke' ? { broke: outcome.detail, isSlow: outcome.isSlow === true } : await take(outcome, folder)
  } finally {
    release()
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Has an order carried out, up to three times when its worker dies of it. What `take` makes of the outcome is the answer; what
 * is wrong with the source stays wrong, and is thrown.
 * @throws JobFailure
 */
export const attempt = async <T>(shop: Workshop, errand: Errand, take: Take<T>): Promise<T> => {
  let detail = ''
  let slow = 0
  for (let tried = 1; tried <= TRIES; tried += 1) {
    shop.signal.throwIfAborted()
    const result = await once(shop, errand, take)
    if (!(typeof result === 'object' && result !== null && 'broke' in result)) return result
    detail = result.broke
    if (result.isSlow) slow += 1
    shop.log.warn('A piece of a video failed', { job: errand.request.job, what: errand.what, tried, detail })
  }
  // A machine may have slept through one of them; what is slow every time is so by itself.
  throw new JobFailure(slow === TRIES ? 'too-heavy' : 'internal', `${errand.what}: ${detail}`)
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** A second name for the source's bytes, which stays when the object is replaced or removed meanwhile. */
export const holdSource = async ({ objects }: Pick<Workshop, 'objects'>, key: string, folder: string): Promise<string> => {
  const held = join(folder, 'source')
  const object = objects.locate(key)
  try {
    // Held already when the job is taken up again, even if the object is gone by now.
    await link(object?.path ?? '', held)
    return held
  } catch (error) {
    if (hasCode(error, 'EEXIST') || (!object && (await exists(held)))) return held
    if (!object) throw new JobFailure('internal', 'The source is not there.')
    // Another disk, or a file system without links.
    return resolve(object.path)
  }
}

/** Short work that is not part of a job's ladder. */
const small = (owner: string, job: string, weight = 1): Request => ({ owner, job, urgency: 'first', weight, remaining: () => 0, rank: () => -1 })

/** All packets are read once, at the speed of the disk. */
const PROBE_LIMITS = { seconds: 900, silentSeconds: 60 }

export const probeSource = (shop: Workshop, { source, owner, job }: { source: string; owner: string; job: string }): Promise<SourceFacts> =>
  attempt<SourceFacts>(shop, { order: { kind: 'probe', source }, request: small(owner, job), what: 'probe', limits: PROBE_LIMITS }, async (outcome) =>
    outcome.kind === 'probed' ? outcome.facts : { broke: outcome.kind },
  )

/** Copies the picture into Matroska, whose index lets any second be entered. The sound is read once from its start, and needs none. */
export const copyOver = async (
  shop: Workshop,
  { source, to, facts, owner, job }: { source: string; to: string; facts: SourceFacts; owner: string; job: string },
) => {
  const task = { from: source, to, streams: [facts.picture.stream], format: 'matroska', options: {} }
  const limits = { seconds: 600 + facts.durationSeconds, bytes: Number.POSITIVE_INFINITY }
  await attempt(shop, { order: { kind: 'copy', task }, request: small(owner, job, 1 + facts.durationSeconds / 200), what: 'copy', limits }, async (outcome) =>
    outcome.kind === 'done' ? true : { broke: outcome.kind },
  )
}
