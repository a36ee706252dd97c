import type { CompletionRule } from '#contract/completion.ts'
import { NEAR_SECONDS, secondsOf } from '#contract/stretches.ts'
import { ALIVE_SECONDS, type StreamEnd, type Stretch, type Watched } from '#contract/watching.ts'
import { publicationRecords, USUAL_COMPLETION } from '#core/courses/records.ts'
import { openedIfAllowed } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { completion } from '#core/learning/completing.ts'
import { progressRecords, type StoredProgress } from '#core/learning/progress.ts'
import { videoRecords } from '#core/media/records.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Change, Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { allowance, credited } from './evidence.ts'
import { newsOf } from './news.ts'
import { durationOf } from './open.ts'
import { type StoredStream, streamRecords, viewerRecords } from './records.ts'
import { counted, isAlive, isOutdated, MOST_TRIES, type Seat, seatOf } from './streams.ts'

type Told = { stream: string; positionSeconds: number; watched: Stretch[]; isLeaving?: boolean | undefined }
type Answer = { ended?: StreamEnd; isSlowed: boolean; progress?: Watched }

/** A film’s last moment is never told of, so that the whole of it is all but a second. */
const isDone = (rule: CompletionRule, watchedSeconds: number, durationSeconds: number): boolean =>
  rule.by === 'watching' && watchedSeconds > 0 && watchedSeconds >= Math.min((durationSeconds * rule.percent) / 100, durationSeconds - NEAR_SECONDS)

type Evidence = { stream: StoredStream; before: StoredProgress | undefined; told: Told; durationSeconds: number; rule: CompletionRule; at: string }

const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000

/** Whether another stream has told of the lesson while this one said nothing: where one is, is what that one says. */
const isOvertaken = ({ stream, before, at }: Evidence): boolean =>
  before !== undefined && Date.parse(before.at) > Date.parse(stream.toldAt) && (stream.ended !== undefined || secondsBetween(stream.seenAt, at) > ALIVE_SECONDS)

/** What a beat adds to the record of a lesson, and what the stream may still claim. */
export const heard = (evidence: Evidence): { progress: StoredProgress; spareSeconds: number } => {
  const { stream, before, told, durationSeconds, rule, at } = evidence
  const gapSeconds = secondsBetween(stream.toldAt, stream.endedAt ?? at)
  const claim = { known: before?.watched ?? [], claimed: told.watched, durationSeconds, allowedSeconds: allowance(stream, gapSeconds) }
  const { watched, spareSeconds } = credited(claim)
  const watchedSeconds = secondsOf(watched)
  const progress = {
    ...{ learner: stream.person ?? '', course: stream.course, lesson: stream.lesson, at },
    positionSeconds: before && isOvertaken(evidence) ? before.positionSeconds : Math.min(told.positionSeconds, durationSeconds),
    ...{ watched, share: Math.min(1, watchedSeconds / durationSeconds) },
    isCompleted: before?.isCompleted === true || isDone(rule, watchedSeconds, durationSeconds),
  }
  return { progress, spareSeconds }
}

const watchedOf = ({ lesson, positionSeconds, isCompleted, watched, share }: StoredProgress): Watched => ({
  ...{ lesson, positionSeconds, isCompleted, watched: watched ?? [], share: share ?? 0 },
})

const FLAGGED_SECONDS = 600

const isSlowed = async ({ tables, clock }: World, { person }: StoredStream): Promise<boolean> => {
  const viewer = person === undefined ? undefined : await viewerRecords.get(tables, { person })
  const at = viewer?.value.flaggedAt
  return at !== undefined && clock.now().getTime() - Date.parse(at) < FLAGGED_SECONDS * 1000
}

/** A sleeper that finds its place taken has not run since it counted as asleep. */
const fellAsleepAt = ({ seenAt }: StoredStream): string => new Date(Date.parse(seenAt) + ALIVE_SECONDS * 1000).toISOString()

type Lived = { stream: StoredStream; changes: Change[] }

