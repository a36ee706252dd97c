import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const other = await school.person('Otto', 'instructor')
const learner = await school.person('Lena')
const place = await aCourse(teacher)
const mine = teacher.client.captions

const aVideo = async (title: string) => {
  const video = await anUploadedVideo(school, teacher, { ...place, title })
  await encode(school, video)
  await school.settle()
  return { ...video, english: { video: video.video, language: 'en', label: 'English' } }
}
const vtt = (words: string): string => `WEBVTT\n\n00:01.000 --> 00:02.000\n${words}\n`
const cue = (text: string, startSeconds = 1) => ({ startSeconds, endSeconds: startSeconds + 1, text })
const keysBelow = async (prefix: string): Promise<string[]> => (await school.store.list(prefix)).items.map(({ key }) => key)
const shownText = async (video: string, language = 'en'): Promise<string | undefined> => {
  await school.settle()
  const object = await school.store.get(`media/${video}/captions/${language}.vtt`)
  return object && new TextDecoder().decode(object.bytes)
}
const offered = async (lesson: string): Promise<string[]> => (await teacher.client.watching.open({ lesson })).captions.map(({ language }) => language)
const words = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error: Error) => error.message,
  )

test('a file that is no caption file is refused with the line where it goes wrong; WebVTT and SubRip are taken', async () => {
  const { video, english } = await aVideo('Files')
  assert.match(await words(mine.upload({ ...english, text: 'Dear diary' })), /^Line 1: This is neither a WebVTT file/)
  assert.match(
    await words(mine.upload({ ...english, text: '1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:05,000 --> 00:00:04,000\nWorld' })),
    /^Line 6: /,
  )
  assert.equal(await refusalOf(mine.upload({ ...english, text: 'WEBVTT' })), 'bad-input')
  const { revision } = await mine.upload({ ...english, text: '1\r\n00:00:01,000 --> 00:00:02,000\r\n<font color="#fff">Hello</font>\r\n' })
  assert.equal(await shownText(video), 'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello\n')
  const { origin, isDraft, cues } = await mine.upload({ ...english, revision, text: vtt('<b>Again</b>') })
  assert.deepEqual([origin, isDraft, cues], ['file', false, 1])
  assert.match((await shownText(video)) ?? '', /<b>Again<\/b>/)
})

test('captions in several languages lie under the video’s own lock, and are taken away one by one', async () => {
  const { lesson, video, english } = await aVideo('Two languages')
  await mine.upload({ ...english, text: vtt('Hello') })
  await mine.upload({ video, language: 'de', label: 'Deutsch', text: vtt('Hallo') })
  await school.settle()
  const master = async () => new TextDecoder().decode((await school.store.get(`media/${video}/master.m3u8`))?.bytes)
  assert.deepEqual(
    await keysBelow(`media/${video}/captions/`),
    ['de.m3u8', 'de.vtt', 'en.m3u8', 'en.vtt'].map((name) => `media/${video}/captions/${name}`),
  )
  assert.match(await master(), /TYPE=SUBTITLES,GROUP-ID="captions",NAME="English",LANGUAGE="en"/)
  assert.deepEqual(await offered(lesson), ['de', 'en'])
  for (const _ of [1, 2]) assert.deepEqual(await mine.remove(english), { done: true })
  await school.settle()
  assert.deepEqual(await offered(lesson), ['de'])
  assert.deepEqual(await keysBelow(`media/${video}/captions/`), [`media/${video}/captions/de.m3u8`, `media/${video}/captions/de.vtt`])
  assert.doesNotMatch(await master(), /LANGUAGE="en"/)
  assert.equal((await keysBelow(`drafts/captions/${video}/`)).length, 1)
})

test('typed captions are a draft that no learner is given, until they are published', async () => {
  const { lesson, video, english } = await aVideo('Draft')
  const draft = await mine.save({ ...english, cues: [cue('Second', 5), cue(' First ')] })
  assert.deepEqual([draft.isDraft, draft.origin, draft.cues], [true, 'typed', 2])
  assert.equal(await shownText(video), undefined)
  assert.deepEqual(await offered(lesson), [])
  assert.deepEqual((await mine.read(english)).cues, [cue('First'), cue('Second', 5)])
  await mine.publish({ ...english, revision: draft.revision })
  assert.equal((await shownText(video))?.match(/-->/g)?.length, 2)
  assert.deepEqual(await offered(lesson), ['en'])
  const saved = await mine.save({ ...english, revision: draft.revision, cues: [cue('Changed')] })
  assert.equal(saved.isDraft, false)
  assert.match((await shownText(video)) ?? '', /Changed/)
})

test('all cues may be taken out, and the captions are still there', async () => {
  const { english } = await aVideo('Emptied')
  const { revision } = await mine.save({ ...english, cues: [cue('One')] })
  await mine.save({ ...english, revision, cues: [] })
  assert.deepEqual((await mine.read(english)).cues, [])
})

