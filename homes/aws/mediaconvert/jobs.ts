import * as z from 'zod/mini'
import { Facts, StoredLadder } from '#core/media/facts.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { TranscodeJob } from '#ports/transcoder.ts'

const Asked: z.ZodMiniType<TranscodeJob> = z.object({
  job: z.string(),
  video: z.string(),
  owner: z.string(),
  source: z.string(),
  output: z.string(),
  facts: Facts,
  ladder: StoredLadder,
  makes: z.enum(['whole', 'family']),
})

/**
 * What became of one job of the school's. `asked`: it is MediaConvert's to do, and `mediaConvert` is its id there, once that is
 * known · `cancelled`: never to be heard of again; the row stays, for it may not have been started yet.
 */
const StoredJob = z.discriminatedUnion('state', [
  z.object({ state: z.literal('asked'), job: z.string(), asked: Asked, mediaConvert: z.optional(z.string()) }),
  z.object({ state: z.literal('cancelled'), job: z.string(), mediaConvert: z.optional(z.string()) }),
])
export type StoredJob = z.infer<typeof StoredJob>

export const jobRecords = records({ schema: StoredJob, key: ({ job }: { job: string }) => ({ pk: `transcode#${job}`, sk: 'job' }), people: ofNobody })

const JOB = /^[A-Za-z0-9_.]{1,64}$/

/** MediaConvert takes letters, digits, `_` and `-` in metadata for certain; an attempt's dot becomes a dash. */
export const metadataOf = ({ job, video }: Pick<TranscodeJob, 'job' | 'video'>): { job: string; video: string } => {
  if (!JOB.test(job)) throw new Error(`${job} is no job’s id that MediaConvert could carry.`)
  return { job: job.replaceAll('.', '-'), video }
}

export const jobIn = ({ job }: Record<string, string>): string | undefined => job?.replaceAll('-', '.')
