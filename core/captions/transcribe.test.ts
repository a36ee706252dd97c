import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { CAPTION_LIMITS } from '#contract/cues.ts'
import { type Spoken, TRANSCRIPTION_LIMITS, type Transcription, TranscriptionFailed } from '#ports/transcription.ts'
import { aCourse, anUploadedVideo, aSoundSegment, encode } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { fromZero } from './fragments.ts'
import { cuesOf } from './transcribe.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const place = await aCourse(teacher)
const mine = teacher.client.captions

type Said = Spoken[] | Error
/** A machine that says what it is told to, in turn, and keeps what it was given to hear. */
const aMachine = (says: Said[]): Transcription & { heard: { sound: Uint8Array; language: string }[] } => {
  const heard: { sound: Uint8Array; language: string }[] = []
  return {
    heard,
    transcribe: async (sound, { language }) => {
      heard.push({ sound, language })
      const said = says[heard.length - 1] ?? []
      if (said instanceof Error) throw said
      return said
    },
  }
}
const setUp = (says: Said[]) => {
  const machine = aMachine(says)
  school.world.transcription = machine
  return machine
}
beforeEach(() => {
  school.world.transcription = undefined
})

const aVideo = async (title: string) => {
  const video = await anUploadedVideo(school, teacher, { ...place, title })
  await encode(school, video)
  await school.settle()
  return { ...video, english: { video: video.video, language: 'en', label: 'English' } }
}
const said = (text: string, startSeconds = 1): Spoken => ({ startSeconds, endSeconds: startSeconds + 2, text })
const deskOf = (video: string) => mine.all({ video })
const stateOf = async (video: string) => (await deskOf(video)).listening?.state
const BUSY = new TranscriptionFailed('unreachable', 'busy')

/** A sound of so many minutes, in segments of ten seconds. */
const aLongSound = async (video: string, minutes: number): Promise<void> => {
  const names = Array.from({ length: minutes * 6 }, (_, index) => `${String(index).padStart(5, '0')}.m4s`)
  for (const [index, name] of names.entries())
    await school.store.put(`media/${video}/audio/${name}`, aSoundSegment(index * 480_000, 400, { filler: index % 200 }), { type: 'video/mp4' })
  const playlist = ['#EXTM3U', '#EXT-X-MAP:URI="init.mp4"', ...names.flatMap((name) => ['#EXTINF:10.000,', name]), '#EXT-X-ENDLIST', '']
  await school.store.put(`media/${video}/audio/index.m3u8`, playlist.join('\n'), { type: 'application/vnd.apple.mpegurl' })
}

/** The decode times of a sound's fragments, and the names of the boxes it is made of. */
const looked = (sound: Uint8Array): { times: number[]; boxes: string[] } => {
  const bytes = Buffer.from(sound)
  const found: { times: number[]; boxes: string[] } = { times: [], boxes: [] }
  for (let at = bytes.indexOf('moof') - 4; at < bytes.length; at += bytes.readUInt32BE(at)) found.boxes.push(bytes.toString('latin1', at + 4, at + 8))
  for (let at = bytes.indexOf('tfdt'); at >= 0; at = bytes.indexOf('tfdt', at + 4))
    found.times.push(bytes[at + 4] === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : bytes.readUInt32BE(at + 8))
  return found
}

test('a part of a sound is a file of its own that begins at zero, whatever width its times are written in', () => {
  for (const isWide of [true, false]) {
    const segments = [480_000, 960_000].map((time) => aSoundSegment(time, 300, { isWide }))
    const before = segments.map((segment) => Buffer.from(segment).toString('hex'))
    const file = fromZero(new Uint8Array([1, 2, 3]), segments)
    assert.deepEqual(looked(file), { times: [0, 480_000], boxes: ['moof', 'mdat', 'moof', 'mdat'] })
    assert.deepEqual([...file.subarray(0, 3)], [1, 2, 3])
    assert.deepEqual(
      segments.map((segment) => Buffer.from(segment).toString('hex')),
      before,
      'the store’s own bytes are changed',
    )
  }
  assert.throws(() => fromZero(new Uint8Array(), [new Uint8Array([0, 0, 1, 0, 109, 111, 111, 102])]), /does not fit/)
  assert.throws(() => fromZero(new Uint8Array(), [new Uint8Array(64)]), /no fragment/)
})

