import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { transcoderLaws } from '#ports/transcoder.laws.ts'
import { aClip } from './ffmpeg/clip.fixture.ts'
import { findFfmpeg } from './ffmpeg/found.fixture.ts'
import { assertGapless } from './ffmpeg/gapless.fixture.ts'
import { makeLecture } from './ffmpeg/lecture.ts'
import { aFolder, aMachine, endOf, jobOf } from './ffmpeg/machine.fixture.ts'

const clipsMade = new Map<string, Promise<Buffer>>()

/** The same film is made once for all tests. */
const clip = (options: Parameters<typeof aClip>[0]): Promise<Buffer> => {
  const key = JSON.stringify(options)
  const made = clipsMade.get(key) ?? aClip(options)
  clipsMade.set(key, made)
  return made
}

const lawClips = async () => ({
  landscape: await clip({ width: 640, height: 360, seconds: 6 }),
  silent: await clip({ sound: false, seconds: 2 }),
  soundOnly: await clip({ picture: false, seconds: 2 }),
  landscapeSeconds: 6,
})

const found = findFfmpeg()
transcoderLaws('machine, embedded FFmpeg', lawClips, () => aMachine())
transcoderLaws(
  'machine, ffmpeg of the machine',
  lawClips,
  () => aMachine('path' in found ? { ffmpegPath: found.path } : {}),
  'skip' in found ? { skip: found.skip } : {},
)

const anHourglass = () => clip({ seconds: 50, width: 160, height: 90, fps: '24' })

const recordedPieces = (home: string): { piece: string; finished_at: string }[] => {
  const database = new DatabaseSync(join(home, 'transcoder', 'transcoder.sqlite'), { readOnly: true })
  try {
    // Two columns of text, by the schema.
    return database.prepare('SELECT piece, finished_at FROM pieces ORDER BY piece').all() as { piece: string; finished_at: string }[]
  } finally {
    database.close()
  }
}

test('a worker killed in the middle of a film is replaced, and the joints of its chunks have no gap', async () => {
  const killed: unknown[] = []
  const machine = await aMachine({
    onInfo: (message, fields) => {
      if (message !== 'A worker began' || fields?.['what'] !== 'chunk-00001' || killed.length > 0) return
      killed.push(fields['what'])
      process.kill(Number(fields['pid']), 'SIGKILL')
    },
  })
  const result = await machine.transcode(await anHourglass())
  assert.deepEqual(killed, ['chunk-00001'])
  assert.equal(result.durationSeconds, 50)
  for (const { name } of result.renditions) assert.deepEqual(await assertGapless(machine.objects, `media/vid_one/${name}/`), { segments: 13, seconds: 50 })
  const sound = await assertGapless(machine.objects, 'media/vid_one/audio/')
  assert.ok(Math.abs(sound.seconds - 50) < 0.03, `${sound.seconds} s of sound`)
  await machine.close()
})

test('a server killed in the middle of a film finishes it after a restart, and makes no piece again', async () => {
  const home = await aFolder()
  const source = join(home, 'source.mp4')
  await writeFile(source, await anHourglass())
  const prober = await aMachine()
  const facts = await prober.factsOf(await anHourglass(), 'killed')
  await prober.close()
  const host = fork(new URL('./ffmpeg/host.fixture.ts', import.meta.url), [home, source, JSON.stringify(jobOf('killed', facts))], { execArgv: [] })
  host.on('message', (said: { message: string; what?: string }) => {
    if (said.message === 'A piece of a video is made' && said.what === 'chunk-00000') host.kill('SIGKILL')
  })
  await once(host, 'exit')
  const before = recordedPieces(home)
  assert.ok(before.some(({ piece }) => piece === 'chunk-00000') && !before.some(({ piece }) => piece === 'chunk-00001'))

  const began: unknown[] = []
  const machine = await aMachine({ folder: home, onInfo: (message, fields) => message === 'A worker began' && began.push(fields?.['what']) })
  const etag = async () => (await machine.objects.head('media/vid_killed/90p/00003.m4s'))?.etag
  const etagBefore = await etag()
  await machine.transcoder.idle()
  assert.equal(endOf(machine.news, 'killed').durationSeconds, 50)
  // Which pieces were on record when the kill came is a matter of luck; what is begun now is exactly the others.
  const recorded = new Set(before.map(({ piece }) => piece))
  const all = recordedPieces(home).map(({ piece }) => piece)
  assert.deepEqual(began.map(String).sort(), all.filter((piece) => !recorded.has(piece)).sort())
  assert.ok(began.includes('chunk-00001') && began.includes('chunk-00002'))
  assert.deepEqual(
    recordedPieces(home).filter(({ piece }) => before.some((one) => one.piece === piece)),
    before,
  )
  assert.equal(await etag(), etagBefore)
  assert.equal((await assertGapless(machine.objects, 'media/vid_killed/90p/')).segments, 13)
  await machine.close()
})

