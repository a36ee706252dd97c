import {
  BadRequestException,
  CancelJobCommand,
  ConflictException,
  CreateJobCommand,
  type MediaConvertClient,
  NotFoundException,
  ProbeCommand,
  paginateSearchJobs,
  UnprocessableEntityException,
} from '@aws-sdk/client-mediaconvert'
import type { Stored } from '#core/records.ts'
import type { Log } from '#ports/log.ts'
import type { Objects } from '#ports/objects.ts'
import type { Tables } from '#ports/tables.ts'
import type { Probed, TranscodeJob, TranscodeNews, Transcoder } from '#ports/transcoder.ts'
import { faultIn, type JobDetail, JobEvent, progressIn } from './mediaconvert/events.ts'
import { jobIn, jobRecords, metadataOf, type StoredJob } from './mediaconvert/jobs.ts'
import { probedOf } from './mediaconvert/probe.ts'
import { transcodedOf } from './mediaconvert/result.ts'
import { settingsOf } from './mediaconvert/settings.ts'
import { judgeSource } from './mediaconvert/source.ts'

export type TranscoderOptions = {
  client: MediaConvertClient
  tables: Tables
  objects: Objects
  /** Which bucket a key lies in: uploads have one of their own. */
  bucketOf(key: string): string
  /** ARN of the role MediaConvert reads and writes the buckets with. */
  role: string
  /** ARN of the school's own queue; news of other queues' jobs is not ours. */
  queue: string
  log: Log
  /** Hears the end of a job that MediaConvert never took: no event of its own tells of that. */
  tell(news: TranscodeNews): Promise<void>
}

export type AwsTranscoder = Transcoder & {
  /** What an event of EventBridge (`MediaConvert Job State Change`) tells the school; undefined when that is nothing. */
  newsOf(event: unknown): Promise<TranscodeNews | undefined>
}

type Given = TranscoderOptions & { urlOf(key: string): string }

const STATUS_EVERY = 'SECONDS_15'

const create = async ({ client, role, queue, urlOf }: Given, asked: TranscodeJob): Promise<string> => {
  const { Job: made } = await client.send(
    new CreateJobCommand({
      ...{ Role: role, Queue: queue, StatusUpdateInterval: STATUS_EVERY, UserMetadata: metadataOf(asked), Settings: settingsOf(asked, urlOf) },
      // Good for a minute: two who start the same job at once make one. After that the row tells, and the search.
      ClientRequestToken: asked.job,
      // Accelerated transcoding is of the Professional tier.
      AccelerationSettings: { Mode: 'DISABLED' },
    }),
  )
  if (!made?.Id) throw new Error(`MediaConvert took ${asked.job} and gave it no id.`)
  return made.Id
}

/**
 * What MediaConvert calls a bad request it will call so every time: the job has failed, by no fault of the film's. Undefined then.
 * All else, be it that there are too many requests, is tried again.
 */
const createOrFail = async (given: Given, asked: TranscodeJob): Promise<string | undefined> => {
  try {
    return await create(given, asked)
  } catch (error) {
    if (!(error instanceof BadRequestException)) throw error
    const { job, video } = asked
    given.log.error('MediaConvert did not take a job', error, { job })
    await given.tell({ kind: 'failed', job, video, fault: 'internal', detail: `MediaConvert did not take the job: ${error.message.slice(0, 400)}` })
    return undefined
  }
}

/** A job that MediaConvert took and whose answer was lost; found by its source and the school's id of it. */
const findTaken = async ({ client, queue, urlOf }: Given, asked: TranscodeJob): Promise<string | undefined> => {
  const wanted = metadataOf(asked).job
  for await (const { Jobs } of paginateSearchJobs({ client }, { InputFile: urlOf(asked.source), Queue: queue, Order: 'DESCENDING' })) {
    const found = Jobs?.find(({ UserMetadata, Status }) => UserMetadata?.['job'] === wanted && Status !== 'CANCELED')
    if (found?.Id !== undefined) return found.Id
  }
  return undefined
}

/** What is unknown, has ended or is being cancelled already is no error. */
const stop = async ({ client }: Given, id: string): Promise<void> => {
  try {
    await client.send(new CancelJobCommand({ Id: id }))
  } catch (error) {
    const isOver = error instanceof NotFoundException || error instanceof ConflictException || error instanceof BadRequestException
    if (!isOver) throw error
  }
}

