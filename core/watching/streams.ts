import { ALIVE_SECONDS, type StreamEnd } from '#contract/watching.ts'
import { openedIfAllowed } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { videoRecords } from '#core/media/records.ts'
import type { Stored } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Change, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type StoredStream, type StoredViewer, streamRecords, viewerRecords, watchingPolicy } from './records.ts'

type Place = Pick<World, 'tables' | 'clock'>

const secondsSince = ({ clock }: Pick<World, 'clock'>, at: string): number => (clock.now().getTime() - Date.parse(at)) / 1000

/** Whether a stream has given a sign of life lately, and has not ended. */
export const isAlive = (world: Pick<World, 'clock'>, { seenAt, ended }: StoredStream): boolean =>
  ended === undefined && secondsSince(world, seenAt) <= ALIVE_SECONDS

const unended = async (tables: Tables, viewer: Stored<StoredViewer> | undefined): Promise<Stored<StoredStream>[]> => {
  const found = await Promise.all((viewer?.value.streams ?? []).map((id) => streamRecords.get(tables, { id })))
  return found.filter((stream) => stream !== undefined).filter(({ value }) => value.ended === undefined)
}

/** A person's streams that have not ended, those too that say nothing. */
export const streamsOf = async (tables: Tables, person: string): Promise<Stored<StoredStream>[]> => unended(tables, await viewerRecords.get(tables, { person }))

export const ended = (before: Stored<StoredStream>, why: StreamEnd, at: string): Change =>
  streamRecords.replace(before, { ...before.value, ended: why, endedAt: at })

export const tooMany = (): Refusal => new Refusal('too-many-streams', 'Your videos are running in as many places as one may watch at once. End one of them.')

/** Whose streams are meant, and since when their sessions count. */
export type Viewer = Pick<Actor, 'id' | 'sessionsSince'>

/** Begun in a session that was ended together with all others: by a new password, say. */
export const isOutdated = ({ sessionsSince }: Viewer, { startedAt }: StoredStream): boolean => sessionsSince !== undefined && startedAt < sessionsSince

export const isRunning = (world: Pick<World, 'clock'>, viewer: Viewer, stream: StoredStream): boolean => isAlive(world, stream) && !isOutdated(viewer, stream)

const runningBeside = async (world: Place, viewer: Viewer, { id, found }: { id: string; found: Stored<StoredViewer> | undefined }): Promise<StoredStream[]> => {
  const all = (await unended(world.tables, found)).map(({ value }) => value)
  return all.filter((other) => other.id !== id && other.isLearners && isRunning(world, viewer, other))
}

/** Whether as many others of a person's run as there are places. */
const isCrowded = async (world: Place, viewer: Viewer, { id }: Pick<StoredStream, 'id'>): Promise<boolean> => {
  const { streams: most } = await watchingPolicy(world.tables)
  const found = await viewerRecords.get(world.tables, { person: viewer.id })
  return (await runningBeside(world, viewer, { id, found })).length >= most
}

const beganBefore = (one: StoredStream, other: StoredStream): boolean => `${one.startedAt}#${one.id}` < `${other.startedAt}#${other.id}`

/**
 * The place of a learner's stream that goes on. `has`: it runs in one. `lost`: it runs, but the places have become fewer, and
 * those that began before it fill them. `none`: it runs in none, and none is free. `free`: one is, and it is taken by a commit
 * that holds `change` as well, so that two do not take the same.
 */
export type Seat = { state: 'has' | 'lost' | 'none' } | { state: 'free'; change: Change }

export const seatOf = async (world: Place, viewer: Viewer, stream: StoredStream): Promise<Seat> => {
  const { streams: most } = await watchingPolicy(world.tables)
  const found = await viewerRecords.get(world.tables, { person: viewer.id })
  const others = await runningBeside(world, viewer, { id: stream.id, found })
  if (stream.isLearners && isAlive(world, stream)) return { state: others.filter((other) => beganBefore(other, stream)).length < most ? 'has' : 'lost' }
  if (others.length >= most) return { state: 'none' }
  if (!found) return { state: 'free', change: viewerRecords.add({ person: viewer.id, streams: [stream.id] }) }
  return { state: 'free', change: viewerRecords.replace(found, found.value) }
}

const MOST_ASKS_A_MINUTE = 60

