import assert from 'node:assert/strict'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { PICTURES } from './awkward-pictures.fixture.ts'
import { cli } from './cli.ts'
import { findFfmpeg } from './found.fixture.ts'
import { probe } from './probe.ts'
import type { Executor, Inspection, StreamFacts } from './task.ts'
import { work } from './work.ts'

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

const aFile = async (bytes: Buffer): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-probe-'))
  folders.push(folder)
  const path = join(folder, 'source')
  await writeFile(path, bytes)
  return path
}

const box = (type: string, body: Buffer = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}
const aFilm = (index: Buffer = box('mvhd')): Buffer =>
  Buffer.concat([box('ftyp', Buffer.from('isom0000isom')), box('mdat', Buffer.alloc(40)), box('moov', index)])

const aStream = (of: Partial<StreamFacts> = {}): StreamFacts => ({
  index: 0,
  kind: 'video',
  codec: 'h264',
  isDecodable: true,
  isAttachedPicture: false,
  isDefault: true,
  width: 1280,
  height: 720,
  pixelAspect: 1,
  rotation: 0,
  averageFps: 30,
  isInterlaced: false,
  pixelFormat: 'yuv420p',
  profile: '100',
  isSteady: true,
  longestGapSeconds: 3,
  longestWaitSeconds: 0.04,
  furthestBackSeconds: 0,
  colours: {},
  channels: 0,
  sampleRate: 0,
  packets: 300,
  keyFrames: 3,
  firstSeconds: 0,
  endSeconds: 10,
  ...of,
})

const still = { beat: () => {}, reached: () => {} }

/** A container that says this of itself. */
const saying = (of: Partial<Inspection>): Executor => ({
  inspect: async () => ({ format: 'mov', startSeconds: 0, claimedSeconds: 10, streams: [aStream()], chapters: [], ...of }),
  run: () => Promise.reject(new Error('Nothing is run here.')),
  copy: () => Promise.reject(new Error('Nothing is copied here.')),
})

const refuses = async (code: string, said: Partial<Inspection>, bytes = aFilm()): Promise<void> => {
  await assert.rejects(probe(saying(said), await aFile(bytes), still), { code })
}

test('a protected film is refused', () => refuses('encrypted', {}, aFilm(box('trak', box('sinf', box('frma', Buffer.from('avc1')))))))

test('a protection is found wherever it lies in a large index', async () => {
  for (const before of [1024 ** 2 - 40, 1024 ** 2 - 28, 1024 ** 2 - 20, 3 * 1024 ** 2]) {
    const film = Buffer.concat([
      box('ftyp', Buffer.from('isom0000isom')),
      box('moov', Buffer.concat([box('free', Buffer.alloc(before)), box('sinf', box('frma'))])),
    ])
    await refuses('encrypted', {}, film)
  }
})

test('a protected film in Matroska is refused', () =>
  refuses(
    'encrypted',
    {},
    Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.alloc(300), Buffer.from('6d80896240865035' + '8347e18105', 'hex'), Buffer.alloc(99)]),
  ))

test('an index that says it has more than memory holds is refused without being read', async () => {
  const head = Buffer.concat([box('ftyp', Buffer.from('isom0000isom')), Buffer.from('00000001' + '6d6f6f76' + '7ffffffffffffff0', 'hex')])
  const path = await aFile(head)
  // A hole: it takes no room on the disk.
  await truncate(path, 300 * 1024 ** 2)
  await assert.rejects(probe(saying({}), path, still), { code: 'too-heavy' })
})

test('a film whose index has not arrived is incomplete', () =>
  refuses('incomplete', {}, Buffer.concat([box('ftyp', Buffer.from('isom0000isom')), box('mdat', Buffer.alloc(40))])))

test('a film that ends long before it says is incomplete', () => refuses('incomplete', { claimedSeconds: 60 }))

