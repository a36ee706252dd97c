import { randomUUID } from 'node:crypto'
import { access, link, mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Log } from '#ports/log.ts'
import type { SourceFault, Transcoded, TranscodeJob, TranscodeNews } from '#ports/transcoder.ts'
import type { MachineObjects } from '../objects.ts'
import type { EndNews, Jobs } from './jobs.ts'
import { check, type Made, type MadeFile, mediaPlaylist, type Piece, PieceError, piecesOf, sheetNames } from './pieces.ts'
import { type Facts, type Plan, perSecond, planOf } from './plan.ts'
import { progress } from './progress.ts'
import type { Slots } from './slots.ts'
import { type Order, type Outcome, work } from './work.ts'

/** One job on its way, and all it needs of the transcoder. */
export type Running = {
  asked: TranscodeJob
  objects: MachineObjects
  jobs: Jobs
  places: Slots
  /** The job's own, for its source; and where workers get empty folders. */
  folder: string
  scratch: string
  ffmpegPath: string | undefined
  tell(news: TranscodeNews): Promise<void>
  log: Log
  signal: AbortSignal
}

/** A job with its plan, and what is made so far: the recorded pieces, and the hash of the init segment every chunk of a track must have. */
type Making = Running & { plan: Plan; finished: Map<string, Made>; inits: Map<string, string>; isTakenUp: boolean }

const FOREVER = 'public, max-age=31536000, immutable'
const TRIES = 3

class JobFailure extends Error {
  readonly fault: SourceFault
  constructor(fault: SourceFault, detail: string) {
    super(detail)
    this.fault = fault
  }
}

/** The pieces made before a restart are by another FFmpeg than is here now: the two do not join. */
class EngineChanged extends Error {}

