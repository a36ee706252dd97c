import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, aLesson, anUploadedVideo, encode, mp4Bytes, sendParts, streamOf } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { tellNews } from './transcode.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const other = await school.person('Otto', 'instructor')
const place = await aCourse(teacher)
const videoLesson = (title: string): Promise<string> => aLesson(teacher, { ...place, title, kind: 'video' })
const start = (lesson: string, given: { fileName?: string; sizeBytes?: number; type?: string } = {}) =>
  teacher.client.media.startUpload({ lesson, fileName: 'a.mp4', sizeBytes: 2500, type: 'video/mp4', ...given })
const videoOf = async (lesson: string) => (await teacher.client.courses.lesson({ lesson })).video
const keysBelow = async (prefix: string): Promise<string[]> => (await school.store.list(prefix)).items.map(({ key }) => key)

test('a wrong type, an empty file and one over the limit are refused before a byte is sent, and leave nothing', async () => {
  const lesson = await videoLesson('Refused')
  assert.equal(await refusalOf(start(lesson, { fileName: 'notes.pdf', type: 'application/pdf' })), 'wrong-type')
  assert.equal(await refusalOf(start(lesson, { sizeBytes: 0 })), 'bad-input')
  assert.equal(await refusalOf(start(lesson, { sizeBytes: 51 * 1024 ** 2 })), 'too-large')
  assert.equal(await videoOf(lesson), undefined)
})

test('a text renamed to .mp4 is refused in words, and the lesson is as it was before', async () => {
  const lesson = await videoLesson('Renamed')
  const bytes = new TextEncoder().encode('Dear diary, '.repeat(200))
  const upload = await start(lesson, { sizeBytes: bytes.length })
  await sendParts(school, teacher, { upload: upload.id, bytes })
  assert.equal(await refusalOf(teacher.client.media.finishUpload({ upload: upload.id })), 'wrong-type')
  await school.settle()
  assert.equal(await videoOf(lesson), undefined)
  assert.equal(await refusalOf(teacher.client.media.upload({ upload: upload.id })), 'not-found')
  assert.deepEqual(await keysBelow(`sources/${teacher.id}/${upload.video}/`), [])
})

test('an upload finished with a part missing is refused and can go on', async () => {
  const lesson = await videoLesson('Missing part')
  const bytes = mp4Bytes(2500)
  const upload = await start(lesson)
  await sendParts(school, teacher, { upload: upload.id, bytes, only: [1, 3] })
  assert.equal(await refusalOf(teacher.client.media.finishUpload({ upload: upload.id })), 'upload-incomplete')
  await sendParts(school, teacher, { upload: upload.id, bytes, only: [2] })
  assert.equal((await teacher.client.media.finishUpload({ upload: upload.id })).state, 'uploaded')
  assert.equal((await school.store.head(`sources/${teacher.id}/${upload.video}/source`))?.size, 2500)
})

test('a part sent twice counts once, the later bytes; finishing twice is finishing once', async () => {
  const lesson = await videoLesson('Twice')
  const bytes = mp4Bytes(2500)
  const upload = await start(lesson)
  await sendParts(school, teacher, { upload: upload.id, bytes: new Uint8Array(2500), only: [1] })
  await sendParts(school, teacher, { upload: upload.id, bytes })
  const answers = await Promise.all([teacher.client.media.finishUpload({ upload: upload.id }), teacher.client.media.finishUpload({ upload: upload.id })])
  assert.deepEqual(
    answers.map(({ state }) => state),
    ['uploaded', 'uploaded'],
  )
  await school.settle()
  assert.equal(school.jobs.filter(({ video }) => video === upload.video).length, 1)
  assert.equal(Buffer.compare((await school.store.get(`sources/${teacher.id}/${upload.video}/source`))?.bytes ?? Buffer.alloc(0), bytes), 0)
})

test('the same file chosen again goes on where it stopped; another file begins anew', async () => {
  const lesson = await videoLesson('Again')
  const first = await start(lesson)
  await sendParts(school, teacher, { upload: first.id, bytes: mp4Bytes(2500), only: [2] })
  const again = await start(lesson)
  assert.equal(again.id, first.id)
  assert.deepEqual(again.arrived, [2])
  const another = await start(lesson, { fileName: 'b.mp4' })
  assert.notEqual(another.id, first.id)
  assert.equal(await refusalOf(teacher.client.media.upload({ upload: first.id })), 'not-found')
  assert.equal((await videoOf(lesson))?.id, another.video)
})

test('a part of the wrong size or to an altered address is not taken', async () => {
  const upload = await start(await videoLesson('Altered'))
  const { parts } = await teacher.client.media.signParts({ upload: upload.id, parts: [1] })
  const url = new URL(parts[0]?.url ?? '')
  assert.equal((await school.store.receivePart(url, streamOf(new Uint8Array(10)))).status, 400)
  assert.equal((await school.store.receivePart(url, streamOf(new Uint8Array(5000)))).status, 413)
  url.searchParams.set('part', '2')
  assert.equal((await school.store.receivePart(url, streamOf(new Uint8Array(1024)))).status, 403)
  assert.deepEqual((await teacher.client.media.upload({ upload: upload.id })).arrived, [])
})

