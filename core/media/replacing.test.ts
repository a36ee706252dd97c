import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { removeForGood } from '#core/courses/removal.ts'
import { aCourse, anArrivedFile, anUploadedVideo, aReplacement, encode, mp4Bytes, sendParts } from '#test/builders.ts'
import { lateIndex } from '#test/late-index.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { tellNews } from './transcode.ts'
import { startUpload } from './uploads.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const admin = await school.person('Ada', 'admin')
const learner = await school.person('Lena')
const place = await aCourse(teacher)
const { course } = place

const aReadyVideo = async (title: string) => {
  const video = await anUploadedVideo(school, teacher, { ...place, title })
  await encode(school, video)
  await school.settle()
  return video
}
const publish = async () => {
  await teacher.client.courses.publish({ course })
  await school.settle()
}
const start = (lesson: string, fileName = 'better.mp4') => teacher.client.media.startUpload({ lesson, fileName, sizeBytes: 2500, type: 'video/mp4' })
const draftVideo = async (lesson: string) => (await teacher.client.courses.lesson({ lesson })).video
const isStored = async (video: string): Promise<boolean> => (await school.store.head(`media/${video}/master.m3u8`)) !== undefined
const watches = async (person: typeof learner, lesson: string) => (await person.client.watching.open({ lesson, browser: 'one-browser' })).video

test('an upload given up leaves the lesson with the video it had, however many files were tried', async () => {
  const before = await aReadyVideo('Given up')
  await start(before.lesson, 'second.mp4')
  const third = await start(before.lesson, 'third.mp4')
  await teacher.client.media.cancelUpload({ upload: third.id })
  await school.settle()
  const shown = await draftVideo(before.lesson)
  assert.deepEqual([shown?.id, shown?.state], [before.video, 'ready'])
  assert.ok(await isStored(before.video))
})

/** Where nothing of an upload is in any index yet. */
const early = { ...school.world, tables: lateIndex(school.world.tables, ({ pk }) => /^(upload|room)/.test(pk)) }
const startEarly = (lesson: string, fileName: string) => startUpload(early, teacher, { lesson, fileName, sizeBytes: 2500, type: 'video/mp4' })

test('an upload begun a moment ago is gone on with, or given up for another, though no index lists it yet', async () => {
  const before = await aReadyVideo('Begun a moment ago')
  const first = await startEarly(before.lesson, 'first.mp4')
  await sendParts(school, teacher, { upload: first.id, bytes: mp4Bytes(2500), only: [1] })
  assert.equal((await startEarly(before.lesson, 'first.mp4')).id, first.id)
  const second = await startEarly(before.lesson, 'second.mp4')
  assert.equal(await refusalOf(teacher.client.media.upload({ upload: first.id })), 'not-found')
  await teacher.client.media.cancelUpload({ upload: second.id })
  await school.settle()
  assert.deepEqual([(await draftVideo(before.lesson))?.id, (await draftVideo(before.lesson))?.state], [before.video, 'ready'])
})

test('what is on its way to a lesson that is removed is given back, though no index lists it yet', async () => {
  const { lesson } = await aReadyVideo('Removed a moment later')
  const upload = await startEarly(lesson, 'too-late.mp4')
  await removeForGood(early, teacher, lesson)
  assert.equal(await refusalOf(teacher.client.media.upload({ upload: upload.id })), 'not-found')
})

test('a text sent in place of a video does not cost the lesson the video it had', async () => {
  const before = await aReadyVideo('Text')
  const upload = await start(before.lesson)
  await sendParts(school, teacher, { upload: upload.id, bytes: new TextEncoder().encode('Dear diary, '.repeat(250)).subarray(0, 2500) })
  assert.equal(await refusalOf(teacher.client.media.finishUpload({ upload: upload.id })), 'wrong-type')
  await school.settle()
  assert.equal((await draftVideo(before.lesson))?.id, before.video)
  assert.ok(await isStored(before.video))
})

test('an upload the store has forgotten after a week begins anew when its file is chosen again', async () => {
  const before = await aReadyVideo('A week later')
  const first = await start(before.lesson)
  await sendParts(school, teacher, { upload: first.id, bytes: mp4Bytes(2500), only: [1] })
  school.clock.pass(8 * 24 * 3600)
  await school.store.sweep()
  const again = await start(before.lesson)
  await sendParts(school, teacher, { upload: again.id, bytes: mp4Bytes(2500) })
  assert.equal((await teacher.client.media.finishUpload({ upload: again.id })).state, 'uploaded')
  await school.settle()
})

test('a video nobody was shown goes when the one that replaces it is ready, and not before', async () => {
  const before = await aReadyVideo('Replaced')
  const now = await anArrivedFile(school, teacher, { lesson: before.lesson, fileName: 'better.mp4' })
  assert.equal((await draftVideo(before.lesson))?.id, now.video)
  assert.equal(await isStored(before.video), true)
  await encode(school, now)
  await school.settle()
  assert.equal(await isStored(before.video), false)
})

test('of several files tried one after another, the last that is ready stays alone', async () => {
  const before = await aReadyVideo('Tried again and again')
  const second = await anArrivedFile(school, teacher, { lesson: before.lesson, fileName: 'second.mp4' })
  await teacher.client.media.cancel({ video: second.video })
  const third = await anArrivedFile(school, teacher, { lesson: before.lesson, fileName: 'third.mp4' })
  assert.ok(await isStored(before.video), 'the one that can be watched is kept meanwhile')
  await encode(school, third)
  await school.settle()
  assert.deepEqual([await isStored(before.video), await refusalOf(teacher.client.media.video({ video: second.video }))], [false, 'not-found'])
})

