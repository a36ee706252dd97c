import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Container, VideoProperties } from '@aws-sdk/client-mediaconvert'
import { type MachineObjects, objects as openObjects } from '#homes/machine/objects.ts'
import { probedOf } from './probe.ts'
import { judgeSource } from './source.ts'

const containerOf = (video: VideoProperties, of: Container = {}): Container => ({
  ...{ Format: 'mp4', Duration: 60.06 },
  Tracks: [
    {
      Index: 1,
      TrackType: 'video',
      Codec: 'AVC',
      VideoProperties: { Width: 1920, Height: 1080, FrameRate: { Numerator: 30000, Denominator: 1001 }, ...video },
    },
    { Index: 2, TrackType: 'audio', Codec: 'AAC', AudioProperties: { Channels: 2, SampleRate: 48_000 } },
  ],
  ...of,
})

const factsOf = (container: Container) => {
  const probed = probedOf({ Container: container })
  assert.equal(probed.kind, 'usable', JSON.stringify(probed))
  return probed.facts
}

test('what MediaConvert tells of a film becomes the facts a ladder is made from', () => {
  const { container, durationSeconds, picture, sound } = factsOf(containerOf({}))
  assert.deepEqual([container, durationSeconds, sound], ['mov', 60.06, { stream: 1, codec: 'aac', channels: 2 }])
  assert.deepEqual([picture.codec, picture.width, picture.height, picture.fps], ['h264', 1920, 1080, { num: 30000, den: 1001 }])
})

test('a film is measured as it is to be seen: turned upright, its pixels square', () => {
  const { picture } = factsOf(containerOf({ Width: 1440, SampleAspectRatio: { Numerator: 4, Denominator: 3 }, Rotation: 90 }))
  assert.deepEqual([picture.width, picture.height, picture.rotation, picture.isSquare], [1080, 1920, 90, false])
})

test('HDR and half pictures are noticed', () => {
  const { picture } = factsOf(containerOf({ TransferCharacteristics: 'SMPTE_2084', BitDepth: 10, CodecMetadata: { ScanType: 'Interlaced' } }))
  assert.deepEqual([picture.hdr, picture.bitDepth, picture.isInterlaced], [true, 10, true])
})

test('a sound MediaConvert cannot decode is left out and told of', () => {
  const [video] = containerOf({}).Tracks ?? []
  const { sound, besides } = factsOf({ ...containerOf({}), Tracks: [...(video ? [video] : []), { Index: 2, TrackType: 'audio', Codec: 'UNKNOWN' }] })
  assert.deepEqual([sound, besides.lostSound], [undefined, 'unknown'])
})

const unusable: [title: string, fault: string, container: Container][] = [
  ['a container nobody knows', 'not-a-video', {}],
  ['sound alone', 'no-picture', { Format: 'mp4', Duration: 9, Tracks: [{ Index: 1, TrackType: 'audio', Codec: 'AAC' }] }],
  ['no length, as a browser’s recording has none', 'incomplete', { Format: 'webm', Tracks: containerOf({}).Tracks }],
  ['thirteen hours', 'too-long', containerOf({}, { Duration: 13 * 3600 })],
  ['a picture larger than 8K', 'too-large-a-picture', containerOf({ Width: 9000, Height: 5000 })],
  ['a picture smaller than MediaConvert makes any', 'undecodable', containerOf({ Width: 20, Height: 20 })],
  ['sixty-five tracks', 'too-many-streams', containerOf({}, { Tracks: Array.from({ length: 65 }, (_, index) => ({ Index: index + 1, TrackType: 'audio' })) })],
]
for (const [title, fault, container] of unusable)
  test(`${title} cannot be used`, () => {
    const probed = probedOf({ Container: container })
    assert.equal(probed.kind === 'unusable' ? probed.fault : probed.kind, fault)
  })

const shelf = Promise.withResolvers<MachineObjects>()
let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern-source-'))
  shelf.resolve(await openObjects({ folder, url: 'http://aws.test', clock: { now: () => new Date() } }))
})
after(async () => {
  await (await shelf.promise).close()
  await rm(folder, { recursive: true })
})

const box = (type: string, body: string | Buffer = '', size = 8 + body.length): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(size)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, Buffer.from(body)])
}
const start = box('ftyp', 'isom0000isom')

const judged: [title: string, fault: string | undefined, bytes: Buffer | string][] = [
  ['a whole film passes', undefined, Buffer.concat([start, box('moov', 'mvhd'), box('mdat', 'x'.repeat(500))])],
  ['one whose index lies at the end passes', undefined, Buffer.concat([start, box('mdat', 'x'.repeat(500)), box('moov', 'mvhd')])],
  ['one that ends in the middle is incomplete', 'incomplete', Buffer.concat([start, box('moov', 'mvhd'), box('mdat', 'x'.repeat(500), 9000)])],
  ['one without an index is incomplete', 'incomplete', Buffer.concat([start, box('mdat', 'x'.repeat(500))])],
  ['a protected one is refused', 'encrypted', Buffer.concat([start, box('moov', 'sinf\0\0\0\ffrma'), box('mdat', 'x')])],
  ['a playlist is never shown to MediaConvert, which would read what it names', 'not-a-video', '#EXTM3U\n#EXTINF:10,\nhttps://elsewhere.test/a.ts\n'],
]
for (const [title, fault, bytes] of judged)
  test(title, async () => {
    const objects = await shelf.promise
    await objects.put('sources/one', bytes, { type: 'video/mp4' })
    assert.equal((await judgeSource({ objects, key: 'sources/one' }))?.fault, fault)
  })
