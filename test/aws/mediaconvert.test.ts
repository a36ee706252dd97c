import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  CreateJobCommand,
  type CreateJobCommandInput,
  CreateJobRequest$,
  GetJobCommand,
  type JobSettings,
  MediaConvertClient,
  type Output,
} from '@aws-sdk/client-mediaconvert'
import { ACCOUNT, type Ask, type Endpoint, openEndpoint, REGION } from './endpoint.ts'
import { read } from './mediaconvert/model.ts'
import { type MediaConvert, mediaconvert } from './mediaconvert.ts'

const QUEUE = `arn:aws:mediaconvert:${REGION}:${ACCOUNT}:queues/lectern`
const ROLE = `arn:aws:iam::${ACCOUNT}:role/lectern-media`

type Opened = { client: MediaConvertClient; endpoint: Endpoint; service: MediaConvert; asks: Ask[] }
const opened = Promise.withResolvers<Opened>()
before(async () => {
  const asks: Ask[] = []
  const service = mediaconvert({ now: () => new Date(), queues: [QUEUE], read: async () => undefined, write: async () => {}, emit: async () => {} })
  const allows = (_: string, ask: Ask): boolean => asks.push(ask) > 0
  const endpoint = await openEndpoint({ services: [service], now: () => new Date(), allows })
  const client = new MediaConvertClient({ endpoint: endpoint.url, region: REGION, credentials: endpoint.credentials('api'), maxAttempts: 1 })
  opened.resolve({ client, endpoint, service, asks })
})
after(async () => {
  const { client, endpoint } = await opened.promise
  client.destroy()
  await endpoint.close()
})

const video: Output = {
  VideoDescription: { Width: 320, Height: 180, CodecSettings: { Codec: 'H_264', H264Settings: { RateControlMode: 'QVBR', MaxBitrate: 300_000 } } },
}
const sound: Output = { AudioDescriptions: [{ AudioSourceName: 'Audio Selector 1', CodecSettings: { Codec: 'AAC', AacSettings: { Bitrate: 64_000 } } }] }
const settings = (outputs: Output[], cmaf = {}): JobSettings => ({
  Inputs: [{ FileInput: 's3://uploads/a', AudioSelectors: { 'Audio Selector 1': { DefaultSelection: 'DEFAULT' } } }],
  OutputGroups: [{ OutputGroupSettings: { Type: 'CMAF_GROUP_SETTINGS', CmafGroupSettings: { Destination: 's3://store/a/video', ...cmaf } }, Outputs: outputs }],
})
const cmfc: Output = { ContainerSettings: { Container: 'CMFC' } }
const outputs: Output[] = [
  { ...cmfc, ...video, NameModifier: '-v' },
  { ...cmfc, ...sound, NameModifier: '-a' },
]
const fine = settings(outputs)

const answerTo = async (of: Partial<CreateJobCommandInput>): Promise<string> => {
  const { client } = await opened.promise
  try {
    const { Job } = await client.send(new CreateJobCommand({ Role: ROLE, Queue: QUEUE, Settings: fine, ...of }))
    return Job?.Status ?? 'nothing'
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }
}

test('a job that is in order is taken, and asked for again by the same token it is the same', async () => {
  const { client, service, asks } = await opened.promise
  const ask = new CreateJobCommand({ Role: ROLE, Queue: QUEUE, Settings: fine, ClientRequestToken: 'once', UserMetadata: { job: 'vid_1-1' } })
  const [first, second] = [await client.send(ask), await client.send(ask)]
  assert.equal(first.Job?.Id, second.Job?.Id)
  const found = await client.send(new GetJobCommand({ Id: first.Job?.Id }))
  assert.deepEqual([found.Job?.UserMetadata, found.Job?.Settings?.OutputGroups?.[0]?.Outputs?.length], [{ job: 'vid_1-1' }, 2])
  assert.deepEqual(asks.slice(0, 2), [
    { action: 'mediaconvert:CreateJob', resource: QUEUE },
    { action: 'iam:PassRole', resource: ROLE },
  ])
  await service.idle()
})

const refused: [title: string, says: RegExp, of: Partial<CreateJobCommandInput>][] = [
  ['without a role', /role/, { Role: undefined }],
  ['for a queue that is not there', /does not exist/, { Queue: `${QUEUE}-other` }],
  ['with a percent sign in its metadata', /user metadata value 'a%20b' is invalid/, { UserMetadata: { name: 'a%20b' } }],
  [
    'with picture and sound in one output of a package',
    /one elementary stream/,
    { Settings: settings([{ ...cmfc, ...video, ...sound, NameModifier: '-av' }]) },
  ],
  ['with two outputs of one name', /must differ/, { Settings: settings([1, 2].map(() => ({ ...cmfc, ...video, NameModifier: '-v' }))) }],
  ['with a sound from nowhere', /no audio selector/, { Settings: { ...fine, Inputs: [{ FileInput: 's3://uploads/a' }] } }],
  [
    'with sheets higher than MediaConvert makes them',
    /4096/,
    { Settings: settings(outputs, { ImageBasedTrickPlay: 'ADVANCED', ImageBasedTrickPlaySettings: { ThumbnailHeight: 420, TileHeight: 10 } }) },
  ],
]
for (const [title, says, of] of refused)
  test(`a job ${title} is refused`, async () => {
    const answer = await answerTo(of)
    assert.match(answer, /^BadRequestException: /)
    assert.match(answer, says)
  })

test('a setting that MediaConvert does not know, or of another type, is refused by its name', () => {
  const group = (cmafGroupSettings: unknown) => ({ settings: { outputGroups: [{ outputGroupSettings: { cmafGroupSettings } }] } })
  assert.throws(
    () => read(CreateJobRequest$, group({ segmentLenght: 4 })),
    /\/settings\/outputGroups\/0\/outputGroupSettings\/cmafGroupSettings\/segmentLenght is not/,
  )
  assert.throws(() => read(CreateJobRequest$, group({ segmentLength: '4' })), /segmentLength must be a number/)
  assert.deepEqual(read(CreateJobRequest$, { role: 'r', userMetadata: { job: 'x' } }), { Role: 'r', UserMetadata: { job: 'x' } })
})
