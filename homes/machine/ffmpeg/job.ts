import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chunks } from '#core/records.ts'
import type { Transcoded, TranscodeJob, TranscodeNews } from '#ports/transcoder.ts'
import { attempt, copyOver, holdSource, JobFailure, type Workshop } from './attempt.ts'
import { growth } from './growth.ts'
import type { EndNews, Jobs } from './jobs.ts'
import { check, type Made, type MadeFile, type Piece, PieceError, piecesOf } from './pieces.ts'
import { chunkSeconds, type Plan, planOf } from './plan.ts'
import { progress } from './progress.ts'
import type { Request } from './queue.ts'
import { damageOf, PLAYLIST, resultOf } from './result.ts'
import { type Showing, showing } from './showing.ts'
import type { TaskReport } from './task.ts'

/** One job on its way, and all it needs of the transcoder. */
export type Running = Workshop & {
  asked: TranscodeJob
  jobs: Jobs
  /** The job's own, for its source. */
  folder: string
  /** Where somebody wants to see the ladder from, in seconds. */
  preferred(): number | undefined
  tell(news: TranscodeNews): Promise<void>
}

/** A job with its plan, and what is made so far: the recorded pieces, and the hash of the init segment every chunk of a track must have. */
type Making = Running & {
  plan: Plan
  pieces: Piece[]
  finished: Map<string, Made>
  /** Of the pieces that are not finished: the queue asks it of every waiting piece whenever a place is free. */
  left: { weight: number }
  inits: Map<string, string>
  isTakenUp: boolean
  showing: Showing
}

/** Each waits for the disk, not for the processor. */
const ADOPTED_AT_ONCE = 8
const FOREVER = 'public, max-age=31536000, immutable'

/** The pieces made before a restart are by another FFmpeg than is here now: the two do not join. */
class EngineChanged extends Error {}

const initsOf = (pieces: Iterable<Made>): Map<string, string> =>
  new Map([...pieces].flatMap((made) => Object.entries(made.tracks).map(([track, { init }]) => [track, init] as const)))

const adopt = async ({ objects, asked }: Running, { name, path, type }: MadeFile): Promise<void> => {
  await objects.adopt(`${asked.output}${name}`, path, { type, cacheControl: FOREVER })
}

const adoptAll = async (run: Making, files: MadeFile[], isThere: (name: string) => boolean): Promise<void> => {
  // One init segment serves all chunks of a track; it is in place for certain when a piece with it has been recorded.
  const inPlace = initsOf(run.finished.values())
  const isInPlace = (name: string): boolean => name.endsWith('/init.mp4') && inPlace.has(name.split('/')[0] ?? '')
  const missing = files.filter(({ name }) => !isInPlace(name) && !isThere(name))
  for (const some of chunks(missing, ADOPTED_AT_ONCE)) await Promise.all(some.map((file) => adopt(run, file)))
}

const checkAndAdopt = async (
  run: Making,
  piece: Piece,
  { folder, isThere }: { folder: string; isThere(name: string): boolean },
): Promise<Made | { broke: string }> => {
  try {
    const { made, files } = await check(run.plan, piece, folder)
    for (const [track, { init }] of Object.entries(made.tracks)) {
      const first = run.inits.get(track) ?? init
      if (first !== init && run.isTakenUp) throw new EngineChanged()
      if (first !== init) throw new PieceError(`The init segment of ${track} differs from the one before.`)
      run.inits.set(track, first)
    }
    await adoptAll(run, files, isThere)
    return made
  } catch (error) {
    if (error instanceof PieceError) return { broke: error.message }
    throw error
  }
}

/** Chunks from where somebody wants to see it come first, then those before. */
const rankOf = (run: Making, piece: Piece, place: number): number => {
  const wanted = run.preferred()
  if (wanted === undefined || piece.kind !== 'chunk') return place
  const { start, length } = chunkSeconds(run.plan, piece.chunk)
  return start + length > wanted ? place - run.pieces.length : place
}

const requestOf = (run: Making, piece: Piece): Request => {
  const place = run.pieces.indexOf(piece)
  return {
    ...{ owner: run.asked.owner, job: run.asked.job, urgency: piece.urgency, weight: piece.weight },
    remaining: () => run.left.weight,
    rank: () => rankOf(run, piece, place),
  }
}