test('long stretches of speech are cut into cues that read well and share its time', () => {
  const text = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ')
  const cues = cuesOf({ startSeconds: 10, endSeconds: 40, text: ` ${text} ` }, 100)
  assert.ok(cues.length > 2 && cues.every((cue) => cue.text.length <= 120 && cue.endSeconds > cue.startSeconds))
  assert.equal(cues.map((cue) => cue.text).join(' '), text)
  assert.deepEqual([cues[0]?.startSeconds, cues.at(-1)?.endSeconds], [110, 140])
  assert.deepEqual(cuesOf({ startSeconds: 3, endSeconds: 3, text: 'Oh.' }, 0), [{ startSeconds: 3, endSeconds: 3.2, text: 'Oh.' }])
  assert.deepEqual(cuesOf(said('  '), 0), [])
  assert.ok(cuesOf(said('長'.repeat(400)), 0).every((cue) => cue.text.length <= 120))
})

test('a school without a service, a video that is not ready and one without sound are refused, each for its own reason', async () => {
  const { video, english } = await aVideo('Refused')
  assert.equal((await deskOf(video)).machine, 'off')
  assert.equal(await refusalOf(mine.transcribe(english)), 'not-set-up')
  setUp([])
  const young = await anUploadedVideo(school, teacher, { ...place, title: 'Young' })
  assert.equal((await deskOf(young.video)).machine, 'not-ready')
  assert.equal(await refusalOf(mine.transcribe({ ...english, video: young.video })), 'not-ready')
  await encode(school, young, { hasSound: false })
  await school.settle()
  assert.equal((await deskOf(young.video)).machine, 'no-sound')
  assert.equal(await refusalOf(mine.transcribe({ ...english, video: young.video })), 'bad-input')
})

test('what a machine hears is a draft the teacher edits; learners see nothing of it', async () => {
  const { lesson, video, english } = await aVideo('Heard')
  const machine = setUp([[said('Hello there.'), said('Bye.', 4)]])
  const asked = await mine.transcribe(english)
  assert.equal(asked.listening?.state, 'asked')
  assert.equal(await refusalOf(mine.transcribe({ ...english, language: 'de' })), 'conflict')
  await school.settle()
  const { tracks, listening } = await deskOf(video)
  assert.deepEqual([listening?.state, listening?.percent], ['done', 100])
  assert.deepEqual(
    tracks.map(({ language, isDraft, origin, cues }) => [language, isDraft, origin, cues]),
    [['en', true, 'machine', 2]],
  )
  assert.deepEqual((await mine.read(english)).cues[1], { startSeconds: 4, endSeconds: 6, text: 'Bye.' })
  assert.deepEqual((await teacher.client.watching.open({ lesson })).captions, [])
  assert.equal(machine.heard.length, 1)
  assert.equal(machine.heard[0]?.language, 'en')
  assert.deepEqual(looked(machine.heard[0]?.sound ?? new Uint8Array()).times, [0, 192_000])
  assert.equal(await refusalOf(mine.transcribe(english)), 'conflict')
})

test('a long lecture is heard in windows of twenty minutes at most, and each is put where it belongs', async () => {
  const { video, english } = await aVideo('Long')
  await aLongSound(video, 45)
  const machine = setUp([[said('One')], [said('Two')], [said('Three')]])
  await mine.transcribe(english)
  await school.settle()
  assert.deepEqual(
    machine.heard.map(({ sound }) => looked(sound).times.length),
    [120, 120, 30],
  )
  assert.ok(machine.heard.every(({ sound }) => looked(sound).times[0] === 0))
  const { cues } = await mine.read(english)
  assert.deepEqual(
    cues.map(({ startSeconds, text }) => [startSeconds, text]),
    [
      [1, 'One'],
      [1201, 'Two'],
      [2401, 'Three'],
    ],
  )
  assert.deepEqual((await school.store.list(`drafts/captions/${video}/heard/`)).items, [])
})