/** Counts what is asked for within a minute: no player of ours asks half as often. */
export const counted = (before: { since: string; count: number } | undefined, at: string): { since: string; count: number } => {
  if (before === undefined || Date.parse(at) - Date.parse(before.since) >= 60_000) return { since: at, count: 1 }
  if (before.count >= MOST_ASKS_A_MINUTE) throw new Refusal('too-many', 'This is asked for too often. Wait a minute.')
  return { ...before, count: before.count + 1 }
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

/** The same lesson in the same browser: its page was loaded again, or stands in two tabs. */
const isSame = ({ browser, lesson }: StoredStream, wanted: Wanted): boolean =>
  wanted.browser !== undefined && browser === wanted.browser && lesson === wanted.lesson

/** Of those that write the same at the same moment one succeeds with each try; a learner has at most twenty places. */
export const MOST_TRIES = 24

export const busy = (): Refusal => new Refusal('conflict', 'Your videos are being opened elsewhere at this moment. Try again.')

/** Of anybody: more than the most places a school may give, and few enough for one commit to end them all. */
const MOST_UNENDED = 24

/** Those that stay beside a new one: of somebody with very many, learners' and then the newest. */
const staying = (running: readonly Stored<StoredStream>[]): Stored<StoredStream>[] => {
  const newest = [...running].sort((one, other) => (beganBefore(one.value, other.value) ? 1 : -1))
  const first = [...newest.filter(({ value }) => value.isLearners), ...newest.filter(({ value }) => !value.isLearners)]
  return first.slice(0, MOST_UNENDED - 1).reverse()
}

const endOf = (world: Place, viewer: Viewer, { value }: Stored<StoredStream>): { why: StreamEnd; at: string } =>
  isOutdated(viewer, value) ? { why: 'signed-out', at: viewer.sessionsSince ?? value.startedAt } : { why: 'idle', at: world.clock.now().toISOString() }

/** The stream that another page of the same browser has of the same lesson: one place, and cookies that both send. */
const joined = async (world: World, same: Stored<StoredStream> | undefined, wanted: Wanted): Promise<StoredStream | 'apart' | 'again'> => {
  // Whoever has enrolled since watches by another right, and takes a place with it.
  if (!same || same.value.isLearners !== wanted.isLearners) return 'apart'
  const at = world.clock.now().toISOString()
  const { value } = same
  const after = { ...value, video: wanted.video, seenAt: at, asks: counted(value.asks, at), pages: (value.pages ?? 1) + 1 }
  return (await world.tables.commit([streamRecords.replace(same, after)])) === 'done' ? after : 'again'
}

/** Begins a stream, where there is a place for it. A page beside another of the same lesson shares that one’s; what says nothing any more, or is one too many, ends. */
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
    const openings = counted(viewer?.value.openings, stream.startedAt)
    const others = await unended(tables, viewer)
    const alive = others.filter(({ value }) => isRunning(world, actor, value))
    const shared = await joined(
      world,
      alive.find(({ value }) => isSame(value, wanted)),
      wanted,
    )
    if (shared === 'again') continue
    if (shared !== 'apart') return shared
    const running = alive.filter(({ value }) => !isSame(value, wanted))
    if (wanted.isLearners && running.filter(({ value }) => value.isLearners).length >= most) throw tooMany()
    const kept = staying(running)
    const gone = others.filter((other) => !kept.includes(other)).map((before) => ({ before, ...endOf(world, actor, before) }))
    // A list from before it was bounded.
    for (const { before, why, at } of gone.slice(MOST_UNENDED)) await endStream(world, before.value.id, why, at)
    const after = { ...viewer?.value, person: actor.id, openings, streams: [...kept.map(({ value }) => value.id), stream.id] }
    const endings = gone.slice(0, MOST_UNENDED).map(({ before, why, at }) => ended(before, why, at))
    const changes = [viewer ? viewerRecords.replace(viewer, after) : viewerRecords.add(after), streamRecords.add(stream), ...endings]
    if ((await tables.commit(changes)) === 'done') return stream
  }
  throw busy()
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

/**
 * What may be served to a stream that asks for a video: undefined unless it has not ended, the right it rests on holds, the
 * video is there, and it has not left its place to others. Asked by an edge that can; costs a few reads.
 */
export const servedTo = async (world: Place & Pick<World, 'identity'>, id: string, video: string): Promise<Served | undefined> => {
  const stream = (await streamRecords.get(world.tables, { id }))?.value
  if (!stream || stream.ended !== undefined || stream.video !== video) return undefined
  const person = stream.person === undefined ? undefined : await world.identity.find(stream.person)
  if (stream.person !== undefined && (!person || person.isDisabled || isOutdated(person, stream))) return undefined
  const opened = await openedIfAllowed(world, person, stream.lesson)
  const stored = await videoRecords.get(world.tables, { id: video })
  if (!opened || !stored) return undefined
  if (person && stream.isLearners && !isAlive(world, stream) && (await isCrowded(world, person, stream))) return undefined
  return {
    ...{ stream: id, lesson: stream.lesson, isStaff: opened.because === 'admin' || opened.because === 'teaches' },
    ...{ segmentSeconds: stored.value.ladders?.first.segmentSeconds ?? USUAL_SEGMENT_SECONDS },
    ...(person && { person: person.id }),
  }
}

/** Bytes were served: a sign of life, whatever the player says of itself. Lost to another write, it is given by that or by the next bytes. */
export const touchStream = async (world: Place, id: string): Promise<void> => {
  const { tables, clock } = world
  const found = await streamRecords.get(tables, { id })
  if (!found || found.value.ended !== undefined) return
  const { value } = found
  const isAsleep = value.isLearners && !isAlive(world, value)
  const seat: Seat = isAsleep && value.person !== undefined ? await seatOf(world, { id: value.person }, value) : { state: 'has' }
  if (seat.state === 'none') return
  await tables.commit([streamRecords.replace(found, { ...value, seenAt: clock.now().toISOString() }), ...(seat.state === 'free' ? [seat.change] : [])])
}