test('a second process is refused the folder while the first one lives', async () => {
  const home = await aFolder()
  const first = await aMachine({ folder: home })
  await assert.rejects(aMachine({ folder: home }), /Another process is converting videos/)
  await first.close()
  await (await aMachine({ folder: home })).close()
})

test('an end that could not be told is told after a restart, without any work', async () => {
  const home = await aFolder()
  const refused = Promise.withResolvers<void>()
  const deaf = await aMachine({
    folder: home,
    tell: async (news) => {
      if (news.kind !== 'transcoded') return
      refused.resolve()
      throw new Error('The school is not listening.')
    },
  })
  await deaf.transcoder.start(jobOf('one', await deaf.factsOf(await clip({ sound: false, seconds: 2 }), 'one')))
  await refused.promise
  await deaf.close()

  const began: unknown[] = []
  const machine = await aMachine({ folder: home, onInfo: (message) => began.push(message) })
  await machine.transcoder.idle()
  assert.equal(endOf(machine.news, 'one').durationSeconds, 2)
  assert.deepEqual(began, [])
  await machine.close()
})

test('a film that kills every worker fails as internal after three tries', async () => {
  let tries = 0
  const machine = await aMachine({
    onInfo: (message, fields) => {
      if (message !== 'A worker began') return
      tries += 1
      process.kill(Number(fields?.['pid']), 'SIGKILL')
    },
  })
  await assert.rejects(machine.transcode(await clip({ sound: false, seconds: 2 })), /"fault":"internal"/)
  assert.equal(tries, 3)
  await machine.close()
})

/** Writes a quarter turn into the header of the film's picture track (`tkhd` of ISO/IEC 14496-12 §8.3.2), as a phone does. */
const turned = (film: Buffer): Buffer => {
  const copy = Buffer.from(film)
  const matrix = copy.indexOf('tkhd') + 4 + 40
  for (const [index, value] of [0, 65536, 0, -65536, 0, 0].entries()) copy.writeInt32BE(value, matrix + index * 4)
  return copy
}

test('a film held upright stays upright, and odd sizes are made even', async () => {
  const machine = await aMachine()
  const upright = await machine.transcode(turned(await clip({ width: 320, height: 180, sound: false, seconds: 2 })), 'upright')
  assert.deepEqual(
    upright.renditions.map(({ width, height }) => [width, height]),
    [
      [180, 320],
      [90, 160],
    ],
  )
  const odd = await machine.transcode(await clip({ width: 163, height: 91, sound: false, seconds: 2, format: 'matroska', pixelFormat: 'yuv444p' }), 'odd')
  assert.ok(odd.renditions.every(({ width, height }) => width % 2 === 0 && height % 2 === 0 && width <= 163 && height <= 91))
  await machine.close()
})

test('a broadcast stream, which has no index and starts at any time, is made to start at zero', async () => {
  const machine = await aMachine()
  const result = await machine.transcode(await clip({ format: 'mpegts', seconds: 25, width: 160, height: 90 }))
  assert.ok(Math.abs(result.durationSeconds - 25) < 0.1, `${result.durationSeconds} s`)
  assert.equal((await assertGapless(machine.objects, 'media/vid_one/90p/')).segments, 7)
  await machine.close()
})

test('a picture that ends before its sound stands still until the sound ends', async () => {
  const machine = await aMachine()
  const result = await machine.transcode(await clip({ seconds: 2, soundSeconds: 25, width: 160, height: 90 }))
  assert.ok(Math.abs(result.durationSeconds - 25) < 0.1, `${result.durationSeconds} s`)
  assert.equal((await assertGapless(machine.objects, 'media/vid_one/90p/')).segments, 7)
  await machine.close()
})

test('a demo lecture is a film with a chapter for each slide', async () => {
  const path = join(await aFolder(), 'lecture.mp4')
  const slides = [
    { heading: 'Why light bends: 100% of it', lines: ["It's quick; [really]", 'So it turns'], seconds: 2 },
    { heading: 'Lenses', lines: ['They gather rays'], seconds: 2 },
  ]
  await makeLecture({ path, title: 'Light', slides, width: 320, height: 180 })
  const machine = await aMachine()
  const film = await readFile(path)
  const result = await machine.transcode(film)
  assert.deepEqual((await machine.factsOf(film, 'again')).chapters, [
    { startSeconds: 0, title: 'Why light bends: 100% of it' },
    { startSeconds: 2, title: 'Lenses' },
  ])
  assert.equal(result.durationSeconds, 4)
  assert.ok(result.audio)
  await machine.close()
})