test('a replacement that is not wanted after all can be given up for the video there was, which nobody ever stopped seeing', async () => {
  const before = await aReadyVideo('Kept')
  await publish()
  const now = await anArrivedFile(school, teacher, { lesson: before.lesson, fileName: 'worse.mp4' })
  assert.equal((await draftVideo(before.lesson))?.replaces, true)
  await teacher.client.media.cancel({ video: now.video })
  const stranger = await school.person('Stan', 'instructor')
  assert.equal(await refusalOf(stranger.client.media.keepPrevious({ video: now.video })), 'not-found')
  const kept = await teacher.client.media.keepPrevious({ video: now.video })
  await school.settle()
  assert.deepEqual([kept.id, kept.state, (await draftVideo(before.lesson))?.id], [before.video, 'ready', before.video])
  assert.equal(await refusalOf(teacher.client.media.video({ video: now.video })), 'not-found')
  assert.equal(await refusalOf(teacher.client.media.keepPrevious({ video: before.video })), 'conflict')
  await publish()
})

test('captions, chapters and a poster of one’s own are there again on the video that takes the place of another', async () => {
  const before = await aReadyVideo('Dressed')
  const text = 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello'
  await teacher.client.captions.upload({ video: before.video, language: 'en', label: 'English', text })
  await teacher.client.media.putChapters({ video: before.video, chapters: [{ startSeconds: 2, title: 'Second' }] })
  await teacher.client.media.putPoster({ video: before.video, image: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1]).toString('base64') })
  await school.settle()
  const now = await aReplacement(school, teacher, before.lesson)
  const shown = await teacher.client.media.video({ video: now.video })
  assert.deepEqual([shown.chapters, shown.poster], [[{ startSeconds: 2, title: 'Second' }], 'own'])
  const { captions } = await teacher.client.watching.open({ lesson: before.lesson })
  assert.deepEqual(
    captions.map(({ url }) => url),
    [`/media/${now.video}/captions/en.vtt`],
  )
  assert.ok(await school.store.head(`media/${now.video}/captions/en.vtt`))
})

test('captions written while the last part arrives do not keep the upload from being finished', async () => {
  const { lesson } = await aReadyVideo('Captions meanwhile')
  const upload = await start(lesson)
  await sendParts(school, teacher, { upload: upload.id, bytes: mp4Bytes(2500) })
  const caption = { video: upload.video, language: 'en', label: 'English', text: 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello' }
  const [finished] = await Promise.all([teacher.client.media.finishUpload({ upload: upload.id }), refusalOf(teacher.client.captions.upload(caption))])
  assert.equal(finished.state, 'uploaded')
  await school.settle()
  await encode(school, { video: upload.video, job: `${upload.video}.1` })
  await school.settle()
})

test('learners keep a published video until the course is published with another, which must be ready; then the old one goes', async () => {
  const before = await aReadyVideo('Published')
  await publish()
  await learner.client.learning.enrol({ course })
  const now = await anArrivedFile(school, teacher, { lesson: before.lesson, fileName: 'better.mp4' })
  assert.equal(await watches(learner, before.lesson), before.video)
  assert.equal(await refusalOf(teacher.client.courses.publish({ course })), 'not-ready')
  await encode(school, now)
  await school.settle()
  assert.equal(await watches(learner, before.lesson), before.video)
  await publish()
  assert.equal(await watches(learner, before.lesson), now.video)
  assert.equal(await isStored(before.video), false)
})

test('its teacher and an admin watch the lesson as it is being written, learners as it was published', async () => {
  const before = await aReadyVideo('Two versions')
  await publish()
  const now = await aReplacement(school, teacher, before.lesson)
  await teacher.client.courses.updateLesson({ lesson: before.lesson, title: 'Second version' })
  for (const person of [teacher, admin]) {
    assert.equal(await watches(person, before.lesson), now.video)
    assert.equal((await person.client.learning.lesson({ lesson: before.lesson })).title, 'Second version')
  }
  assert.equal(await watches(learner, before.lesson), before.video)
  await publish()
})

test('a lesson taken out of a published course stays with its learners until that is published again', async () => {
  const { lesson, video } = await aReadyVideo('Taken out')
  await publish()
  await teacher.client.courses.removeLesson({ lesson, isForGood: true })
  await school.settle()
  // What was watched before has fallen silent.
  school.clock.pass(120)
  assert.equal(await watches(learner, lesson), video)
  await publish()
  assert.equal(await refusalOf(learner.client.watching.open({ lesson })), 'not-found')
  assert.equal(await isStored(video), false)
})

test('a course is not published while a file is on its way, nor with one that could not be used', async () => {
  const { lesson, video, job } = await anUploadedVideo(school, teacher, { ...place, title: 'Unusable' })
  await tellNews(school.world, { kind: 'failed', job, video, fault: 'encrypted', detail: '' })
  await school.settle()
  assert.equal(await refusalOf(teacher.client.courses.publish({ course })), 'not-ready')
  const upload = await start(lesson)
  assert.equal(await refusalOf(teacher.client.courses.publish({ course })), 'not-ready')
  await teacher.client.media.cancelUpload({ upload: upload.id })
  await teacher.client.courses.removeLesson({ lesson, isForGood: true })
  await publish()
})

test('what an admin sent to a teacher’s lesson is the teacher’s to look after', async () => {
  const { lesson } = await aReadyVideo('Sent by an admin')
  const upload = await admin.client.media.startUpload({ lesson, fileName: 'admin.mp4', sizeBytes: 2500, type: 'video/mp4' })
  assert.equal((await teacher.client.media.upload({ upload: upload.id })).video, upload.video)
  assert.equal((await teacher.client.media.video({ video: upload.video })).state, 'uploading')
  assert.deepEqual(await teacher.client.media.cancelUpload({ upload: upload.id }), { done: true })
})
