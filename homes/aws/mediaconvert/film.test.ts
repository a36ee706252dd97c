import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as HLS from 'hls-parser'
import { packaged } from '#core/media/packaging.ts'
import { parseMediaPlaylist } from '#core/media/playlist.ts'
import { StoredVideo } from '#core/media/records.ts'
import { laddersOf } from '#core/recipes/ladder.ts'
import { Recipe } from '#core/recipes/recipe.ts'
import { segmentTimes } from '#homes/machine/ffmpeg/boxes.ts'
import { aClip } from '#homes/machine/ffmpeg/clip.fixture.ts'
import type { Transcoded } from '#ports/transcoder.ts'
import { aLaboratory } from './laboratory.fixture.ts'

const recipe = Recipe.parse({
  ...{ name: 'small', title: 'Small', says: '', segmentSeconds: 2, audioKbps: 70 },
  families: [
    {
      ...{ codec: 'h264', effort: 'veryfast', when: 'first' },
      rungs: [
        { name: '180p', shortSide: 180, crf: 30, maxrateKbps: 300 },
        { name: '90p', shortSide: 90, crf: 30, maxrateKbps: 100 },
      ],
    },
  ],
})

const laboratory = await aLaboratory()
after(() => laboratory.close())
const { objects, tables, transcoder, factsOf } = laboratory

const made = async (name: string, film: Uint8Array): Promise<Transcoded> => {
  const facts = await factsOf(film, name)
  const job = { job: `vid_${name}.1`, video: `vid_${name}`, owner: 'prs_teacher', source: `uploads/${name}`, output: `media/vid_${name}/` }
  await transcoder.start({ ...job, facts, ladder: laddersOf(facts.picture, recipe).first, makes: 'whole' })
  await laboratory.settle()
  const end = laboratory.news.find((one) => one.job === job.job && one.kind !== 'progressed')
  assert.equal(end?.kind, 'transcoded', JSON.stringify(end))
  return end.result
}

const textOf = async (key: string): Promise<string> => new TextDecoder().decode((await objects.get(key))?.bytes)

test('what MediaConvert made of a film is packaged by the school, and every playlist of it parses', async () => {
  const result = await made('film', await aClip({ seconds: 5, fps: '30000/1001' }))
  const video = StoredVideo.parse({
    ...{ id: 'vid_film', lesson: 'les_1', course: 'crs_1', owner: 'prs_teacher', fileName: 'a.mp4', sizeBytes: 1, type: 'video/mp4', source: 'uploads/film' },
    ...{ state: 'packaging', percent: 0, attempt: 1, canRetry: false, made: result, rungs: [], chapters: [] },
  })
  assert.deepEqual(await packaged({ objects, tables }, video), { rungs: ['180p', '90p'] })
  const master = await textOf('media/vid_film/master.m3u8')
  HLS.setOptions({ strictMode: true })
  const parsed = HLS.parse(master)
  assert.ok(parsed.isMasterPlaylist)
  assert.deepEqual(
    parsed.variants.map(({ uri, resolution, frameRate, isIFrameOnly }) => [uri, resolution?.height, frameRate, isIFrameOnly ?? false]),
    [
      ['ladder/video-180p.m3u8', 180, 29.97, false],
      ['ladder/video-90p.m3u8', 90, 29.97, false],
      ['ladder/video-180p_I-Frame.m3u8', 180, undefined, true],
      ['ladder/video-90p_I-Frame.m3u8', 90, undefined, true],
    ],
  )
  for (const uri of [...parsed.variants.map((variant) => variant.uri), 'ladder/video-sound.m3u8'])
    assert.ok(!HLS.parse(await textOf(`media/vid_film/${uri}`)).isMasterPlaylist)
  assert.match(await textOf('media/vid_film/storyboard.vtt'), /ladder\/\S+\.jpg#xywh=480,0,240,136/)
})

test('the segments of all rungs begin at the same pictures, without a gap, at a rate that no second is a whole number of', async () => {
  const result = await made('aligned', await aClip({ seconds: 5, fps: '30000/1001', sound: false }))
  const frames = await Promise.all(
    result.renditions.map(async ({ playlist }) => {
      const { segments } = parseMediaPlaylist(await textOf(`media/vid_aligned/${playlist}`))
      const times = await Promise.all(
        segments.map(async ({ uri }) => segmentTimes(Buffer.from((await objects.get(`media/vid_aligned/ladder/${uri}`))?.bytes ?? []))),
      )
      times.forEach(
        (each, index) =>
          void assert.equal(
            each?.begins,
            times.slice(0, index).reduce((sum, one) => sum + (one?.lasts ?? 0), 0),
          ),
      )
      return times.map((each) => each?.samples)
    }),
  )
  assert.deepEqual(frames, [
    [60, 60, 30],
    [60, 60, 30],
  ])
})

test('a film in portrait stays one, and its poster is of a moment after its first frame', async () => {
  const result = await made('upright', await aClip({ width: 180, height: 320, seconds: 3, sound: false }))
  assert.deepEqual(
    result.renditions.map(({ width, height }) => [width, height]),
    [
      [180, 320],
      [90, 160],
    ],
  )
  assert.equal(result.poster, 'poster/poster.0000001.jpg')
  assert.deepEqual([result.storyboard?.tileWidth, result.storyboard?.tileHeight], [232, 408])
})
