import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { aClip } from '#homes/machine/ffmpeg/clip.fixture.ts'
import { silentLog } from '#homes/machine/log.ts'
import type { Tables } from '#ports/tables.ts'
import { transcoderLaws } from '#ports/transcoder.laws.ts'
import type { SourceFacts, TranscodeJob } from '#ports/transcoder.ts'
import { aLaboratory, bucketOf, QUEUE, ROLE } from './mediaconvert/laboratory.fixture.ts'
import { transcoder } from './transcoder.ts'

const lawClips = async () => ({
  landscape: await aClip({ width: 640, height: 360, seconds: 4 }),
  silent: await aClip({ sound: false, seconds: 2 }),
  soundOnly: await aClip({ picture: false, seconds: 2 }),
  landscapeSeconds: 4,
})

transcoderLaws('aws, MediaConvert', lawClips, () => aLaboratory(), {
  differences: {
    'something can be watched before the end is told, and its playlist names what is there':
      'MediaConvert tells of no output before its job is complete, and orders no outputs: videos appear when they are whole.',
    'what does not change is stored as such, for every cache to keep':
      'MediaConvert writes its objects without Cache-Control; what lies under media/ is given one by the edge (core/delivery/behaviours.ts).',
  },
})

const asked = (name: string, facts: SourceFacts): TranscodeJob => {
  const rung = { name: '180p', codec: 'h264' as const, width: 320, height: 180, crf: 30, maxrateKbps: 300, effort: 'veryfast' }
  const ids = { job: `vid_${name}.1`, video: `vid_${name}`, owner: 'prs_teacher', source: `uploads/${name}`, output: `media/vid_${name}/` }
  return { ...ids, facts, ladder: { fps: facts.picture.fps, segmentSeconds: 4, audioKbps: 64, rungs: [rung] }, makes: 'whole' }
}

/** A school whose process dies between MediaConvert's answer and the note of it. */
const aForgetfulSchool = async (context: TestContext) => {
  const clock = { now: Date.parse('2026-05-04T09:00:00Z') }
  const laboratory = await aLaboratory({ now: () => new Date(clock.now) })
  context.after(() => laboratory.close())
  const { client, objects, tables } = laboratory
  const dying: Tables = {
    ...tables,
    commit: async (changes, events) => {
      if (changes.some((change) => change.kind === 'put' && 'mediaConvert' in change.body)) throw new Error('The process is gone.')
      return tables.commit(changes, events)
    },
  }
  const forgetful = transcoder({ client, objects, bucketOf, role: ROLE, queue: QUEUE, log: silentLog, tables: dying, tell: async () => {} })
  const facts = await laboratory.factsOf(await aClip({ seconds: 2, sound: false }), 'lost')
  await assert.rejects(forgetful.start(asked('lost', facts)), /process is gone/)
  // Longer than MediaConvert remembers a token.
  clock.now += 300_000
  return { ...laboratory, facts }
}

test('a job whose id was lost is found again, and not made, or paid for, twice', async (context) => {
  const school = await aForgetfulSchool(context)
  await school.transcoder.start(asked('lost', school.facts))
  await school.settle()
  assert.equal(school.service.jobs.length, 1)
  assert.equal(school.news.filter(({ kind }) => kind === 'transcoded').length, 1)
})

test('a job whose id was lost can be cancelled too', async (context) => {
  const school = await aForgetfulSchool(context)
  await school.transcoder.cancel('vid_lost.1')
  assert.deepEqual(
    school.service.jobs.map(({ Status }) => Status),
    ['CANCELED'],
  )
  await school.settle()
  await school.transcoder.start(asked('lost', school.facts))
  assert.equal(school.service.jobs.length, 1, 'what was cancelled is never started')
})

test('a source that the school may not read is a fault of the school, and no teacher is told that it is no video', async (context) => {
  const laboratory = await aLaboratory()
  context.after(() => laboratory.close())
  const { client, tables, objects } = laboratory
  await laboratory.factsOf(await aClip({ seconds: 2, sound: false }), 'there')
  const elsewhere = transcoder({ client, tables, objects, bucketOf: () => 'somebody-elses', role: ROLE, queue: QUEUE, log: silentLog, tell: async () => {} })
  await assert.rejects(elsewhere.probe({ key: 'uploads/there', owner: 'prs_teacher' }), /Access denied/)
})