/** The stream as it stands after this beat: alive, left, or ended because the right, the session or its place is gone. */
const after = async (world: World, actor: Actor | undefined, { value }: Stored<StoredStream>, told: Told): Promise<Lived> => {
  const at = world.clock.now().toISOString()
  const lived = { ...value, asks: counted(value.asks, at), toldAt: at, positionSeconds: told.positionSeconds }
  if (value.ended !== undefined) return { stream: lived, changes: [] }
  const endedAs = (ended: StreamEnd, endedAt = at): Lived => ({ stream: { ...lived, ended, endedAt }, changes: [] })
  if (actor && isOutdated(actor, value)) return endedAs('signed-out', actor.sessionsSince)
  const seat: Seat = actor && value.isLearners && !isAlive(world, value) ? await seatOf(world, actor, value) : { state: 'has' }
  const pages = value.pages ?? 1
  if (told.isLeaving && pages > 1) return { stream: { ...lived, pages: pages - 1 }, changes: [] }
  if (told.isLeaving) return endedAs('left', seat.state === 'none' ? fellAsleepAt(value) : at)
  if (seat.state === 'none') return endedAs('idle', fellAsleepAt(value))
  if (!(await openedIfAllowed(world, actor, value.lesson))) return endedAs('closed')
  return { stream: { ...lived, seenAt: at }, changes: seat.state === 'free' ? [seat.change] : [] }
}

/** What a beat changes beside its stream: of a learner, the record of the lesson. */
const evidence = async (
  world: World,
  stream: StoredStream,
  told: Told,
): Promise<{ change?: Change; events?: Event[]; spareSeconds: number; progress?: Watched }> => {
  const { tables, clock } = world
  if (!stream.isLearners || stream.person === undefined) return { spareSeconds: stream.spareSeconds }
  const before = await progressRecords.get(tables, { learner: stream.person, course: stream.course, lesson: stream.lesson })
  const video = await videoRecords.get(tables, { id: stream.video })
  const rule = (await publicationRecords.get(tables, { id: stream.course }))?.value.completion ?? USUAL_COMPLETION
  const durationSeconds = video ? durationOf(video.value) : 0
  // Taken away, or its length not known yet: what is known of it stays as it is.
  if (durationSeconds <= 0) return { spareSeconds: stream.spareSeconds, ...(before && { progress: watchedOf(before.value) }) }
  const { progress, spareSeconds } = heard({ stream, before: before?.value, told, durationSeconds, rule, at: clock.now().toISOString() })
  const change = before ? progressRecords.replace(before, progress) : progressRecords.add(progress)
  return { change, events: completion(world, before?.value, progress), spareSeconds, progress: watchedOf(progress) }
}

const ownStream = async ({ tables }: World, actor: Actor | undefined, id: string): Promise<Stored<StoredStream>> => {
  const found = await streamRecords.get(tables, { id })
  if (found?.value.person !== undefined && !actor) throw new Refusal('not-signed-in', 'Sign in again to go on.')
  if (!found || found.value.person !== actor?.id) throw missing('stream')
  return found
}

/** Hears what a player has shown: a sign of life, and, of a learner, evidence of what they have watched. */
export const beat = async (world: World, actor: Actor | undefined, told: Told): Promise<Answer> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const found = await ownStream(world, actor, told.stream)
    const { stream, changes } = await after(world, actor, found, told)
    const {
      change,
      events = [],
      spareSeconds,
      progress,
    } = await evidence(world, { ...found.value, ...(stream.endedAt !== undefined && { endedAt: stream.endedAt }) }, told)
    const news = change ? newsOf(world, found.value, { stream, told }) : { events: [] }
    const all = [streamRecords.replace(found, { ...stream, ...news.kept, spareSeconds }), ...changes, ...(change ? [change] : [])]
    if ((await world.tables.commit(all, [...events, ...news.events])) === 'conflict') continue
    return { isSlowed: await isSlowed(world, stream), ...(progress && { progress }), ...(stream.ended && { ended: stream.ended }) }
  }
  throw new Refusal('too-many', 'This stream is told of too often at once.')
}