/** Tries an order up to three times when its worker dies of it; what is wrong with the source stays wrong, and ends the job. */
const persist = async <T>(run: Running, what: string, attempt: (folder: string) => Promise<T | { broke: string }>): Promise<T> => {
  let detail = ''
  for (let tried = 1; tried <= TRIES; tried += 1) {
    run.signal.throwIfAborted()
    const folder = join(run.scratch, randomUUID())
    await mkdir(folder, { recursive: true })
    try {
      const result = await attempt(folder)
      if (!(typeof result === 'object' && result !== null && 'broke' in result)) return result
      detail = result.broke
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    run.log.warn('A piece of a video failed', { job: run.asked.job, what, tried, detail })
  }
  throw new JobFailure('internal', `${what}: ${detail}`)
}

type How = { what: string; folder: string; limitSeconds: number; onReached?: (seconds: number) => void }

const carryOut = async (run: Running, order: Order, { what, ...how }: How): Promise<Outcome> => {
  const onStart = (pid: number): void => run.log.info('A worker began', { job: run.asked.job, what, pid })
  const release = await run.places.take(run.asked.job, run.signal)
  try {
    const outcome = await work({ ...order, ...(run.ffmpegPath ? { ffmpegPath: run.ffmpegPath } : {}) }, { ...how, onStart, signal: run.signal })
    run.signal.throwIfAborted()
    if (outcome.kind === 'fault') throw new JobFailure(outcome.fault, outcome.detail)
    return outcome
  } finally {
    release()
  }
}

const isCalled = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code

/** A second name for the source's bytes, which stays when the object is replaced or removed meanwhile. */
const holdSource = async (run: Running): Promise<string> => {
  const held = join(run.folder, 'source')
  const object = run.objects.locate(run.asked.source)
  try {
    // Held already when the job is taken up again, even if the object is gone by now.
    await link(object?.path ?? '', held)
    return held
  } catch (error) {
    if (isCalled(error, 'EEXIST') || (!object && (await exists(held)))) return held
    if (!object) throw new JobFailure('internal', 'The source is not there.')
    // Another disk, or a file system without links.
    return resolve(object.path)
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

const probe = async (run: Running, source: string): Promise<Facts> =>
  persist(run, 'probe', async (folder) => {
    const outcome = await carryOut(run, { kind: 'probe', source }, { what: 'probe', folder, limitSeconds: 1800 })
    return outcome.kind === 'probed' ? outcome.facts : { broke: outcome.kind === 'broke' ? outcome.detail : outcome.kind }
  })

/** Copies the streams into Matroska, whose index lets any second be entered. */
const copyOver = async (run: Running, source: string, facts: Facts): Promise<string> => {
  const to = join(run.folder, 'source.mkv')
  const streams = [facts.picture.stream, ...(facts.sound ? [facts.sound.stream] : [])]
  await persist(run, 'copy', async (folder) => {
    const outcome = await carryOut(
      run,
      { kind: 'copy', task: { from: source, to, streams, format: 'matroska' } },
      { what: 'copy', folder, limitSeconds: 600 + facts.durationSeconds },
    )
    return outcome.kind === 'done' ? true : { broke: outcome.kind === 'broke' ? outcome.detail : outcome.kind }
  })
  return to
}

/** The streams of the copy are numbered anew: the picture, then the sound. */
const inTheCopy = (facts: Facts): Facts => ({
  ...facts,
  picture: { ...facts.picture, stream: 0 },
  ...(facts.sound ? { sound: { ...facts.sound, stream: 1 } } : {}),
})

const initsOf = (pieces: Iterable<Made>): Map<string, string> =>
  new Map([...pieces].flatMap((made) => Object.entries(made.tracks).map(([track, { init }]) => [track, init] as const)))

const adoptAll = async (run: Making, files: MadeFile[]): Promise<void> => {
  // One init segment serves all chunks of a track; it is in place for certain when a piece with it has been recorded.
  const inPlace = initsOf(run.finished.values())
  for (const { name, path, type } of files) {
    if (name.endsWith('/init.mp4') && inPlace.has(name.split('/')[0] ?? '')) continue
    await run.objects.adopt(`${run.asked.output}${name}`, path, { type, cacheControl: FOREVER })
  }
}

const makePiece = async (run: Making, piece: Piece, onReached: (share: number) => void): Promise<void> => {
  const start = piece.kind === 'chunk' ? (piece.chunk * run.plan.chunkFrames) / perSecond(run.plan.fps) : 0
  const length = piece.kind === 'chunk' ? piece.weight : run.plan.facts.durationSeconds
  const made = await persist(run, piece.name, async (folder) => {
    const outcome = await carryOut(
      run,
      { kind: 'run', task: piece.task },
      { what: piece.name, folder, limitSeconds: piece.limitSeconds, onReached: (at) => onReached((at - start) / length) },
    )
    if (outcome.kind !== 'done') return { broke: outcome.kind === 'broke' ? outcome.detail : outcome.kind }
    const { decodedFrames, decodeErrors } = outcome.report
    if (decodeErrors > 0.1 * (decodedFrames + decodeErrors)) throw new JobFailure('undecodable', `${decodeErrors} of ${decodedFrames + decodeErrors} frames.`)
    return checkAndAdopt(run, piece, folder)
  })
  run.jobs.finishPiece(run.asked.job, piece.name, made)
  run.finished.set(piece.name, made)
  run.log.info('A piece of a video is made', { job: run.asked.job, what: piece.name })
}

const checkAndAdopt = async (run: Making, piece: Piece, folder: string): Promise<Made | { broke: string }> => {
  try {
    const { made, files } = await check(run.plan, piece, folder)
    for (const [track, { init }] of Object.entries(made.tracks)) {
      const first = run.inits.get(track) ?? init
      if (first !== init && run.isTakenUp) throw new EngineChanged()
      if (first !== init) throw new PieceError(`The init segment of ${track} differs from the one before.`)
      run.inits.set(track, first)
    }
    await adoptAll(run, files)
    return made
  } catch (error) {
    if (error instanceof PieceError) return { broke: error.message }
    throw error
  }
}

/** A sound that turns out to be undecodable is left out; the picture is worth having without it. */
const makeSound = async (run: Making, piece: Piece, onReached: (share: number) => void): Promise<void> => {
  try {
    await makePiece(run, piece, onReached)
  } catch (error) {
    if (!(error instanceof JobFailure) || error.fault !== 'undecodable') throw error
    run.log.warn('The sound of a video cannot be decoded and is left out', { job: run.asked.job, detail: error.message })
    const nothing: Made = { tracks: {}, images: [] }
    run.jobs.finishPiece(run.asked.job, piece.name, nothing)
    run.finished.set(piece.name, nothing)
  }
}

const say = (run: Running, percent: number, phase: 'probing' | 'encoding' | 'finishing'): void => {
  const { job, video } = run.asked
  if (!run.jobs.isOpen(job)) return
  run.jobs.setPercent(job, percent)
  run.tell({ kind: 'progressed', job, video, percent, phase }).catch((error: unknown) => run.log.error('Progress could not be told', error, { job }))
}

const secondsOf = (track: string, finished: Map<string, Made>): number[] =>
  [...finished.values()]
    .flatMap((made) => made.tracks[track] ?? [])
    .toSorted((a, b) => a.first - b.first)
    .flatMap(({ seconds }) => seconds)

const finish = async (run: Running, plan: Plan, finished: Map<string, Made>): Promise<Transcoded> => {
  const hasSound = finished.get('audio')?.tracks['audio'] !== undefined
  const tracks = [...plan.rungs.map(({ name }) => name), ...(hasSound ? ['audio'] : [])]
  for (const track of tracks) {
    const playlist = mediaPlaylist(secondsOf(track, finished))
    await run.objects.put(`${run.asked.output}${track}/index.m3u8`, playlist, { type: 'application/vnd.apple.mpegurl', cacheControl: 'no-cache' })
  }
  const { storyboard } = plan
  return {
    durationSeconds: plan.frames / perSecond(plan.fps),
    renditions: plan.rungs.map(({ name, width, height }) => ({
      name,
      width,
      height,
      fps: Math.round(perSecond(plan.fps) * 1000) / 1000,
      playlist: `${name}/index.m3u8`,
    })),
    ...(hasSound ? { audio: { playlist: 'audio/index.m3u8', channels: 2 } } : {}),
    storyboard: {
      sheets: sheetNames(plan),
      everySeconds: storyboard.everySeconds,
      tileWidth: storyboard.tileWidth,
      tileHeight: storyboard.tileHeight,
      tiles: storyboard.tiles,
    },
    poster: 'poster.jpg',
    chapters: plan.facts.chapters,
  }
}

const transcode = async (run: Running): Promise<Transcoded> => {
  const { jobs, asked } = run
  await mkdir(run.folder, { recursive: true })
  const original = await holdSource(run)
  const known = jobs.planOf(asked.job)
  if (!known) say(run, 0, 'probing')
  const facts = known?.facts ?? (await probe(run, original))
  const source = facts.needsCopy ? await copyOver(run, original, facts) : original
  const plan = known ?? planOf(facts, asked.recipe)
  if (!known) jobs.setPlan(asked.job, plan)
  const finished = jobs.piecesOf(asked.job)
  const making: Making = { ...run, plan, finished, inits: initsOf(finished.values()), isTakenUp: finished.size > 0 }
  const pieces = piecesOf(facts.needsCopy ? { ...plan, facts: inTheCopy(facts) } : plan, source, run.ffmpegPath ? 'cli' : 'embedded')
  const reached = progress(pieces, finished.keys(), jobs.percentOf(asked.job), (percent) => say(run, percent, 'encoding'))
  const missing = pieces.filter((piece) => !finished.has(piece.name))
  await all(making, missing, async (own, piece) => {
    await (piece.kind === 'audio' ? makeSound : makePiece)(own, piece, (share) => reached(piece, share))
    reached(piece, 1)
  })
  say(run, 99, 'finishing')
  return finish(run, plan, finished)
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
