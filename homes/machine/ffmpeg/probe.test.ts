import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
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
  colours: {},
  channels: 0,
  sampleRate: 0,
  packets: 300,
  keyFrames: 3,
  firstSeconds: 0,
  endSeconds: 10,
  ...of,
})

/** A container that says this of itself. */
const saying = (of: Partial<Inspection>): Executor => ({
  inspect: async () => ({ format: 'mov', startSeconds: 0, claimedSeconds: 10, streams: [aStream()], chapters: [], ...of }),
  run: () => Promise.reject(new Error('Nothing is run here.')),
  copy: () => Promise.reject(new Error('Nothing is copied here.')),
})

const refuses = async (code: string, said: Partial<Inspection>, bytes = aFilm()): Promise<void> => {
  await assert.rejects(probe(saying(said), await aFile(bytes)), { code })
}

test('a protected film is refused', () => refuses('encrypted', {}, aFilm(box('trak', box('sinf', box('frma', Buffer.from('avc1')))))))

test('a film whose index has not arrived is incomplete', () =>
  refuses('incomplete', {}, Buffer.concat([box('ftyp', Buffer.from('isom0000isom')), box('mdat', Buffer.alloc(40))])))

test('a film that ends long before it says is incomplete', () => refuses('incomplete', { claimedSeconds: 60 }))

test('a film of more than twelve hours is refused', () => refuses('too-long', { claimedSeconds: 50_000, streams: [aStream({ endSeconds: 50_000 })] }))

test('a picture made to exhaust memory is refused', () => refuses('too-large-a-picture', { streams: [aStream({ width: 16_000, height: 9000 })] }))

test('a cover is no picture', () => refuses('no-picture', { streams: [aStream({ isAttachedPicture: true })] }))

test('a picture nobody can decode is refused', () => refuses('undecodable', { streams: [aStream({ isDecodable: false })] }))

test('sound nobody can decode is left out', async () => {
  const sound = aStream({ index: 1, kind: 'audio', isDecodable: false, channels: 2, sampleRate: 48_000 })
  const facts = await probe(saying({ streams: [aStream(), sound] }), await aFile(aFilm()))
  assert.equal(facts.sound, undefined)
})

test('of several pictures the default one is taken, and of equals the largest', async () => {
  const streams = [aStream({ isDefault: false, width: 3840, height: 2160 }), aStream({ index: 1, width: 320, height: 180 }), aStream({ index: 2 })]
  const facts = await probe(saying({ streams }), await aFile(aFilm()))
  assert.equal(facts.picture.stream, 2)
})

test('wide pixels and a turned picture are counted in', async () => {
  const streams = [aStream({ width: 720, height: 576, pixelAspect: 64 / 45, rotation: -90 })]
  const { picture } = await probe(saying({ streams }), await aFile(aFilm()))
  assert.deepEqual([picture.width, picture.height, picture.rotation], [576, 1024, 270])
})

test('a worker that takes too long is stopped', async () => {
  const folder = join(await aFile(Buffer.alloc(0)), '..')
  const endless = {
    graph: 'color=s=64x64:r=25,format=yuv420p[v0]',
    folders: [],
    outputs: [{ path: 'out.mp4', format: 'mp4', options: {}, streams: [{ label: 'v0', encoder: 'libx264', options: {} }] }],
  }
  const outcome = await work({ kind: 'run', task: endless }, { folder, limitSeconds: 1 })
  assert.deepEqual(outcome, { kind: 'broke', detail: 'It took longer than 1 s.' })
})
