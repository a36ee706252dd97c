import * as z from 'zod/mini'
import type { SourceFault, TranscodeNews } from '#ports/transcoder.ts'

const OutputDetail = z.object({
  outputFilePaths: z.optional(z.array(z.string())),
  durationInMs: z.optional(z.number()),
  videoDetails: z.optional(z.unknown()),
})

const OutputGroup = z.object({
  type: z.string(),
  playlistFilePaths: z.optional(z.array(z.string())),
  outputDetails: z._default(z.array(OutputDetail), []),
})
export type MadeGroup = z.infer<typeof OutputGroup>

/** What we read of `MediaConvert Job State Change`; whatever else an event carries is nothing to us. */
export const JobEvent = z.object({
  source: z.literal('aws.mediaconvert'),
  detail: z.object({
    jobId: z.string(),
    queue: z.string(),
    status: z.string(),
    userMetadata: z._default(z.record(z.string(), z.string()), {}),
    jobProgress: z.optional(z.object({ jobPercentComplete: z.optional(z.number()), currentPhase: z.optional(z.string()) })),
    outputGroupDetails: z.optional(z.array(OutputGroup)),
    errorCode: z.optional(z.number()),
    errorMessage: z.optional(z.string()),
  }),
})
export type JobDetail = z.infer<typeof JobEvent>['detail']

type Progressed = Extract<TranscodeNews, { kind: 'progressed' }>
const PHASES: Record<string, Progressed['phase']> = { PROBING: 'copying', TRANSCODING: 'encoding', UPLOADING: 'finishing' }

export const progressIn = ({ jobProgress }: JobDetail): Pick<Progressed, 'percent' | 'phase'> | undefined => {
  const percent = jobProgress?.jobPercentComplete
  if (percent === undefined) return undefined
  return { percent: Math.min(100, Math.max(0, percent)), phase: PHASES[jobProgress?.currentPhase ?? ''] ?? 'encoding' }
}

/** https://docs.aws.amazon.com/mediaconvert/latest/ug/mediaconvert_error_codes.html: what is wrong with the source; all else is ours. */
const FAULTS: Record<number, SourceFault> = {
  1010: 'undecodable',
  1020: 'no-picture',
  1030: 'undecodable',
  1050: 'too-heavy',
  1075: 'undecodable',
  1076: 'incomplete',
  1092: 'undecodable',
  1507: 'too-heavy',
}

export const faultIn = ({ errorCode, errorMessage }: JobDetail): { fault: SourceFault; detail: string } => {
  const detail = `MediaConvert ${errorCode ?? 'without a code'}: ${(errorMessage ?? '').slice(0, 400)}`
  if (errorCode === 1010 && /no parser found/i.test(errorMessage ?? '')) return { fault: 'not-a-video', detail }
  return { fault: FAULTS[errorCode ?? 0] ?? 'internal', detail }
}