test('a film of more than twelve hours is refused', () => refuses('too-long', { claimedSeconds: 50_000, streams: [aStream({ endSeconds: 50_000 })] }))

test('a picture made to exhaust memory is refused', () => refuses('too-large-a-picture', { streams: [aStream({ width: 16_000, height: 9000 })] }))

test('a cover is no picture', () => refuses('no-picture', { streams: [aStream({ isAttachedPicture: true })] }))

test('a picture made too large by its wide pixels is refused', () =>
  refuses('too-large-a-picture', { streams: [aStream({ width: 7000, height: 5000, pixelAspect: 9 })] }))

test('a picture no encoder takes is refused, however few its pixels', () =>
  refuses('too-large-a-picture', { streams: [aStream({ width: 40_000, height: 100 })] }))

test('a container of more tracks than anybody needs is refused as that', async () => {
  const executor = { ...saying({}), inspect: () => Promise.reject(new Error('Number of streams exceeds max_streams parameter (64)')) }
  await assert.rejects(probe(executor, await aFile(aFilm()), still), { code: 'too-many-streams' })
})

test('an index that tells of a picture of which nothing is there is incomplete', () => refuses('incomplete', { streams: [aStream({ packets: 0 })] }))

test('a container of nothing is no video', () => refuses('not-a-video', { streams: [] }))

test('a clock that goes back, as where recordings were joined, is refused', () => refuses('broken-times', { streams: [aStream({ furthestBackSeconds: 60 })] }))

test('frames that change places are no broken clock', async () => {
  const facts = await probe(saying({ streams: [aStream({ furthestBackSeconds: 0.2 })] }), await aFile(aFilm()), still)
  assert.equal(facts.durationSeconds, 10)
})

const aPause = { claimedSeconds: 36_000, streams: [aStream({ packets: 2, longestWaitSeconds: 36_000, endSeconds: 36_000 })] }
const aTone = (of: Partial<StreamFacts>): StreamFacts => aStream({ index: 1, kind: 'audio', channels: 2, sampleRate: 48_000, ...of })

test('two frames ten hours apart are refused, and so they are with a tone at their beginning', async () => {
  await refuses('broken-times', aPause)
  await refuses('broken-times', { ...aPause, streams: [...aPause.streams, aTone({ endSeconds: 5 })] })
})

test('a still picture is shown for as long as there is something to hear', async () => {
  const facts = await probe(saying({ ...aPause, streams: [...aPause.streams, aTone({ endSeconds: 36_000 })] }), await aFile(aFilm()), still)
  assert.equal(facts.durationSeconds, 36_000)
})

test('a claim of days is not believed, and told', async () => {
  const facts = await probe(saying({ claimedSeconds: 143_165, streams: [aStream({ endSeconds: 1 })] }), await aFile(aFilm()), still)
  assert.deepEqual([facts.durationSeconds, facts.besides.claimedSeconds], [1, 143_165])
})

test('a picture turned by what no camera is held at is left as it is', async () => {
  for (const rotation of [45, -135, 30]) {
    const { picture } = await probe(saying({ streams: [aStream({ rotation })] }), await aFile(aFilm()), still)
    assert.equal(picture.rotation, 0)
  }
})

test('a picture nobody can decode is refused', () => refuses('undecodable', { streams: [aStream({ isDecodable: false })] }))

test('sound nobody can decode is left out', async () => {
  const sound = aStream({ index: 1, kind: 'audio', isDecodable: false, channels: 2, sampleRate: 48_000 })
  const facts = await probe(saying({ streams: [aStream(), sound] }), await aFile(aFilm()), still)
  assert.equal(facts.sound, undefined)
})

test('of several pictures the default one is taken, and of equals the largest', async () => {
  const streams = [aStream({ isDefault: false, width: 3840, height: 2160 }), aStream({ index: 1, width: 320, height: 180 }), aStream({ index: 2 })]
  const facts = await probe(saying({ streams }), await aFile(aFilm()), still)
  assert.equal(facts.picture.stream, 2)
})

