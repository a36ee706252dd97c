import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Objects } from './objects.ts'
import type { Ladder, PlannedRung, SourceFacts, Transcoded, TranscodeJob, TranscodeNews, Transcoder } from './transcoder.ts'

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

const RUNGS: { name: string; height: number; crf: number; maxrateKbps: number }[] = [
  { name: '360p', height: 360, crf: 26, maxrateKbps: 700 },
  { name: '180p', height: 180, crf: 28, maxrateKbps: 250 },
]

/** Rungs no larger than the source, of its own shape. */
const ladderOf = ({ picture }: SourceFacts, codec: PlannedRung['codec'] = 'h264'): Ladder => ({
  ...{ fps: picture.fps, segmentSeconds: 4, audioKbps: 96 },
  rungs: RUNGS.filter(({ height }) => height <= picture.height).map(({ name, height, crf, maxrateKbps }) => ({
    ...{
      name: codec === 'h264' ? name : `${name}-${codec}`,
      codec,
      crf,
      maxrateKbps,
      height,
      width: 2 * Math.round((picture.width * height) / picture.height / 2),
    },
    ...(codec === 'h264' ? { effort: 'ultrafast' } : { effort: '12' }),
  })),
})

const job = (name: string, facts: SourceFacts): TranscodeJob => ({
  ...{ job: `job_${name}`, video: `vid_${name}`, owner: 'prs_teacher', source: `uploads/${name}`, output: `media/vid_${name}/` },
  ...{ facts, ladder: ladderOf(facts), makes: 'whole' },
})

const ends = (news: TranscodeNews[], name: string) => news.filter((one) => one.job === `job_${name}` && (one.kind === 'transcoded' || one.kind === 'failed'))

const resultOf = (news: TranscodeNews[], name: string): Transcoded => {
  const end = ends(news, name)[0]
  assert.equal(end?.kind, 'transcoded', JSON.stringify(end))
  return end.result
}

type Playlist = { text: string; seconds: number[]; files: string[] }

const readPlaylist = async (objects: Objects, key: string): Promise<Playlist> => {
  const stored = await objects.get(key)
  assert.ok(stored, `${key} is there`)
  // RFC 8216 §4 has the first; the second came before it, and every player takes both.
  assert.match(stored.type, /^application\/(vnd\.apple\.mpegurl|x-mpegURL)$/)
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
  // That segments are independent, the master playlist says of all of them.
  for (const tag of ['#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-ENDLIST']) assert.ok(text.includes(tag), `${key} has ${tag}`)
  assert.equal(lengths.length, files.length - 1)
  for (const file of files) {
    const object = await objects.head(`${folder}${file}`)
    assert.ok(object && object.size > 0, `${folder}${file} is there`)
  }
  assert.ok(Math.abs(sum(lengths) - seconds) <= tolerance, `${key}: ${sum(lengths)} s and not ${seconds} s`)
}

export type LawOptions = {
  skip?: string
  /** Laws that this engine cannot keep, by name, each with the reason: they are counted as skipped and printed with it. */
  differences?: Readonly<Record<string, string>>
}

/** A law by its name; one that is a difference stays in the list, with its reason. */
const lawsWith = (differences: Readonly<Record<string, string>>) => {
  const named = new Set<string>()
  return {
    law(name: string, body: () => Promise<void>): void {
      named.add(name)
      const reason = differences[name]
      test(name, reason === undefined ? {} : { skip: reason }, body)
    },
    unknown: (): string[] => Object.keys(differences).filter((name) => !named.has(name)),
  }
}

