import { ALIVE_SECONDS, type StreamEnd } from '#contract/watching.ts'
import { type Opened, openedLesson } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { videoRecords } from '#core/media/records.ts'
import type { Stored } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Change, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type StoredStream, streamRecords, viewerRecords, watchingPolicy } from './records.ts'

type Place = Pick<World, 'tables' | 'clock'>

const secondsSince = ({ clock }: Pick<World, 'clock'>, at: string): number => (clock.now().getTime() - Date.parse(at)) / 1000

/** Whether a stream has given a sign of life lately, and has not ended. */
export const isAlive = (world: Pick<World, 'clock'>, { seenAt, ended }: StoredStream): boolean =>
  ended === undefined && secondsSince(world, seenAt) <= ALIVE_SECONDS

/** A person's streams that have not ended, those too that say nothing. */
export const streamsOf = async (tables: Tables, person: string): Promise<Stored<StoredStream>[]> => {
  const viewer = await viewerRecords.get(tables, { person })
  const found = await Promise.all((viewer?.value.streams ?? []).map((id) => streamRecords.get(tables, { id })))
  return found.filter((stream) => stream !== undefined).filter(({ value }) => value.ended === undefined)
}

export const ended = (before: Stored<StoredStream>, why: StreamEnd, at: string): Change =>
  streamRecords.replace(before, { ...before.value, ended: why, endedAt: at })

export const tooMany = (): Refusal => new Refusal('too-many-streams', 'Your videos are running in as many places as one may watch at once. End one of them.')

/** Whether as many others of a person's run as there are places. */
export const isCrowded = async (world: Place, { person, id }: Pick<StoredStream, 'person' | 'id'>): Promise<boolean> => {
  if (person === undefined) return false
  const { streams: most } = await watchingPolicy(world.tables)
  const others = (await streamsOf(world.tables, person)).filter(({ value }) => value.id !== id && value.isLearners && isAlive(world, value))
  return others.length >= most
}

export type Wanted = Pick<StoredStream, 'browser' | 'device' | 'lesson' | 'lessonTitle' | 'course' | 'video' | 'isLearners'>

const newStream = ({ clock, ids }: World, person: string | undefined, wanted: Wanted): StoredStream => {
  const at = clock.now().toISOString()
  return {
    ...{ id: ids.make('str'), startedAt: at, seenAt: at, toldAt: at, positionSeconds: 0, spareSeconds: 0 },
    ...wanted,
    ...(person !== undefined && { person }),
  }
}

/** The same player come back: its page was loaded again, or its tab was lost. */
const isSuperseded = ({ browser, lesson }: StoredStream, wanted: Wanted): boolean =>
  wanted.browser !== undefined && browser === wanted.browser && lesson === wanted.lesson

const MOST_TRIES = 5

/** Begins a stream, where there is a place for it. What says nothing any more, or is superseded, ends. */
export const beginStream = async (world: World, actor: Actor | undefined, wanted: Wanted): Promise<StoredStream> => {
  const { tables } = world
  const stream = newStream(world, actor?.id, wanted)
  if (!actor) {
    await tables.commit([streamRecords.add(stream)])
    return stream
  }
  const { streams: most } = await watchingPolicy(tables)
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const viewer = await viewerRecords.get(tables, { person: actor.id })
    const others = await streamsOf(tables, actor.id)
    const running = others.filter(({ value }) => isAlive(world, value) && !isSuperseded(value, wanted))
    if (wanted.isLearners && running.filter(({ value }) => value.isLearners).length >= most) throw tooMany()
    const gone = others.filter((other) => !running.includes(other)).map((other) => ended(other, 'idle', stream.startedAt))
    const after = { ...viewer?.value, person: actor.id, streams: [...running.map(({ value }) => value.id), stream.id] }
    const changes = [viewer ? viewerRecords.replace(viewer, after) : viewerRecords.add(after), streamRecords.add(stream), ...gone]
    if ((await tables.commit(changes)) === 'done') return stream
  }
  throw new Error(`The streams of ${actor.id} were written by others ${MOST_TRIES} times while one was being opened.`)
}

/** Ends those of somebody's streams that are meant; one that ends meanwhile by itself has ended. */
export const endStreams = async (
  world: Place,
  person: string,
  { isMeant, why }: { isMeant(stream: StoredStream): boolean; why: StreamEnd },
): Promise<number> => {
  const meant = (await streamsOf(world.tables, person)).filter(({ value }) => isMeant(value))
  const at = world.clock.now().toISOString()
  for (const { value } of meant) await endStream(world, value.id, why, at)
  return meant.length
}

/** Once ended, a stream stays so. Beats may be writing it meanwhile. */
export const endStream = async ({ tables }: Place, id: string, why: StreamEnd, at: string): Promise<void> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const found = await streamRecords.get(tables, { id })
    if (!found || found.value.ended !== undefined) return
    if ((await tables.commit([ended(found, why, at)])) === 'done') return
  }
  throw new Error(`Stream ${id} was written by others ${MOST_TRIES} times while it was being ended.`)
}

/** What an edge has to know of a stream that may be served: whose it is, and how much of the video one of its segments is. */
export type Served = { stream: string; person?: string; lesson: string; isStaff: boolean; segmentSeconds: number }

const USUAL_SEGMENT_SECONDS = 4

const opening = async (world: Place, person: Actor | undefined, lesson: string): Promise<Opened | undefined> => {
  try {
    return await openedLesson(world, person, lesson)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** Whether a lesson is open to somebody; refusals are answers here. */
export const isOpen = async (world: Place, person: Actor | undefined, lesson: string): Promise<boolean> => (await opening(world, person, lesson)) !== undefined

/**
 * What may be served to a stream that asks for a video: undefined unless it has not ended, the right it rests on holds, the
 * video is there, and it has not left its place to others. Asked by an edge that can; costs a few reads.
 */
export const servedTo = async (world: Place & Pick<World, 'identity'>, id: string, video: string): Promise<Served | undefined> => {
  const stream = (await streamRecords.get(world.tables, { id }))?.value
  if (!stream || stream.ended !== undefined || stream.video !== video) return undefined
  const person = stream.person === undefined ? undefined : await world.identity.find(stream.person)
  if (stream.person !== undefined && (!person || person.isDisabled)) return undefined
  const opened = await opening(world, person, stream.lesson)
  const stored = await videoRecords.get(world.tables, { id: video })
  if (!opened || !stored) return undefined
  if (stream.isLearners && !isAlive(world, stream) && (await isCrowded(world, stream))) return undefined
  return {
    ...{ stream: id, lesson: stream.lesson, isStaff: opened.because === 'admin' || opened.because === 'teaches' },
    ...{ segmentSeconds: stored.value.ladders?.first.segmentSeconds ?? USUAL_SEGMENT_SECONDS },
    ...(person && { person: person.id }),
  }
}

/** Bytes were served: a sign of life, whatever the player says of itself. Whoever writes the stream meanwhile gives one too. */
export const touchStream = async ({ tables, clock }: Place, id: string): Promise<void> => {
  const found = await streamRecords.get(tables, { id })
  if (found && found.value.ended === undefined) await tables.commit([streamRecords.replace(found, { ...found.value, seenAt: clock.now().toISOString() })])
}
