import { CAPTIONS } from '#core/captions/records.ts'
import { publishedLessonRecords } from '#core/courses/records.ts'
import { event, type Hearing, hearing, type Payload } from '#core/events.ts'
import { objectsBelow } from '#core/objects.ts'
import { giveBack } from '#core/recipes/budget.ts'
import type { Charge } from '#core/recipes/charge.ts'
import type { Writing } from '#core/records.ts'
import type { TranscodeNews } from '#ports/transcoder.ts'
import type { World } from '#ports/world.ts'
import { packageAgain, packagedAsStored } from './package-again.ts'
import { advance, giveUp, probing } from './probing.ts'
import { mediaPrefix, OWN_POSTER, previewRecords, type StoredVideo, videoRecords } from './records.ts'
import { REASONS, verdictAfter } from './verdict.ts'
import { removeVideos, replacedBy } from './videos.ts'
import { firstMaster, PREVIEW } from './watchable.ts'

/** How long a first rendition stays once the ladder is there: whoever is watching it has moved on by then. */
const PREVIEW_STAYS_SECONDS = 3600

const toldOf = (world: Pick<World, 'clock' | 'ids'>, news: TranscodeNews) => {
  const { job, video } = news
  switch (news.kind) {
    case 'progressed':
      return event(world, 'transcode.progressed', { video, job, percent: news.percent })
    case 'watchable':
      return event(world, 'transcode.watchable', { video, job, watchable: news.watchable }, `${job}.watchable.${news.watchable.isWhole ? 'whole' : 'first'}`)
    case 'transcoded':
      return event(world, 'transcode.finished', { video, job, result: news.result }, `${job}.finished`)
    case 'failed':
      return event(world, 'transcode.failed', { video, job, fault: news.fault, detail: news.detail }, `${job}.failed`)
  }
}

/** Told by a home when its transcoder has news. Told twice, the same end is one event. */
export const tellNews = async (world: Pick<World, 'tables' | 'clock' | 'ids'>, news: TranscodeNews): Promise<void> => {
  await world.tables.commit([], [toldOf(world, news)])
}

const progress = async (world: World, { video: id, job, percent }: Payload<'transcode.progressed'>): Promise<void> => {
  const video = await videoRecords.get(world.tables, { id })
  const isNews = video?.value.state === 'transcoding' && video.value.job === job && percent > video.value.percent
  // Lost to a second writer, it is worth no second try: the next one tells more.
  if (video && isNews) await world.tables.commit([videoRecords.replace(video, { ...video.value, percent })])
}

const show = async (world: World, { video: id, job, watchable }: Payload<'transcode.watchable'>): Promise<void> => {
  const video = await videoRecords.get(world.tables, { id })
  if (video?.value.job !== job || video.value.state !== 'transcoding' || video.value.watchable?.isWhole) return
  await firstMaster(world, video.value, watchable)
  const told = event(world, 'video.watchable', { video: id, course: video.value.course }, `${job}.can-be-watched`)
  const times = { ...video.value.times, watchable: video.value.times.watchable ?? world.clock.now().toISOString() }
  const after = { ...video.value, watchable: { isWhole: watchable.isWhole }, times }
  // Its progress is written all the time.
  if ((await world.tables.commit([videoRecords.replace(video, after)], [told])) === 'conflict') return show(world, { video: id, job, watchable })
}

/** The videos it took the place of go, save the one learners are still shown: publishing takes that away. */
const superseded = async (world: World, { id, lesson }: StoredVideo): Promise<Writing> => {
  const shown = (await publishedLessonRecords.get(world.tables, { id: lesson }))?.value.video
  return removeVideos(
    world,
    (await replacedBy(world.tables, id)).filter((replaced) => replaced !== shown),
  )
}

/** Rungs that the recipe keeps for later are asked for once the video is ready. */
const startLater = async (world: World, { id, owner, source, facts, ladders, later }: StoredVideo): Promise<void> => {
  if (later?.state !== 'making' || !facts || !ladders?.later) return
  await world.transcoder.start({ job: later.job, video: id, owner, source, output: mediaPrefix(id), facts, ladder: ladders.later, makes: 'family' })
}

const finish = async (world: World, finished: Payload<'transcode.finished'>): Promise<void> => {
  const { video: id, job, result } = finished
  const before = await videoRecords.get(world.tables, { id })
  if (before?.value.later?.job === job) return join(world, finished)
  if (before?.value.job !== job) return
  if (before.value.state === 'ready') return startLater(world, before.value)
  if (before.value.state !== 'transcoding' && before.value.state !== 'packaging') return
  const now = (): string => world.clock.now().toISOString()
  const packing = { state: 'packaging' as const, percent: 0, made: result, times: { ...before.value.times, rungs: now() } }
  // How far it has come may be written at this very moment, or a teacher's choice.
  if (before.value.state !== 'packaging' && (await advance(world, before, packing)) === 'conflict') return finish(world, finished)
  const packed = await packagedAsStored(world, id, (video) => video.job === job && video.state === 'packaging')
  if (!packed) return
  const { video, rungs } = packed
  const due = new Date(world.clock.now().getTime() + PREVIEW_STAYS_SECONDS * 1000).toISOString()
  const after = {
    ...{ state: 'ready' as const, percent: 100, canRetry: false, durationSeconds: result.durationSeconds, rungs },
    times: { ...video.value.times, ready: now() },
    ...(video.value.verdict && { verdict: verdictAfter(video.value.verdict, result) }),
    ...(video.value.ladders?.later && { later: { job: `${job}.later`, state: 'making' as const } }),
  }
  const gone = await superseded(world, video.value)
  const { replaces: _, ...rest } = video.value
  const events = [event(world, 'video.ready', { video: id, course: rest.course }, `${job}.ready`), ...gone.events]
  const written = { changes: [previewRecords.put({ video: id, due }), ...gone.changes], events }
  if ((await advance(world, { ...video, value: rest }, after, written)) === 'conflict') return finish(world, finished)
  await startLater(world, { ...rest, ...after })
}