test('what cannot be a caption is refused by its place', async () => {
  const { english } = await aVideo('Wrong cues')
  assert.equal(await words(mine.save({ ...english, cues: [cue('One'), cue(' \n ')] })), 'Caption 2 has no words.')
  assert.match(await words(mine.save({ ...english, cues: [{ startSeconds: 2, endSeconds: 2, text: 'x' }] })), /^Caption 1: .* ends before/)
  assert.match(await words(mine.save({ ...english, cues: [cue('x'.repeat(501))] })), /^Caption 1: .*500 characters/)
  const many = Array.from({ length: 1000 }, (_, index) => cue('y'.repeat(400), index))
  assert.match(await words(mine.save({ ...english, cues: many })), /at most 300000 characters/)
  assert.deepEqual((await mine.all({ video: english.video })).tracks, [])
})

test('two editors cannot overwrite each other: whoever has not seen the last save is refused, whatever they do', async () => {
  const { video, english } = await aVideo('Two editors')
  const first = await mine.upload({ ...english, text: vtt('One') })
  const second = await mine.save({ ...english, revision: first.revision, cues: [cue('Two')] })
  const stale = { ...english, revision: first.revision }
  assert.equal(await refusalOf(mine.save({ ...stale, cues: [cue('Three')] })), 'conflict')
  assert.equal(await refusalOf(mine.upload({ ...stale, text: vtt('Three') })), 'conflict')
  assert.equal(await refusalOf(mine.upload({ ...english, text: vtt('Three') })), 'conflict')
  assert.equal(await refusalOf(mine.publish(stale)), 'conflict')
  assert.equal(await refusalOf(mine.restore(stale)), 'conflict')
  const both = await Promise.all(['Four', 'Five'].map((text) => refusalOf(mine.save({ ...english, revision: second.revision, cues: [cue(text)] }))))
  assert.deepEqual(both.toSorted(), ['answered', 'conflict'])
  await mine.remove(english)
  assert.equal(await refusalOf(mine.save({ ...english, revision: second.revision, cues: [cue('Six')] })), 'conflict')
  await school.settle()
  assert.deepEqual(await keysBelow(`drafts/captions/${video}/`), [])
})

test('the version before the last save can be brought back, and the one after it again; older ones are not kept', async () => {
  const { video, english } = await aVideo('Restored')
  const text = async (): Promise<string | undefined> => (await mine.read(english)).cues[0]?.text
  const first = await mine.upload({ ...english, text: vtt('One') })
  assert.equal(first.canRestore, false)
  assert.equal(await refusalOf(mine.restore({ ...english, revision: first.revision })), 'not-found')
  const second = await mine.save({ ...english, revision: first.revision, cues: [cue('Two')] })
  const third = await mine.save({ ...english, revision: second.revision, cues: [cue('Three')] })
  const back = await mine.restore({ ...english, revision: third.revision })
  assert.deepEqual([await text(), back.origin, back.canRestore], ['Two', 'typed', true])
  assert.match((await shownText(video)) ?? '', /Two/)
  const again = await mine.restore({ ...english, revision: back.revision })
  assert.equal(await text(), 'Three')
  await school.settle()
  assert.equal((await keysBelow(`drafts/captions/${video}/`)).length, 2)
  assert.equal((await mine.save({ ...english, revision: again.revision, cues: [cue('Four')] })).canRestore, true)
})

test('nobody but those who may change the course sees or touches its captions', async () => {
  const { english } = await aVideo('Not yours')
  const { revision } = await mine.upload({ ...english, text: vtt('Mine') })
  for (const [client, refusal] of [
    [other.client.captions, 'not-found'],
    [learner.client.captions, 'not-allowed'],
    [school.visitor.captions, 'not-signed-in'],
  ] as const) {
    for (const act of [
      client.all({ video: english.video }),
      client.read(english),
      client.upload({ ...english, revision, text: vtt('Theirs') }),
      client.save({ ...english, revision, cues: [] }),
      client.publish({ ...english, revision }),
      client.restore({ ...english, revision }),
      client.remove(english),
      client.transcribe(english),
    ])
      assert.equal(await refusalOf(act), refusal)
  }
  assert.equal((await mine.read(english)).cues[0]?.text, 'Mine')
})

test('events that come late, twice or in any order leave what is stored; a lesson removed takes its captions along', async () => {
  const { lesson, video, english } = await aVideo('Again and again')
  const { revision } = await mine.upload({ ...english, text: vtt('One') })
  await mine.save({ ...english, revision, cues: [cue('Two')] })
  const told = { name: 'captions.changed', at: '2026-05-04T09:00:00.000Z', payload: { video } }
  await Promise.all([1, 2, 3].map((number) => school.world.tables.commit([], [{ id: `again.${video}.${number}`, ...told }])))
  assert.match((await shownText(video)) ?? '', /Two/)
  await teacher.client.courses.removeLesson({ lesson, isForGood: true })
  await school.settle()
  await school.world.tables.commit([], [{ id: `late.${video}`, ...told }])
  await school.settle()
  assert.deepEqual([...(await keysBelow(`media/${video}/`)), ...(await keysBelow(`drafts/captions/${video}/`))], [])
  assert.equal(await refusalOf(mine.upload({ ...english, text: vtt('Three') })), 'not-found')
})