test('another teacher can neither see nor touch an upload', async () => {
  const upload = await start(await videoLesson('Not yours'))
  assert.equal(await refusalOf(other.client.media.upload({ upload: upload.id })), 'not-found')
  assert.equal(await refusalOf(other.client.media.signParts({ upload: upload.id, parts: [1] })), 'not-found')
  assert.equal(await refusalOf(other.client.media.cancelUpload({ upload: upload.id })), 'not-found')
  assert.deepEqual(await teacher.client.media.cancelUpload({ upload: upload.id }), { done: true })
})

test('an uploaded video is encoded, packaged and ready, and its teacher is told once', async () => {
  const video = await anUploadedVideo(school, teacher, { ...place, title: 'Whole way' })
  assert.equal((await videoOf(video.lesson))?.state, 'transcoding')
  await tellNews(school.world, { kind: 'progressed', job: video.job, video: video.video, percent: 40, phase: 'encoding' })
  await school.settle()
  assert.equal((await videoOf(video.lesson))?.percent, 40)
  await encode(school, video)
  await encode(school, video)
  await school.settle()
  const shown = await videoOf(video.lesson)
  assert.deepEqual([shown?.state, shown?.rungs, shown?.durationSeconds], ['ready', ['720p', '480p'], 6])
  const master = new TextDecoder().decode((await school.store.get(`media/${video.video}/master.m3u8`))?.bytes)
  assert.match(master, /#EXT-X-STREAM-INF:BANDWIDTH=88000,AVERAGE-BANDWIDTH=74667,CODECS="avc1\.64001f,mp4a\.40\.2",RESOLUTION=1280x720,FRAME-RATE=25\.000/)
  const storyboard = new TextDecoder().decode((await school.store.get(`media/${video.video}/storyboard.vtt`))?.bytes)
  assert.match(storyboard, /00:00:04\.000 --> 00:00:06\.000\nstoryboard-000\.jpg#xywh=480,0,240,136/)
  assert.equal(school.letters.filter(({ subject }) => subject === 'Your video is ready: lecture.mp4').length, 1)
})

test('late, repeated and reordered news cannot move a video back', async () => {
  const video = await anUploadedVideo(school, teacher, { ...place, title: 'Forward only' })
  await encode(school, video)
  await school.settle()
  await tellNews(school.world, { kind: 'progressed', job: video.job, video: video.video, percent: 10, phase: 'encoding' })
  await tellNews(school.world, { kind: 'failed', job: video.job, video: video.video, fault: 'internal', detail: 'late' })
  await school.settle()
  assert.equal((await videoOf(video.lesson))?.state, 'ready')
})

test('a video is not ready while an object it names is missing', async () => {
  const video = await anUploadedVideo(school, teacher, { ...place, title: 'Gap' })
  await encode(school, video)
  await school.store.remove(`media/${video.video}/480p/00001.m4s`)
  await school.settle()
  assert.equal((await videoOf(video.lesson))?.state, 'packaging')
  await school.store.put(`media/${video.video}/480p/00001.m4s`, new Uint8Array(10), { type: 'video/mp4' })
  school.clock.pass(60)
  await school.settle()
  assert.equal((await videoOf(video.lesson))?.state, 'ready')
})

test('a failed video says why; our own fault can be tried again and is told to the owner', async () => {
  const video = await anUploadedVideo(school, teacher, { ...place, title: 'Failing' })
  await tellNews(school.world, { kind: 'failed', job: video.job, video: video.video, fault: 'internal', detail: 'worker gone' })
  await school.settle()
  const failed = await videoOf(video.lesson)
  assert.deepEqual([failed?.state, failed?.canRetry], ['failed', true])
  assert.equal(school.told.length, 1)
  await teacher.client.media.retry({ video: video.video })
  await school.settle()
  assert.equal(school.jobs.at(-1)?.job, `${video.video}.2`)
  await tellNews(school.world, { kind: 'failed', job: `${video.video}.2`, video: video.video, fault: 'encrypted', detail: 'encv' })
  await school.settle()
  const refused = await videoOf(video.lesson)
  assert.match(refused?.reason ?? '', /copy-protected/)
  assert.equal(await refusalOf(teacher.client.media.retry({ video: video.video })), 'conflict')
})

test('removing a lesson stops its job and removes every object of its video', async () => {
  const video = await anUploadedVideo(school, teacher, { ...place, title: 'Removed' })
  await encode(school, video)
  await school.settle()
  await teacher.client.courses.removeLesson({ lesson: video.lesson, isForGood: true })
  await school.settle()
  assert.deepEqual(await keysBelow(`media/${video.video}/`), [])
  assert.equal(await school.store.head(`sources/${teacher.id}/${video.video}/source`), undefined)
  assert.ok(school.cancelled.includes(video.job))
})