test('wide pixels and a turned picture are counted in', async () => {
  const streams = [aStream({ width: 720, height: 576, pixelAspect: 64 / 45, rotation: -90 })]
  const { picture } = await probe(saying({ streams }), await aFile(aFilm()), still)
  assert.deepEqual([picture.width, picture.height, picture.rotation], [576, 1024, 270])
})

test('a worker that takes too long is stopped', async () => {
  const folder = join(await aFile(Buffer.alloc(0)), '..')
  const endless = {
    graph: 'color=s=64x64:r=25,format=yuv420p[v0]',
    folders: [],
    outputs: [{ path: 'out.mp4', format: 'mp4', options: {}, streams: [{ label: 'v0', encoder: 'libx264', options: {} }] }],
  }
  const outcome = await work({ kind: 'run', task: endless }, { folder, limits: { seconds: 1 } })
  assert.deepEqual(outcome, { kind: 'broke', detail: 'It took longer than 1 s.', isSlow: true })
})

const remuxes = async (of: Partial<Inspection>): Promise<boolean> => (await probe(saying(of), await aFile(aFilm()), still)).canRemux
const aSound = (of: Partial<StreamFacts> = {}): StreamFacts =>
  aStream({ index: 1, kind: 'audio', codec: 'aac', profile: 'LC', channels: 2, sampleRate: 48_000, ...of })

test('a picture that begins after its sound is not shown as it is: a player would wait for it', async () => {
  assert.equal(await remuxes({ streams: [aStream({ firstSeconds: 2 }), aSound()] }), false)
})

test('plain H.264 with AAC in stereo can be shown as it is', async () => {
  assert.equal(await remuxes({ streams: [aStream(), aSound()] }), true)
  assert.equal(await remuxes({ streams: [aStream()] }), true)
})

test('what browsers cannot decode, or what something must be done to, cannot', async () => {
  const pictures: Partial<StreamFacts>[] = [
    { codec: 'hevc' },
    { pixelFormat: 'yuv420p10le' },
    { pixelFormat: 'yuv444p' },
    { rotation: 90 },
    { isInterlaced: true },
    { pixelAspect: 1.5 },
    { longestGapSeconds: 12 },
    { colours: { transfer: 'smpte2084' } },
  ]
  for (const picture of pictures) assert.equal(await remuxes({ streams: [aStream(picture), aSound()] }), false, JSON.stringify(picture))
  for (const sound of [{ codec: 'mp3' }, { channels: 6 }, { profile: '4' }])
    assert.equal(await remuxes({ streams: [aStream(), aSound(sound)] }), false, JSON.stringify(sound))
})

const found = findFfmpeg()
test('an ffmpeg of the machine counts the packets of a film, and not what is written beside them', 'skip' in found ? found : {}, async () => {
  assert.ok('path' in found && PICTURES['interlaced'])
  // Two seconds of 25 pictures, whose packets all carry side data.
  const { streams } = await cli(found.path).inspect(await aFile(await PICTURES['interlaced'].make()), still)
  assert.deepEqual(
    streams.map(({ packets }) => packets),
    [50],
  )
})

test('a worker that writes without end is stopped as too heavy', async () => {
  const folder = join(await aFile(Buffer.alloc(0)), '..')
  const endless = {
    graph: 'nullsrc=s=640x360:r=30,geq=random(1)*255:128:128,format=yuv420p[v0]',
    folders: [],
    outputs: [{ path: 'out.mkv', format: 'matroska', options: {}, streams: [{ label: 'v0', encoder: 'libx264', options: { preset: 'ultrafast', crf: '0' } }] }],
  }
  const outcome = await work({ kind: 'run', task: endless }, { folder, limits: { seconds: 60, bytes: 1_000_000 } })
  assert.equal(outcome.kind === 'fault' ? outcome.fault : outcome.kind, 'too-heavy')
})
