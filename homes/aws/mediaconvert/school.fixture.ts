import assert from 'node:assert/strict'
import { type CreateJobRequest, CreateJobRequest$, MediaConvertClient } from '@aws-sdk/client-mediaconvert'
import { tellNews } from '#core/media/transcode.ts'
import { silentLog } from '#homes/machine/log.ts'
import { type Call, openEndpoint, REGION, type Service } from '#test/aws/endpoint.ts'
import { complete, type JobOf, type StateChange, stateChange } from '#test/aws/mediaconvert/events.ts'
import { read, written } from '#test/aws/mediaconvert/model.ts'
import type { School } from '#test/school.ts'
import { transcoder } from '../transcoder.ts'
import { QUEUE, ROLE } from './laboratory.fixture.ts'

export const BUCKET = 'lectern-store'

type Taken = CreateJobRequest & { Id: string }
type Refused = { status: number; code: 'BadRequestException' | 'TooManyRequestsException' }

/** MediaConvert as a desk that takes jobs and lets them lie: what becomes of them, the test tells. It refuses as often as there are refusals. */
const desk = (): Service & { taken: Taken[]; cancelled: string[]; refusals: Refused[] } => {
  const refusals: Refused[] = []
  const taken: Taken[] = []
  const cancelled: string[] = []
  const answer = async ({ method, url, body }: Call) => {
    if (method === 'DELETE') cancelled.push(url.pathname.split('/').at(-1) ?? '')
    if (method !== 'POST') return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"jobs":[]}' }
    const refused = refusals.shift()
    if (refused)
      return {
        status: refused.status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': refused.code },
        body: '{"message":"/outputGroups: is no such thing"}',
      }
    // The model has been checked member by member.
    const request = read(CreateJobRequest$, JSON.parse(body.toString())) as CreateJobRequest
    const job = { ...request, Id: `1700000000000-${taken.length}` }
    taken.push(job)
    return { status: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify(written({ Job: job })) }
  }
  return { name: 'mediaconvert', asks: () => [], answer, taken, cancelled, refusals }
}

/** Gives a school the transcoder of AWS; the tables and objects stay its own. */
export const overMediaConvert = async (school: School) => {
  const service = desk()
  const endpoint = await openEndpoint({ services: [service], now: () => new Date() })
  const client = new MediaConvertClient({ endpoint: endpoint.url, region: REGION, credentials: endpoint.credentials('events'), maxAttempts: 1 })
  const { tables } = school.world
  const engine = transcoder({
    client,
    tables,
    objects: school.store,
    bucketOf: () => BUCKET,
    role: ROLE,
    queue: QUEUE,
    log: silentLog,
    tell: (news) => tellNews(school.world, news),
  })
  const { probe } = school.world.transcoder
  // The school's own probe finds a usable lecture in any bytes.
  school.world.transcoder = { ...engine, probe }
  return {
    ...{ engine, service },
    close: async () => {
      client.destroy()
      await endpoint.close()
    },
  }
}

const INIT = new Uint8Array([...[...'....avcC'].map((sign) => sign.charCodeAt(0)), 1, 0x64, 0x00, 0x1f])

const streamList = (name: string, kind: 'cmfv' | 'cmfa'): string =>
  ['#EXTM3U', '#EXT-X-VERSION:6', '#EXT-X-TARGETDURATION:4', '#EXT-X-MEDIA-SEQUENCE:1', '#EXT-X-PLAYLIST-TYPE:VOD', `#EXT-X-MAP:URI="${name}init.${kind}"`]
    .concat(['#EXTINF:4,', `${name}_000000001.${kind}`, '#EXTINF:2,', `${name}_000000002.${kind}`, '#EXT-X-ENDLIST', ''])
    .join('\n')

/** Writes what MediaConvert would have written for a job, in its own names, with bytes that are none of a film. */
export const layOut = async ({ store }: School, { Settings }: Taken): Promise<void> => {
  const group = Settings?.OutputGroups?.[0]
  const destination = group?.OutputGroupSettings?.CmafGroupSettings?.Destination ?? ''
  const [folder, base] = [destination.slice(`s3://${BUCKET}/`.length, destination.lastIndexOf('/') + 1), destination.slice(destination.lastIndexOf('/') + 1)]
  const lines: string[] = []
  for (const { NameModifier, VideoDescription } of group?.Outputs ?? []) {
    const [name, kind] = [`${base}${NameModifier}`, VideoDescription ? 'cmfv' : 'cmfa'] as const
    lines.push(...(VideoDescription ? ['#EXT-X-STREAM-INF:BANDWIDTH=1000', `${name}.m3u8`] : [`#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="${name}.m3u8"`]))
    await store.put(`${folder}${name}.m3u8`, streamList(name, kind), { type: 'application/x-mpegURL' })
    await store.put(`${folder}${name}init.${kind}`, INIT, { type: 'video/mp4' })
    for (const number of [1, 2]) await store.put(`${folder}${name}_00000000${number}.${kind}`, new Uint8Array(900), { type: 'video/mp4' })
  }
  await store.put(`${folder}${base}.m3u8`, ['#EXTM3U', '#EXT-X-VERSION:6', ...lines, ''].join('\n'), { type: 'application/x-mpegURL' })
  await store.put(`${folder}${base}Thumbnails_000000001.jpg`, new Uint8Array(64), { type: 'image/jpeg' })
  await store.put(`${folder.replace(/[^/]+\/$/, '')}poster/poster.0000001.jpg`, new Uint8Array(64), { type: 'image/jpeg' })
}

export const ofJob = ({ Id, Queue = '', UserMetadata = {} }: Taken): JobOf => ({ id: Id, queue: Queue, userMetadata: UserMetadata })

export const completeOf = (taken: Taken, now: Date): StateChange => {
  assert.ok(taken.Settings)
  return stateChange(
    ofJob(taken),
    now,
    complete(taken.Settings, 6, (destination) => `${destination}.0000001.jpg`),
  )
}
