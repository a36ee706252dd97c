import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CreateJobRequest } from '@aws-sdk/client-mediaconvert'
import fc from 'fast-check'
import { laddersOf } from '#core/recipes/ladder.ts'
import { type Recipe, SHIPPED } from '#core/recipes/recipe.ts'
import type { SourceFacts, TranscodeJob } from '#ports/transcoder.ts'
import { refusalOf } from '#test/aws/mediaconvert/refusals.ts'
import { someFacts } from '#test/school.ts'
import { QUEUE, ROLE } from './laboratory.fixture.ts'
import { settingsOf } from './settings.ts'

const shipped = (name: string): Recipe => SHIPPED.find((recipe) => recipe.name === name) ?? assert.fail(name)

const jobOf = (facts: SourceFacts, recipe: Recipe, makes: TranscodeJob['makes'] = 'whole'): TranscodeJob => {
  const ladders = laddersOf(facts.picture, recipe)
  const ids = { job: 'vid_1.1', video: 'vid_1', owner: 'prs_1', source: 'sources/vid_1', output: 'media/vid_1/' }
  return { ...ids, facts, ladder: makes === 'whole' ? ladders.first : (ladders.later ?? assert.fail('no family')), makes }
}

const requestOf = (job: TranscodeJob): CreateJobRequest => ({ Role: ROLE, Queue: QUEUE, Settings: settingsOf(job, (key) => `s3://store/${key}`) })
const lecture = (of: Partial<SourceFacts['picture']>): SourceFacts => someFacts({ picture: { ...someFacts().picture, ...of } })
const outputsOf = (job: TranscodeJob) => requestOf(job).Settings?.OutputGroups?.[0]?.Outputs ?? []

test('a recipe’s rungs are asked for with their sizes, their most bits and their quality, in the Basic tier', () => {
  const job = jobOf(lecture({ width: 1920, height: 1080 }), shipped('standard'))
  const asked = outputsOf(job).flatMap(({ NameModifier, VideoDescription: video }) => {
    const h264 = video?.CodecSettings?.H264Settings
    return h264 ? [[NameModifier, video.Width, video.Height, h264.MaxBitrate, h264.QvbrSettings?.QvbrQualityLevel, h264.QualityTuningLevel]] : []
  })
  assert.deepEqual(asked, [
    ['-1080p', 1920, 1080, 3_500_000, 8, 'SINGLE_PASS_HQ'],
    ['-720p', 1280, 720, 1_800_000, 8, 'SINGLE_PASS_HQ'],
    ['-480p', 854, 480, 900_000, 7, 'SINGLE_PASS_HQ'],
    ['-270p', 480, 270, 350_000, 7, 'SINGLE_PASS_HQ'],
  ])
})

test('a family is rungs alone, in a folder of its own, and leaves the ladder people are watching as it is', () => {
  const { Settings } = requestOf(jobOf(lecture({ width: 1920, height: 1080 }), shipped('thrifty'), 'family'))
  const [group, ...others] = Settings?.OutputGroups ?? []
  assert.deepEqual(others, [])
  const cmaf = group?.OutputGroupSettings?.CmafGroupSettings
  assert.deepEqual([cmaf?.Destination, cmaf?.ImageBasedTrickPlay], ['s3://store/media/vid_1/family/video', undefined])
  assert.deepEqual(
    group?.Outputs?.map(({ VideoDescription: video }) => [video?.CodecSettings?.Codec, video?.CodecSettings?.Av1Settings?.GopSize]),
    [
      ['AV1', 100],
      ['AV1', 100],
    ],
  )
})

test('what is turned, interlaced or HDR is put right, and a sound of one or six channels is mixed to two', () => {
  const { Settings } = requestOf(jobOf({ ...lecture({ isInterlaced: true, hdr: true }), sound: { stream: 1, codec: 'aac', channels: 6 } }, shipped('standard')))
  assert.equal(Settings?.Inputs?.[0]?.VideoSelector?.Rotate, 'AUTO')
  const [first, ...rest] = Settings?.OutputGroups?.[0]?.Outputs ?? []
  const { Deinterlacer, ColorCorrector } = first?.VideoDescription?.VideoPreprocessors ?? {}
  assert.deepEqual([Deinterlacer?.Mode, ColorCorrector?.ColorSpaceConversion], ['DEINTERLACE', 'FORCE_709'])
  const mixed = rest.at(-1)?.AudioDescriptions?.[0]?.RemixSettings
  assert.deepEqual([mixed?.ChannelsIn, mixed?.ChannelsOut, mixed?.ChannelMapping?.OutputChannels?.map((each) => each.InputChannels?.length)], [6, 2, [6, 6]])
})

test('MediaConvert takes the settings of every source a recipe can be applied to, and never makes a picture larger', () => {
  const picture = fc.record({
    width: fc.integer({ min: 32, max: 8000 }),
    height: fc.integer({ min: 32, max: 5000 }),
    isInterlaced: fc.boolean(),
    hdr: fc.boolean(),
  })
  const rates = fc.constantFrom({ num: 24000, den: 1001 }, { num: 25, den: 1 }, { num: 30000, den: 1001 }, { num: 60, den: 1 })
  const facts = fc.record({
    picture,
    fps: rates,
    durationSeconds: fc.double({ min: 0.04, max: 43_200, noNaN: true }),
    channels: fc.constantFrom(0, 1, 2, 6, 8),
  })
  const property = fc.property(facts, fc.constantFrom(...SHIPPED), ({ picture: of, fps, durationSeconds, channels }, recipe) => {
    const { sound: _, ...silent } = lecture({ ...of, fps })
    const source = { ...silent, durationSeconds, ...(channels > 0 && { sound: { stream: 1, codec: 'aac', channels } }) }
    const job = jobOf(source, recipe)
    assert.equal(refusalOf(requestOf(job), [QUEUE]), undefined)
    for (const { VideoDescription: video } of outputsOf(job)) {
      assert.ok((video?.Width ?? 0) <= of.width && (video?.Height ?? 0) <= of.height)
    }
  })
  fc.assert(property, { numRuns: 300 })
})