const start = async (given: Given, asked: TranscodeJob): Promise<void> => {
  const { tables } = given
  const before = await jobRecords.get(tables, asked)
  if (before?.value.state === 'cancelled' || before?.value.mediaConvert !== undefined) return
  if (!before && (await tables.commit([jobRecords.add({ state: 'asked', job: asked.job, asked })])) === 'conflict') return start(given, asked)
  const row: Stored<StoredJob> = before ?? { value: { state: 'asked', job: asked.job, asked }, version: 1 }
  // The row was there without an id: somebody died, or is about to ask.
  const id = (before && (await findTaken(given, asked))) ?? (await createOrFail(given, asked))
  if (id === undefined) return
  if ((await tables.commit([jobRecords.replace(row, { ...row.value, mediaConvert: id })])) === 'done') return
  const after = await jobRecords.get(tables, asked)
  if (after?.value.state === 'cancelled') return stop(given, id)
  // Two started it at once; the token gave both the same job, unless they were more than a minute apart.
  if (after?.value.mediaConvert !== undefined && after.value.mediaConvert !== id) await stop(given, id)
}

const cancel = async (given: Given, job: string): Promise<void> => {
  const before = await jobRecords.get(given.tables, { job })
  if (!before) {
    if ((await given.tables.commit([jobRecords.add({ state: 'cancelled', job })])) === 'conflict') return cancel(given, job)
    return
  }
  const { value } = before
  const id = value.mediaConvert ?? (value.state === 'asked' ? await findTaken(given, value.asked) : undefined)
  const after: StoredJob = { state: 'cancelled', job, ...(id !== undefined && { mediaConvert: id }) }
  if (value.state === 'asked' && (await given.tables.commit([jobRecords.replace(before, after)])) === 'conflict') return cancel(given, job)
  if (id !== undefined) await stop(given, id)
}

/** What MediaConvert says when it may not read a file, and not that the file is none. */
const IS_OURS = /denied|permission|forbidden|not authorized|not found|no such/i

const probe = async ({ client, objects, urlOf }: Given, key: string): Promise<Probed> => {
  const unusable = await judgeSource({ objects, key })
  if (unusable) return { kind: 'unusable', ...unusable }
  try {
    const { ProbeResults } = await client.send(new ProbeCommand({ InputFiles: [{ FileUrl: urlOf(key) }] }))
    return probedOf(ProbeResults?.[0] ?? {})
  } catch (error) {
    const isRefused = error instanceof BadRequestException || error instanceof UnprocessableEntityException
    if (!isRefused || IS_OURS.test(error.message)) throw error
    return { kind: 'unusable', fault: 'not-a-video', detail: `MediaConvert: ${error.message}` }
  }
}

const told = async ({ objects }: Given, asked: TranscodeJob, detail: JobDetail): Promise<TranscodeNews | undefined> => {
  const { job, video } = asked
  switch (detail.status) {
    case 'STATUS_UPDATE': {
      const progress = progressIn(detail)
      return progress && { kind: 'progressed', job, video, ...progress }
    }
    case 'COMPLETE':
      return { kind: 'transcoded', job, video, result: await transcodedOf({ objects, asked, groups: detail.outputGroupDetails ?? [] }) }
    case 'ERROR':
      return { kind: 'failed', job, video, ...faultIn(detail) }
    case 'CANCELED':
      return { kind: 'failed', job, video, fault: 'internal', detail: 'The job was cancelled in MediaConvert, and not by the school.' }
    default:
      return undefined
  }
}

const newsOf = async (given: Given, event: unknown): Promise<TranscodeNews | undefined> => {
  const { detail } = JobEvent.parse(event)
  const job = jobIn(detail.userMetadata)
  if (detail.queue !== given.queue || job === undefined) return undefined
  const row = (await jobRecords.get(given.tables, { job }))?.value
  if (row?.state !== 'asked') return undefined
  // An id may not be written yet when the first news comes.
  if (row.mediaConvert !== undefined && row.mediaConvert !== detail.jobId) return undefined
  if (detail.status === 'NEW_WARNING') given.log.warn('MediaConvert warns of a job', { job, mediaConvert: detail.jobId })
  return told(given, row.asked, detail)
}

/**
 * The transcoder of AWS: MediaConvert makes the whole ladder of a source at once, and EventBridge tells of it. The row comes before
 * the job, so that whatever news there is finds it. Nothing can be watched before the end, and no stretch is made before another.
 */
export const transcoder = (options: TranscoderOptions): AwsTranscoder => {
  const given: Given = { ...options, urlOf: (key) => `s3://${options.bucketOf(key)}/${key}` }
  return {
    probe: ({ key }) => probe(given, key),
    start: (asked) => start(given, asked),
    cancel: (job) => cancel(given, job),
    newsOf: (event) => newsOf(given, event),
    prefer: async () => {},
    pieces: async () => [],
  }
}
