import type { JobSettings, Output, OutputGroup } from '@aws-sdk/client-mediaconvert'
import { ACCOUNT, REGION } from '../endpoint.ts'
import type { EncodeFault } from './encode.ts'

export type JobOf = { id: string; queue: string; userMetadata: Record<string, string> }

/** One event as EventBridge hands it on: https://docs.aws.amazon.com/mediaconvert/latest/ug/mediaconvert_event_list.html. */
export type StateChange = { source: string; 'detail-type': string; time: string; detail: Record<string, unknown>; [name: string]: unknown }

export const stateChange = (job: JobOf, now: Date, detail: { status: string; [name: string]: unknown }): StateChange => ({
  ...{ version: '0', id: `${job.id}-${detail.status}-${now.getTime()}`, 'detail-type': 'MediaConvert Job State Change', source: 'aws.mediaconvert' },
  ...{ account: ACCOUNT, time: now.toISOString(), region: REGION, resources: [`arn:aws:mediaconvert:${REGION}:${ACCOUNT}:jobs/${job.id}`] },
  detail: { timestamp: now.getTime(), accountId: ACCOUNT, queue: job.queue, jobId: job.id, userMetadata: job.userMetadata, ...detail },
})

type Phase = 'PROBING' | 'TRANSCODING' | 'UPLOADING'
const PHASES: Phase[] = ['PROBING', 'TRANSCODING', 'UPLOADING']

export const statusUpdate = (percent: number, phase: Phase) => {
  const at = PHASES.indexOf(phase)
  const of = (index: number) => (index < at ? ['COMPLETE', 100] : index === at ? ['PROGRESSING', percent] : ['PENDING', 0])
  const phaseProgress = Object.fromEntries(PHASES.map((name, index) => [name, { status: of(index)[0], percentComplete: of(index)[1] }]))
  return { status: 'STATUS_UPDATE', framesDecoded: 353, jobProgress: { phaseProgress, jobPercentComplete: percent, currentPhase: phase, retryCount: 0 } }
}

const videoDetails = ({ VideoDescription: video }: Output): Record<string, unknown> =>
  video ? { videoDetails: { widthInPx: video.Width, heightInPx: video.Height, averageBitrate: 300_000, qvbrAvgQuality: 7.4 } } : {}

/** A CMAF group tells of its own playlists alone; a file group of each output's last file. */
const groupDetail = ({ OutputGroupSettings: of, Outputs = [] }: OutputGroup, durationInMs: number, lastFile: (destination: string) => string) => {
  if (of?.CmafGroupSettings) {
    const outputDetails = Outputs.map((output) => ({ durationInMs, ...videoDetails(output) }))
    return { outputDetails, type: 'CMAF_GROUP', playlistFilePaths: [`${of.CmafGroupSettings.Destination}.m3u8`] }
  }
  const path = lastFile(of?.FileGroupSettings?.Destination ?? '')
  return { outputDetails: Outputs.map((output) => ({ outputFilePaths: [path], durationInMs: 1000, ...videoDetails(output) })), type: 'FILE_GROUP' }
}

export const complete = ({ OutputGroups = [] }: JobSettings, seconds: number, lastFile: (destination: string) => string) => ({
  ...{ status: 'COMPLETE', paddingInserted: 0, blackVideoDetected: 0, warnings: [] },
  outputGroupDetails: OutputGroups.map((group) => groupDetail(group, Math.round(seconds * 1000), lastFile)),
})

const CODES: Partial<Record<EncodeFault['fault'], [code: number, message: string]>> = {
  'not-a-video': [1010, 'Unable to open input file: [Failed probe/open: [No parser found for container]]'],
  'no-picture': [1020, 'Could not find a video elementary stream'],
  undecodable: [1030, 'Unsupported codec'],
  incomplete: [1076, 'Unexpected end of file'],
}

export const failed = ({ fault, message }: EncodeFault) => {
  const [errorCode, errorMessage] = CODES[fault] ?? [1999, message]
  return { status: 'ERROR', errorCode, errorMessage }
}
