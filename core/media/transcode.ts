import { event, type Hearing, hearing, type Payload } from '#core/events.ts'
import type { Stored } from '#core/records.ts'
import type { Event } from '#ports/tables.ts'
import type { SourceFault, TranscodeNews } from '#ports/transcoder.ts'
import type { World } from '#ports/world.ts'
import { packaged } from './packaging.ts'
import { STANDARD } from './recipe.ts'
import { mediaPrefix, type StoredVideo, videoRecords } from './records.ts'

/** What a teacher reads, and whether the same file may fare better on another try. */
const REASONS: Record<SourceFault, { reason: string; canRetry: boolean }> = {
  'not-a-video': { reason: 'This file is not a video we can read. Export it again as MP4 (H.264) and upload that.', canRetry: false },
  'no-picture': { reason: 'This file has sound but no picture. Upload a file with video in it.', canRetry: false },
  incomplete: { reason: 'The end of this file is missing, as if a copy or an export had been cut off. Export it again and upload that.', canRetry: false },
  encrypted: { reason: 'This file is copy-protected, so it cannot be converted. Upload one without protection.', canRetry: false },
  'too-long': { reason: 'This video is longer than 12 hours. Cut it into lessons.', canRetry: false },
  'too-large-a-picture': { reason: 'The picture of this video is larger than 8K. Export it at 4K or less.', canRetry: false },
  undecodable: { reason: 'Too much of this file is damaged to be decoded. Export it again and upload that.', canRetry: false },
  internal: { reason: 'Something went wrong on our side while converting this video. You can try again; the school’s owner has been told.', canRetry: true },
}

/** Told by a home when its transcoder has news. Told twice, the same end is one event. */
export const tellNews = async (world: World, news: TranscodeNews): Promise<void> => {
  const { job, video } = news
  const told =
    news.kind === 'progressed'
      ? event(world, 'transcode.progressed', { video, job, percent: news.percent })
      : news.kind === 'transcoded'
        ? event(world, 'transcode.finished', { video, job, result: news.result }, `${job}.finished`)
        : event(world, 'transcode.failed', { video, job, fault: news.fault, detail: news.detail }, `${job}.failed`)
  await world.tables.commit([], [told])
}

/** Writes the video anew from what it is; a second writer in between makes the delivery come again. */
const advance = async ({ tables }: World, video: Stored<StoredVideo>, change: Partial<StoredVideo>, events: Event[] = []): Promise<void> => {
  const outcome = await tables.commit([videoRecords.replace(video, { ...video.value, ...change })], events)
  if (outcome === 'conflict') throw new Error(`${video.value.id} was written meanwhile.`)
}

const begin = async (world: World, { video: id }: { video: string }): Promise<void> => {
  const video = await videoRecords.get(world.tables, { id })
  if (!video) return
  const { state, attempt, source } = video.value
  const job = `${id}.${attempt}`
  if (state === 'uploaded') await advance(world, video, { state: 'transcoding', percent: 0, job })
  else if (state !== 'transcoding' || video.value.job !== job) return
  await world.transcoder.start({ job, video: id, source, output: mediaPrefix(id), recipe: STANDARD })
}

const progress = async (world: World, { video: id, job, percent }: Payload<'transcode.progressed'>): Promise<void> => {
  const video = await videoRecords.get(world.tables, { id })
  const isNews = video?.value.state === 'transcoding' && video.value.job === job && percent > video.value.percent
  // Lost to a second writer, it is worth no second try: the next one tells more.
  if (video && isNews) await world.tables.commit([videoRecords.replace(video, { ...video.value, percent })])
}

const pack = async (world: World, { video: id, job, result }: Payload<'transcode.finished'>): Promise<void> => {
  const before = await videoRecords.get(world.tables, { id })
  if (before?.value.job !== job || before.value.state === 'ready' || before.value.state === 'failed') return
  if (before.value.state !== 'packaging') await advance(world, before, { state: 'packaging', percent: 0 })
  const { rungs, chapters } = await packaged(world, { video: id, result })
  const video = await videoRecords.get(world.tables, { id })
  if (video?.value.job !== job) return
  const told = event(world, 'video.ready', { video: id, course: video.value.course }, `${job}.ready`)
  await advance(world, video, { state: 'ready', percent: 100, canRetry: false, durationSeconds: result.durationSeconds, rungs, chapters }, [told])
}

const isSourceFault = (fault: string): fault is SourceFault => fault in REASONS

const fail = async (world: World, { video: id, job, fault, detail }: Payload<'transcode.failed'>): Promise<void> => {
  const video = await videoRecords.get(world.tables, { id })
  if (video?.value.job !== job || video.value.state === 'ready') return
  const { reason, canRetry } = REASONS[isSourceFault(fault) ? fault : 'internal']
  const told = event(world, 'video.failed', { video: id, course: video.value.course }, `${job}.given-up`)
  if (video.value.state !== 'failed') await advance(world, video, { state: 'failed', reason, canRetry }, [told])
  if (fault === 'internal') await world.alerts.tell({ id: `${job}.failed`, subject: `A video could not be converted: ${video.value.fileName}`, text: detail })
}

const clear = async ({ transcoder, objects }: World, { video, source, job }: Payload<'video.removed'>): Promise<void> => {
  if (job !== undefined) await transcoder.cancel(job)
  for (let page = await objects.list(mediaPrefix(video)); page.items.length > 0; page = await objects.list(mediaPrefix(video))) {
    for (const { key } of page.items) await objects.remove(key)
  }
  await objects.remove(source)
}

export const transcoding: readonly Hearing[] = [
  hearing('media.begin', 'video.uploaded', begin),
  hearing('media.begin-again', 'video.retried', begin),
  hearing('media.progress', 'transcode.progressed', progress),
  hearing('media.package', 'transcode.finished', pack),
  hearing('media.fail', 'transcode.failed', fail),
  hearing('media.clear', 'video.removed', clear),
]
