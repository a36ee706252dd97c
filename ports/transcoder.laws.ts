import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Objects } from './objects.ts'
import type { Recipe, Transcoded, TranscodeNews, Transcoder } from './transcoder.ts'

/** The films the laws are shown on. `landscape` is 640×360 at 25 frames a second with sound; an index lies at the front of each. */
export type LawClips = { landscape: Uint8Array; silent: Uint8Array; soundOnly: Uint8Array; landscapeSeconds: number }

export type TranscoderUnderLaw = {
  transcoder: Transcoder
  objects: Objects
  /** Everything told so far, in order. */
  news: TranscodeNews[]
  /** Resolves when every job started has ended. */
  settle(): Promise<void>
  close(): Promise<void>
}

const recipe: Recipe = {
  name: 'law',
  segmentSeconds: 4,
  audioKbps: 96,
  rungs: [
    { name: '720p', shortSide: 720, crf: 24, maxrateKbps: 1800 },
    { name: '360p', shortSide: 360, crf: 26, maxrateKbps: 700 },
    { name: '180p', shortSide: 180, crf: 28, maxrateKbps: 250 },
  ],
}

const job = (name: string) => ({ job: `job_${name}`, video: `vid_${name}`, source: `uploads/${name}`, output: `media/vid_${name}/`, recipe })

const ends = (news: TranscodeNews[], name: string) => news.filter((one) => one.job === `job_${name}` && one.kind !== 'progressed')

const resultOf = (news: TranscodeNews[], name: string): Transcoded => {
  const end = ends(news, name)[0]
  assert.equal(end?.kind, 'transcoded', JSON.stringify(end))
  return end.result
}

type Playlist = { text: string; seconds: number[]; files: string[] }

const readPlaylist = async (objects: Objects, key: string): Promise<Playlist> => {
  const stored = await objects.get(key)
  assert.ok(stored, `${key} is there`)
  assert.equal(stored.type, 'application/vnd.apple.mpegurl')
  const text = Buffer.from(stored.bytes).toString()
  const map = /#EXT-X-MAP:URI="([^"]+)"/.exec(text)?.[1]
  assert.ok(map, `${key} names an init segment`)
  const lines = text.trim().split('\n')
  const seconds = lines.filter((line) => line.startsWith('#EXTINF:')).map((line) => Number.parseFloat(line.slice(8)))
  return { text, seconds, files: [map, ...lines.filter((line) => !line.startsWith('#'))] }
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)

const assertPlayable = async (objects: Objects, key: string, seconds: number, tolerance: number): Promise<void> => {
  const folder = key.slice(0, key.lastIndexOf('/') + 1)
  const { text, seconds: lengths, files } = await readPlaylist(objects, key)
  for (const tag of ['#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-INDEPENDENT-SEGMENTS', '#EXT-X-ENDLIST']) assert.ok(text.includes(tag), `${key} has ${tag}`)
  assert.equal(lengths.length, files.length - 1)
  for (const file of files) {
    const object = await objects.head(`${folder}${file}`)
    assert.ok(object && object.size > 0, `${folder}${file} is there`)
    assert.match(object.cacheControl ?? '', /immutable/)
  }
  assert.ok(Math.abs(sum(lengths) - seconds) <= tolerance, `${key}: ${sum(lengths)} s and not ${seconds} s`)
}