/** A family made in idle time joins the ladder; who is watching goes on undisturbed. */
const join = async (world: World, finished: Payload<'transcode.finished'>): Promise<void> => {
  const { video: id, result } = finished
  const video = await videoRecords.get(world.tables, { id })
  if (video?.value.state !== 'ready' || !video.value.made || !video.value.later) return
  const made = { ...video.value.made, renditions: [...video.value.made.renditions, ...result.renditions] }
  const joined = { made, later: { ...video.value.later, state: 'made' as const } }
  if (video.value.later.state !== 'made' && (await advance(world, video, joined)) === 'conflict') return join(world, finished)
  await packageAgain(world, id)
}

/** What the rungs that follow later were charged with. */
const laterPart = ({ charge, estimate, ladders }: StoredVideo): Charge | undefined => {
  const names = new Set(ladders?.later?.rungs.map(({ name }) => name))
  const rungs = estimate?.rungs.filter(({ name }) => names.has(name)) ?? []
  const sum = (of: 'machineSeconds' | 'microUsd'): number => rungs.reduce((total, rung) => total + (rung[of] ?? 0), 0)
  return charge && { month: charge.month, machineSeconds: sum('machineSeconds'), microUsd: sum('microUsd') }
}

const isFault = (fault: string): fault is keyof typeof REASONS => fault in REASONS

/** The video is ready without them. */
const doWithout = async (world: World, failed: Payload<'transcode.failed'>): Promise<void> => {
  const { video: id, job, fault, detail } = failed
  const video = await videoRecords.get(world.tables, { id })
  if (video?.value.later?.job !== job) return
  const back = laterPart(video.value)
  if (back) await giveBack(world.tables, job, back)
  if ((await advance(world, video, { later: { job, state: 'failed' } })) === 'conflict') return doWithout(world, failed)
  world.log.warn('A later family of a video could not be made', { video: id, fault, detail })
}

const fail = async (world: World, failed: Payload<'transcode.failed'>): Promise<void> => {
  const { video: id, job, fault, detail } = failed
  const isMeant = (video: StoredVideo): boolean => video.job === job && video.state !== 'ready' && video.state !== 'cancelled'
  await doWithout(world, failed)
  await giveUp(world, { id, isMeant }, { fault: isFault(fault) ? fault : 'internal', detail })
}

/** Everything below a prefix goes, save what `keeps` says. */
const removeBelow = async (world: World, prefix: string, keeps: (name: string) => boolean = () => false): Promise<void> => {
  for await (const { key } of objectsBelow(world, prefix)) if (!keeps(key.slice(prefix.length))) await world.objects.remove(key)
}

const clear = async (world: World, { video, source, job, unused: back }: Payload<'video.removed'>): Promise<void> => {
  if (job !== undefined) {
    await world.transcoder.cancel(job)
    await world.transcoder.cancel(`${job}.later`)
  }
  await removeBelow(world, mediaPrefix(video))
  await world.objects.remove(source)
  if (back) await giveBack(world.tables, `${video}.removed`, back)
}

/** Stops what is being made, takes away what has been, and only then lets it be tried again. What the teacher added stays. */
export const stopMaking = async (world: World, { video: id, job }: Payload<'video.cancelled'>): Promise<void> => {
  if (job !== undefined) await world.transcoder.cancel(job)
  const video = await videoRecords.get(world.tables, { id })
  if (video?.value.state !== 'cancelled' || video.value.canRetry) return
  await removeBelow(world, mediaPrefix(id), (name) => name.startsWith(CAPTIONS) || name.startsWith(OWN_POSTER))
  // Whoever asked and the event both see to it: the second finds it done.
  await world.tables.commit([videoRecords.replace(video, { ...video.value, canRetry: true })])
}

const tidy = async (world: World): Promise<void> => {
  const { items } = await previewRecords.listIndex(world.tables, 'previews', { limit: 100 })
  const now = world.clock.now().toISOString()
  for (const { video, due } of items) {
    if (due > now) return
    await removeBelow(world, `${mediaPrefix(video)}${PREVIEW}`)
    await world.tables.commit([previewRecords.remove({ video })])
  }
}

export const transcoding: readonly Hearing[] = [
  ...probing,
  hearing('media.progress', 'transcode.progressed', progress),
  hearing('media.show', 'transcode.watchable', show),
  hearing('media.package', 'transcode.finished', finish),
  hearing('media.fail', 'transcode.failed', fail),
  hearing('media.stop', 'video.cancelled', stopMaking),
  hearing('media.clear', 'video.removed', clear),
]

/** The first renditions of videos that have been ready for a while. */
export const tidying = { name: 'media.tidy-previews', everySeconds: 600, run: tidy }