/** What any home's transcoder must show. */
export const transcoderLaws = (name: string, clips: () => Promise<LawClips>, open: () => Promise<TranscoderUnderLaw>, options: LawOptions = {}): void => {
  const { law, unknown } = lawsWith(options.differences ?? {})
  describe(`${name}: the transcoder`, options.skip === undefined ? {} : { skip: options.skip }, () => {
    const made = Promise.withResolvers<LawClips>()
    const opened = Promise.withResolvers<TranscoderUnderLaw>()
    before(async () => {
      made.resolve(await clips())
      opened.resolve(await open())
    })
    after(async () => (await opened.promise).close())

    const put = async (title: string, source: (from: LawClips) => Uint8Array | string): Promise<TranscoderUnderLaw> => {
      const world = await opened.promise
      await world.objects.put(`uploads/${title}`, source(await made.promise), { type: 'video/mp4' })
      return world
    }
    const factsOf = async ({ transcoder }: TranscoderUnderLaw, title: string): Promise<SourceFacts> => {
      const probed = await transcoder.probe({ key: `uploads/${title}`, owner: 'prs_teacher' })
      assert.equal(probed.kind, 'usable', JSON.stringify(probed))
      return probed.facts
    }
    /** Puts a source, has it transcoded, and waits for the end. */
    const transcode = async (title: string, source: (from: LawClips) => Uint8Array | string): Promise<TranscoderUnderLaw> => {
      const world = await put(title, source)
      await world.transcoder.start(job(title, await factsOf(world, title)))
      await world.settle()
      return world
    }
    const assertUnusable = async (title: string, fault: string, source: (from: LawClips) => Uint8Array | string): Promise<void> => {
      const { transcoder } = await put(title, source)
      const probed = await transcoder.probe({ key: `uploads/${title}`, owner: 'prs_teacher' })
      assert.equal(probed.kind === 'unusable' ? probed.fault : probed.kind, fault)
    }

    law('probing tells what a source is: its size, rate, length and sound', async () => {
      const { landscapeSeconds } = await made.promise
      const facts = await factsOf(await put('probed', (from) => from.landscape), 'probed')
      const { width, height, fps, rotation, isInterlaced, hdr, isSteady } = facts.picture
      assert.deepEqual(
        { width, height, fps, rotation, isInterlaced, hdr, isSteady },
        { width: 640, height: 360, fps: { num: 25, den: 1 }, rotation: 0, isInterlaced: false, hdr: false, isSteady: true },
      )
      assert.ok(Math.abs(facts.durationSeconds - landscapeSeconds) <= 1 / 25, `${facts.durationSeconds} s`)
      assert.equal(facts.sound?.channels, 1)
      assert.equal((await factsOf(await put('probed-silent', (from) => from.silent), 'probed-silent')).sound, undefined)
    })

    law('a film becomes the rungs it can fill, none larger, and all that their playlists name is there', async () => {
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
      const { poster, storyboard } = result
      assert.ok(poster && storyboard)
      for (const image of [poster, ...storyboard.sheets]) assert.equal((await objects.head(`media/vid_film/${image}`))?.type, 'image/jpeg')
      assert.ok(storyboard.tiles * storyboard.everySeconds >= landscapeSeconds)
    })

    law('what does not change is stored as such, for every cache to keep', async () => {
      const { objects, news } = await opened.promise
      const { renditions, audio } = resultOf(news, 'film')
      for (const { playlist } of [...renditions, ...(audio ? [audio] : [])]) {
        const { files } = await readPlaylist(objects, `media/vid_film/${playlist}`)
        const folder = playlist.slice(0, playlist.lastIndexOf('/') + 1)
        for (const file of files) assert.match((await objects.head(`media/vid_film/${folder}${file}`))?.cacheControl ?? '', /immutable/)
      }
    })

    law('something can be watched before the end is told, and its playlist names what is there', async () => {
      const { objects, news } = await transcode('early', (from) => from.landscape)
      const mine = news.filter((one) => one.job === 'job_early')
      const first = mine.findIndex(({ kind }) => kind === 'watchable')
      assert.ok(first >= 0 && first < mine.findIndex(({ kind }) => kind === 'transcoded'))
      for (const one of mine) {
        if (one.kind !== 'watchable') continue
        const { rendition, audio, hasSoundInside } = one.watchable
        assert.ok(hasSoundInside || audio, 'with its sound')
        for (const playlist of [rendition.playlist, ...(audio ? [audio.playlist] : [])]) {
          const { files } = await readPlaylist(objects, `media/vid_early/${playlist}`)
          const folder = `media/vid_early/${playlist.slice(0, playlist.lastIndexOf('/') + 1)}`
          for (const file of files) assert.ok(await objects.head(`${folder}${file}`), `${folder}${file} is there`)
        }
      }
    })

    law('every segment begins with a picture that stands alone, and the list of them names where it lies', async () => {
      const { objects, news } = await opened.promise
      for (const { keys, playlist } of resultOf(news, 'film').renditions) {
        assert.ok(keys)
        const folder = keys.slice(0, keys.lastIndexOf('/') + 1)
        const list = Buffer.from((await objects.get(`media/vid_film/${keys}`))?.bytes ?? []).toString()
        assert.match(list, /#EXT-X-I-FRAMES-ONLY/)
        const ranges = [...list.matchAll(/#EXT-X-BYTERANGE:(\d+)@(\d+)\n(\S+)/g)]
        assert.equal(ranges.length, (await readPlaylist(objects, `media/vid_film/${playlist}`)).seconds.length)
        for (const [, bytes, offset, file] of ranges) {
          const start = Number(offset)
          const found = await objects.range(`media/vid_film/${folder}${file}`, start, start + Number(bytes) - 1)
          assert.equal(found?.length, Number(bytes))
          assert.equal(Buffer.from(found ?? []).toString('latin1', 4, 8), 'moof')
        }
      }
    })

    law('a family is more rungs for what is ready, without sound or pictures', async () => {
      const world = await put('more', (from) => from.landscape)
      const facts = await factsOf(world, 'more')
      await world.transcoder.start({ ...job('more', facts), ladder: ladderOf(facts, 'av1'), makes: 'family' })
      await world.settle()
      const { renditions, audio, poster, storyboard } = resultOf(world.news, 'more')
      assert.deepEqual([audio, poster, storyboard], [undefined, undefined, undefined])
      assert.deepEqual(
        renditions.map(({ codec }) => codec),
        ['av1', 'av1'],
      )
      const { landscapeSeconds } = await made.promise
      for (const rendition of renditions) await assertPlayable(world.objects, `media/vid_more/${rendition.playlist}`, landscapeSeconds, 1 / rendition.fps)
    })

    law('asking for a stretch of what is unknown or over is no error, and tells of no pieces', async () => {
      const { transcoder } = await opened.promise
      await transcoder.prefer('job_never', 10)
      await transcoder.prefer('job_film', 10)
      assert.deepEqual(await transcoder.pieces('job_never'), [])
    })

    law('progress is told while it lasts and never falls', async () => {
      const { news } = await transcode('watched', (from) => from.silent)
      const percents = news.flatMap((one) => (one.kind === 'progressed' && one.job === 'job_watched' ? [one.percent] : []))
      assert.ok(percents.length > 0)
      assert.deepEqual(
        percents,
        percents.toSorted((a, b) => a - b),
      )
      assert.ok(percents.every((percent) => percent >= 0 && percent <= 100))
    })

    law('a job started twice runs once', async () => {
      const world = await opened.promise
      await put('twice', (from) => from.silent)
      const asked = job('twice', await factsOf(world, 'twice'))
      await Promise.all([world.transcoder.start(asked), world.transcoder.start(asked)])
      await world.settle()
      await world.transcoder.start(asked)
      await world.settle()
      assert.equal(ends(world.news, 'twice').length, 1)
    })

    law('a film without sound has pictures alone', async () => {
      const { news } = await transcode('silent', (from) => from.silent)
      const result = resultOf(news, 'silent')
      assert.equal(result.audio, undefined)
      assert.ok(result.renditions.length >= 1)
    })

    law('a text with the name of a film is refused', () => assertUnusable('text', 'not-a-video', () => 'These are my notes for the lecture.\n'.repeat(50)))

    law('a playlist in the guise of a film is refused, and nothing it names is read', () =>
      assertUnusable('playlist', 'not-a-video', () => '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'),
    )

    law('sound alone is no video', () => assertUnusable('podcast', 'no-picture', (from) => from.soundOnly))

    law('a film whose upload was cut short is incomplete', () =>
      assertUnusable('cut', 'incomplete', (from) => from.landscape.slice(0, Math.floor(from.landscape.length * 0.6))),
    )

    law('a job cancelled before it is asked for never runs', async () => {
      const world = await put('unwanted', (from) => from.silent)
      await world.transcoder.cancel('job_unwanted')
      await world.transcoder.start(job('unwanted', await factsOf(world, 'unwanted')))
      await world.settle()
      assert.deepEqual(
        world.news.filter((one) => one.job === 'job_unwanted'),
        [],
      )
    })

    law('a cancelled job tells no end, and cancelling what is unknown or over is no error', async () => {
      const world = await opened.promise
      await put('cancelled', (from) => from.landscape)
      await world.transcoder.start(job('cancelled', await factsOf(world, 'cancelled')))
      await world.transcoder.cancel('job_cancelled')
      await world.transcoder.cancel('job_never')
      await world.settle()
      await world.transcoder.cancel('job_film')
      assert.deepEqual(ends(world.news, 'cancelled'), [])
    })

    law('every difference is one from these laws', async () => assert.deepEqual(unknown(), []))
  })
}