const record = (run: Making, { name, weight }: Piece, made: Made): void => {
  run.jobs.finishPiece(run.asked.job, name, made)
  run.finished.set(name, made)
  run.left.weight -= weight
}

const MOST_DAMAGE = 0.1

/**
 * What of a piece could not be decoded whole. A stretch may be lost of a long film; as soon as it is too much of all of it, the rest is not tried.
 * @throws JobFailure
 */
const damageIn = (run: Making, { kind }: Piece, { decodedFrames, decodeErrors: errors }: TaskReport): { errors: number; frames: number } => {
  const frames = decodedFrames + errors
  const { durationSeconds, picture } = run.plan.facts
  const isPicture = kind === 'chunk'
  const [lost, all] = isPicture ? [errors + (damageOf(run.finished).damage?.errors ?? 0), durationSeconds * picture.measuredFps] : [errors, frames]
  // The pictures of a storyboard are few, and the chunks tell of the same frames.
  if (kind !== 'storyboard' && lost > MOST_DAMAGE * Math.max(1, all)) throw new JobFailure('undecodable', `${lost} of ${Math.round(all)} frames.`)
  return { errors: isPicture ? errors : 0, frames }
}

const makePiece = async (run: Making, piece: Piece, onReached: (share: number) => void): Promise<void> => {
  const { start, length } = piece.kind === 'chunk' ? chunkSeconds(run.plan, piece.chunk) : { start: 0, length: run.plan.facts.durationSeconds }
  const grown = growth({
    piece,
    adopt: (file) => adopt(run, file),
    onGrown: (shown) => run.showing.grown(shown),
    onError: (error) => run.log.error('What is made could not be shown yet', error, { job: run.asked.job, what: piece.name }),
  })
  const errand = {
    order: piece.kind === 'preview' ? { kind: 'copy' as const, task: piece.copy } : { kind: 'run' as const, task: piece.task },
    ...{ request: requestOf(run, piece), what: piece.name, limits: { seconds: piece.limitSeconds, bytes: piece.limitBytes } },
    onBegun: () => run.jobs.begin(run.asked.job, piece.name),
    onReached: (at: number, folder: string) => {
      if (piece.grows) grown.look(folder)
      onReached((at - start) / length)
    },
  }
  await attempt(run, errand, async (outcome, folder) => {
    await grown.end()
    if (outcome.kind !== 'done') return { broke: outcome.kind }
    const damage = damageIn(run, piece, outcome.report)
    const checked = await checkAndAdopt(run, piece, { folder, isThere: (name) => grown.hasShown(folder, name) })
    if ('broke' in checked) return checked
    record(run, piece, damage.errors === 0 ? checked : { ...checked, damage })
    return true
  }).finally(() => grown.end())
  run.log.info('A piece of a video is made', { job: run.asked.job, what: piece.name })
  await run.showing.made(piece)
}

/** The picture is worth having without a sound that turns out to be undecodable, and late rather than not at all. */
const canDoWithout = ({ kind }: Piece, { fault }: JobFailure): boolean => kind === 'preview' || (kind === 'audio' && fault === 'undecodable')

const makeOrLeaveOut = async (run: Making, piece: Piece, onReached: (share: number) => void): Promise<void> => {
  try {
    await makePiece(run, piece, onReached)
  } catch (error) {
    // Another piece's failure stops this one, and is its reason then.
    if (run.signal.aborted || !(error instanceof JobFailure) || !canDoWithout(piece, error)) throw error
    run.log.warn('A piece of a video cannot be made and is left out', { job: run.asked.job, what: piece.name, detail: error.message })
    record(run, piece, { tracks: {}, images: [] })
    await run.showing.made(piece)
  }
}

const say = (run: Running, percent: number, phase: 'copying' | 'encoding' | 'finishing'): void => {
  const { job, video } = run.asked
  if (!run.jobs.isOpen(job)) return
  run.jobs.setPercent(job, percent)
  run.tell({ kind: 'progressed', job, video, percent, phase }).catch((error: unknown) => run.log.error('Progress could not be told', error, { job }))
}