/** What any home's transcoder must show. */
export const transcoderLaws = (
  name: string,
  clips: () => Promise<LawClips>,
  open: () => Promise<TranscoderUnderLaw>,
  options: { skip?: string } = {},
): void => {
  describe(`${name}: the transcoder`, options.skip === undefined ? {} : { skip: options.skip }, () => {
    const made = Promise.withResolvers<LawClips>()
    const opened = Promise.withResolvers<TranscoderUnderLaw>()
    before(async () => {
      made.resolve(await clips())
      opened.resolve(await open())
    })
    after(async () => (await opened.promise).close())

    /** Puts a source, has it transcoded, and waits for the end. */
    const transcode = async (title: string, source: (from: LawClips) => Uint8Array | string): Promise<TranscoderUnderLaw> => {
      const world = await opened.promise
      await world.objects.put(`uploads/${title}`, source(await made.promise), { type: 'video/mp4' })
      await world.transcoder.start(job(title))
      await world.settle()
      return world
    }
    const assertFails = async (title: string, fault: string, source: (from: LawClips) => Uint8Array | string): Promise<void> => {
      const { news } = await transcode(title, source)
      assert.deepEqual(
        ends(news, title).map((end) => (end.kind === 'failed' ? end.fault : end.kind)),
        [fault],
      )
    }

    test('a film becomes the rungs it can fill, none larger, and all that their playlists name is there', async () => {
      const { objects, news } = await transcode('film', (from) => from.landscape)
      const { landscapeSeconds } = await made.promise
      const result = resultOf(news, 'film')
      assert.ok(Math.abs(result.durationSeconds - landscapeSeconds) <= 1 / 25, `${result.durationSeconds} s`)
      assert.deepEqual(
        result.renditions.map(({ width, height }) => [width, height]).toSorted((a, b) => Number(b[0]) - Number(a[0])),
        [
          [640, 360],
          [320, 180],
        ],
      )
      for (const rendition of result.renditions) await assertPlayable(objects, `media/vid_film/${rendition.playlist}`, landscapeSeconds, 1 / rendition.fps)
      assert.ok(result.audio)
      await assertPlayable(objects, `media/vid_film/${result.audio.playlist}`, landscapeSeconds, 2048 / 48_000)
      for (const image of [result.poster, ...result.storyboard.sheets]) assert.equal((await objects.head(`media/vid_film/${image}`))?.type, 'image/jpeg')
      assert.ok(result.storyboard.tiles * result.storyboard.everySeconds >= landscapeSeconds)
    })

    test('progress is told while it lasts and never falls', async () => {
      const { news } = await transcode('watched', (from) => from.silent)
      const percents = news.flatMap((one) => (one.kind === 'progressed' && one.job === 'job_watched' ? [one.percent] : []))
      assert.ok(percents.length > 0)
      assert.deepEqual(
        percents,
        percents.toSorted((a, b) => a - b),
      )
      assert.ok(percents.every((percent) => percent >= 0 && percent <= 100))
    })

    test('a job started twice runs once', async () => {
      const world = await opened.promise
      await world.objects.put('uploads/twice', (await made.promise).silent, { type: 'video/mp4' })
      await Promise.all([world.transcoder.start(job('twice')), world.transcoder.start(job('twice'))])
      await world.settle()
      await world.transcoder.start(job('twice'))
      await world.settle()
      assert.equal(ends(world.news, 'twice').length, 1)
    })

    test('a film without sound has pictures alone', async () => {
      const { news } = await transcode('silent', (from) => from.silent)
      const result = resultOf(news, 'silent')
      assert.equal(result.audio, undefined)
      assert.ok(result.renditions.length >= 1)
    })

    test('a text with the name of a film is refused', () => assertFails('text', 'not-a-video', () => 'These are my notes for the lecture.\n'.repeat(50)))

    test('a playlist in the guise of a film is refused, and nothing it names is read', () =>
      assertFails('playlist', 'not-a-video', () => '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'))

    test('sound alone is no video', () => assertFails('podcast', 'no-picture', (from) => from.soundOnly))

    test('a film whose upload was cut short is incomplete', () =>
      assertFails('cut', 'incomplete', (from) => from.landscape.slice(0, Math.floor(from.landscape.length * 0.6))))

    test('a cancelled job tells no end, and cancelling what is unknown or over is no error', async () => {
      const world = await opened.promise
      await world.objects.put('uploads/cancelled', (await made.promise).landscape, { type: 'video/mp4' })
      await world.transcoder.start(job('cancelled'))
      await world.transcoder.cancel('job_cancelled')
      await world.transcoder.cancel('job_never')
      await world.settle()
      await world.transcoder.cancel('job_film')
      assert.deepEqual(ends(world.news, 'cancelled'), [])
    })
  })
}