test('a service that fails is told with its reason; trying again goes on where it stopped', async () => {
  const { video, english } = await aVideo('Failing')
  await aLongSound(video, 25)
  const machine = setUp([[said('One')], BUSY, [said('Two')]])
  await mine.transcribe(english)
  await school.settle()
  const { listening } = await deskOf(video)
  assert.equal(listening?.state, 'failed')
  assert.match(listening?.reason ?? '', /could not be reached/)
  await mine.transcribe(english)
  await school.settle()
  assert.equal(await stateOf(video), 'done')
  assert.equal(machine.heard.length, 3)
  assert.equal((await mine.read(english)).cues.length, 2)
})

test('a crash in the middle is taken up by the same asking, and an event told twice makes no second draft', async () => {
  const { video, english } = await aVideo('Crash')
  await aLongSound(video, 25)
  const machine = setUp([[said('One')], new Error('The school is closing.'), [said('Two')]])
  await mine.transcribe(english)
  await school.settle()
  assert.equal(await stateOf(video), 'working')
  assert.equal((await deskOf(video)).listening?.percent, 50)
  school.clock.pass(60)
  await school.settle()
  assert.equal(await stateOf(video), 'done')
  const { revision } = (await mine.read(english)).track
  const ask = (await school.world.tables.get({ pk: `video#${video}`, sk: 'listening' }))?.body['ask'] ?? ''
  await school.world.tables.commit([], [{ id: `twice.${video}`, name: 'captions.asked', at: '2026-05-04T09:00:00.000Z', payload: { video, ask } }])
  await school.settle()
  assert.equal((await mine.read(english)).track.revision, revision)
  assert.equal(machine.heard.length, 3)
})

test('an asking that was lost does not lock the door for ever', async () => {
  const { video, english } = await aVideo('Lost')
  setUp([new Error('Something else.'), [said('Hello')]])
  await mine.transcribe(english)
  await school.settle()
  assert.equal(await refusalOf(mine.transcribe(english)), 'conflict')
  school.clock.pass(46 * 60)
  await mine.transcribe(english)
  await school.settle()
  assert.equal(await stateOf(video), 'done')
})

test('while the machine takes as long as it may, nobody can ask again and have the same sound paid for twice', async () => {
  const { video, english } = await aVideo('Slow')
  await aLongSound(video, 45)
  const askedAgain: string[] = []
  school.world.transcription = {
    transcribe: async () => {
      school.clock.pass(TRANSCRIPTION_LIMITS.answerSeconds)
      askedAgain.push(await refusalOf(mine.transcribe(english)))
      return [said('Slowly')]
    },
  }
  await mine.transcribe(english)
  await school.settle()
  assert.deepEqual(askedAgain, ['conflict', 'conflict', 'conflict'])
  assert.equal(await stateOf(video), 'done')
})

test('more cues than captions hold are told of, and none of them is left out in silence', async () => {
  const { video, english } = await aVideo('Endless')
  setUp([Array.from({ length: CAPTION_LIMITS.cues + 1 }, (_, index) => said('a', index))])
  await mine.transcribe(english)
  await school.settle()
  const { tracks, listening } = await deskOf(video)
  assert.equal(listening?.state, 'failed')
  assert.match(listening?.reason ?? '', /does not fit into one set of captions\. Divided into shorter videos it would\./)
  assert.deepEqual(tracks, [])
})

test('captions a teacher adds meanwhile are kept, and silence is told as such', async () => {
  const { video, english } = await aVideo('Meanwhile')
  setUp([[said('Machine')], []])
  await mine.transcribe(english)
  await mine.save({ ...english, cues: [said('Typed')] })
  await school.settle()
  assert.deepEqual([await stateOf(video), (await mine.read(english)).cues[0]?.text], ['failed', 'Typed'])
  const quiet = await aVideo('Quiet')
  await mine.transcribe(quiet.english)
  await school.settle()
  assert.match((await deskOf(quiet.video)).listening?.reason ?? '', /Nothing was heard/)
  assert.equal((await deskOf(quiet.video)).tracks.length, 0)
})