/** The copy has the picture alone. */
const inTheCopy = (plan: Plan): Plan => ({ ...plan, facts: { ...plan.facts, picture: { ...plan.facts.picture, stream: 0 } } })

/** The file the pieces read, and the plan as its streams are numbered there. */
const openSource = async (run: Running, plan: Plan): Promise<{ source: string; original: string; plan: Plan }> => {
  const { asked, folder } = run
  await mkdir(folder, { recursive: true })
  const original = await holdSource(run, asked.source, folder)
  if (!plan.facts.needsCopy) return { source: original, original, plan }
  say(run, 0, 'copying')
  const to = join(folder, 'source.mkv')
  await copyOver(run, { source: original, to, facts: plan.facts, owner: asked.owner, job: asked.job })
  return { source: to, original, plan: inTheCopy(plan) }
}

const prepare = async (run: Running): Promise<Making> => {
  const { jobs, asked } = run
  const known = jobs.planOf(asked.job) ?? planOf(asked.facts, asked.ladder)
  jobs.setPlan(asked.job, known)
  const { source, original, plan } = await openSource(run, known)
  const finished = jobs.piecesOf(asked.job)
  const sourceBytes = (await run.objects.head(asked.source))?.size ?? 0
  const pieces = piecesOf({ plan, source, original, engine: run.ffmpegPath ? 'cli' : 'embedded', sourceBytes }, asked.makes)
  const show = async (watchable: Parameters<Showing['tell']>[0]): Promise<void> =>
    run.tell({ kind: 'watchable', job: asked.job, video: asked.video, watchable })
  const write = async (track: string, text: string): Promise<void> => void (await run.objects.put(`${asked.output}${track}/index.m3u8`, text, PLAYLIST))
  const onError = (error: unknown): void => run.log.error('What is made could not be shown yet', error, { job: asked.job })
  const left = { weight: pieces.reduce((sum, { name, weight }) => sum + (finished.has(name) ? 0 : weight), 0) }
  const shown = showing({ plan, pieces, finished, tell: show, write, onError })
  return { ...run, plan, pieces, finished, left, inits: initsOf(finished.values()), isTakenUp: finished.size > 0, showing: shown }
}

const transcode = async (run: Running): Promise<Transcoded> => {
  const making = await prepare(run)
  const { pieces, finished, asked, jobs } = making
  const reached = progress(pieces, finished.keys(), jobs.percentOf(asked.job), (percent) => say(run, percent, 'encoding'))
  const missing = pieces.filter((piece) => !finished.has(piece.name))
  await making.showing.resume()
  await all(making, missing, async (own, piece) => {
    await makeOrLeaveOut(own, piece, (share) => reached(piece, share))
    reached(piece, 1)
  })
  say(run, 99, 'finishing')
  return resultOf(making)
}

/** Runs all of them; the first to fail stops the others, and the rest is waited for. */
const all = async (run: Making, pieces: Piece[], make: (own: Making, piece: Piece) => Promise<void>): Promise<void> => {
  const failure = new AbortController()
  const own = { ...run, signal: AbortSignal.any([run.signal, failure.signal]) }
  const outcomes = await Promise.allSettled(
    pieces.map(async (piece) => {
      try {
        await make(own, piece)
      } catch (error) {
        failure.abort(error)
        throw error
      }
    }),
  )
  run.signal.throwIfAborted()
  if (failure.signal.aborted) throw failure.signal.reason
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}

/** Carries a job to its end, which is news; undefined when it was stopped before. */
export const endOf = async (run: Running): Promise<EndNews | undefined> => {
  const { job, video } = run.asked
  try {
    return { kind: 'transcoded', job, video, result: await transcode(run) }
  } catch (error) {
    if (run.signal.aborted) return undefined
    if (error instanceof EngineChanged) {
      run.log.info('FFmpeg has changed since a video was begun; it is made anew', { job })
      run.jobs.forgetPieces(job)
      return endOf(run)
    }
    if (error instanceof JobFailure) return { kind: 'failed', job, video, fault: error.fault, detail: error.message }
    run.log.error('A video could not be transcoded', error, { job, video })
    return { kind: 'failed', job, video, fault: 'internal', detail: error instanceof Error ? error.message : String(error) }
  }
}
