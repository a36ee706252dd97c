import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, aLesson, anArrivedFile, mp4Bytes, sendParts, streamOf } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { standingIndex } from '#test/standing-index.ts'
import { sweepUploads } from './uploads.ts'

const RESERVE = 1024 ** 3
const MIB = 1024 ** 2
const DAY = 24 * 3600

const aSchool = async (given: Parameters<typeof openSchool>[0] = {}) => {
  const school = await openSchool(given)
  after(() => school.close())
  const teacher = await school.person('Theo', 'instructor')
  const place = await aCourse(teacher)
  const videoLesson = (title: string): Promise<string> => aLesson(teacher, { ...place, title, kind: 'video' })
  const start = (lesson: string, sizeBytes = 2500, fileName = 'a.mp4') => teacher.client.media.startUpload({ lesson, fileName, sizeBytes, type: 'video/mp4' })
  const videoOf = async (lesson: string) => (await teacher.client.courses.lesson({ lesson })).video
  return { school, teacher, videoLesson, start, videoOf }
}

/** What was said when it was refused. */
const wordsOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise
    return 'answered'
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

test('a file the disk has no room for is refused before its first byte, in words that say how much is needed and there', async () => {
  const { videoLesson, start, videoOf } = await aSchool({ freeBytes: () => RESERVE + 20 * MIB })
  const lesson = await videoLesson('Too big')
  const words = await wordsOf(start(lesson, 10 * MIB))
  assert.match(words, /needs about 25 MB .* has room for 20 MB\. Ask the school’s owner/)
  assert.equal(await refusalOf(start(lesson, 10 * MIB)), 'no-room')
  assert.equal(await videoOf(lesson), undefined)
  assert.equal((await start(lesson, 8 * MIB)).parts, 8 * 1024)
})

test('several files begun at once are each counted, by what has not arrived of them yet', async () => {
  let free = RESERVE + 20_000
  const { school, teacher, videoLesson, start } = await aSchool({ freeBytes: () => free })
  const [one, two, three] = [await videoLesson('One'), await videoLesson('Two'), await videoLesson('Three')]
  const first = await start(one)
  await start(two)
  assert.equal(await refusalOf(start(three, 4000)), 'no-room', '7,500 of 20,000 are left of what the first two were promised')
  await sendParts(school, teacher, { upload: first.id, bytes: mp4Bytes(2500) })
  free -= 2500
  assert.equal(await refusalOf(start(three, 3001)), 'no-room', 'what has arrived is no longer promised: it is there')
  await start(three, 3000)
})

test('an upload that was begun goes on, and its file may be chosen again, however full the disk is meanwhile', async () => {
  let free = RESERVE + MIB
  const { school, teacher, videoLesson, start } = await aSchool({ freeBytes: () => free })
  const lesson = await videoLesson('Goes on')
  const upload = await start(lesson)
  await sendParts(school, teacher, { upload: upload.id, bytes: mp4Bytes(2500), only: [1] })
  free = RESERVE
  assert.equal((await start(lesson)).id, upload.id)
  await sendParts(school, teacher, { upload: upload.id, bytes: mp4Bytes(2500), only: [2, 3] })
  assert.equal(await refusalOf(teacher.client.media.finishUpload({ upload: upload.id })), 'no-room', 'there is none for what is made of it')
  assert.equal((await teacher.client.media.upload({ upload: upload.id })).arrived.length, 3, 'nothing is lost by that')
  free = RESERVE + MIB
  assert.equal((await teacher.client.media.finishUpload({ upload: upload.id })).state, 'uploaded')
})

test('the owner’s bound counts what is there and what is on its way, and gives room back when a video is removed', async () => {
  const { school, teacher, videoLesson, start } = await aSchool({ quotaBytes: 19_000 })
  const [one, two, three] = [await videoLesson('One'), await videoLesson('Two'), await videoLesson('Three')]
  await anArrivedFile(school, teacher, { lesson: one })
  const upload = await start(two, 3000)
  assert.match(await wordsOf(start(three)), /may hold 0 MB of videos and files and 0 MB are left.*Remove videos or files you no longer need/)
  assert.equal(await refusalOf(start(two, 5500, 'larger.mp4')), 'no-room')
  assert.equal((await start(two, 5000, 'another.mp4')).fileName, 'another.mp4', 'what is given up for it does not count')
  assert.equal(await refusalOf(teacher.client.media.upload({ upload: upload.id })), 'not-found')
  await teacher.client.courses.removeLesson({ lesson: one, isForGood: true })
  await school.settle()
  await start(three)
})

test('an upload nobody went on with for a week is given up: its lesson has no dead upload, or the video it had', async () => {
  const { school, teacher, videoLesson, start, videoOf } = await aSchool()
  const [empty, filled, active] = [await videoLesson('Empty'), await videoLesson('Filled'), await videoLesson('Active')]
  const before = await anArrivedFile(school, teacher, { lesson: filled })
  const uploads = [await start(empty), await start(filled), await start(active)]
  for (const { id } of uploads) await sendParts(school, teacher, { upload: id, bytes: mp4Bytes(2500), only: [1] })
  const goneOnWith = uploads[2]?.id ?? ''
  const sweep = () => Promise.all([sweepUploads(school.world), sweepUploads(school.world), school.store.sweep()])
  school.clock.pass(6 * DAY)
  await sweep()
  assert.equal((await videoOf(empty))?.state, 'uploading')
  await sendParts(school, teacher, { upload: goneOnWith, bytes: mp4Bytes(2500), only: [2] })
  school.clock.pass(2 * DAY)
  await sweep()
  await sweep()
  await school.settle()
  assert.equal(await videoOf(empty), undefined)
  assert.equal((await videoOf(filled))?.id, before.video)
  assert.equal(await refusalOf(teacher.client.media.upload({ upload: uploads[0]?.id ?? '' })), 'not-found')
  assert.equal((await videoOf(active))?.id, uploads[2]?.video, 'somebody went on with it two days ago')
  assert.deepEqual((await teacher.client.media.upload({ upload: goneOnWith })).arrived, [1, 2], 'and the store has kept what was sent')
  await sendParts(school, teacher, { upload: goneOnWith, bytes: mp4Bytes(2500), only: [3] })
  assert.equal((await teacher.client.media.finishUpload({ upload: goneOnWith })).state, 'uploaded')
})

test('a film that has arrived after a week stays, though an index lists its upload as under way still', async () => {
  const { school, teacher, videoLesson, start, videoOf } = await aSchool()
  const lesson = await videoLesson('At last')
  const upload = await start(lesson)
  await sendParts(school, teacher, { upload: upload.id, bytes: mp4Bytes(2500) })
  school.clock.pass(8 * DAY)
  const tables = await standingIndex(school.world.tables, 'room-under-way')
  await teacher.client.media.finishUpload({ upload: upload.id })
  await sweepUploads({ ...school.world, tables })
  assert.equal((await videoOf(lesson))?.id, upload.video)
})

test('an upload that is refused for its recipe leaves nothing in the store that waits for parts', async () => {
  const { school, teacher, videoLesson } = await aSchool()
  const lesson = await videoLesson('Recipe')
  const wanted = { lesson, fileName: 'a.mp4', sizeBytes: 2500, type: 'video/mp4', recipe: 'unheard-of' }
  assert.equal(await refusalOf(teacher.client.media.startUpload(wanted)), 'bad-input')
  school.clock.pass(8 * DAY)
  assert.equal(await school.store.sweep(), 0)
})

test('a page that hashes has damaged parts refused, one that cannot is served all the same', async () => {
  const { school, teacher, videoLesson, start } = await aSchool()
  const upload = await start(await videoLesson('Hashed'))
  const bytes = mp4Bytes(2500)
  const hashes = await Promise.all(
    [0, 1, 2].map(async (part) => Buffer.from(await crypto.subtle.digest('SHA-256', bytes.slice(part * 1024, part * 1024 + 1024))).toString('base64')),
  )
  const { parts } = await teacher.client.media.signParts({ upload: upload.id, parts: [1, 2, 3], hashes })
  const put = async (part: number, body: Uint8Array) => (await school.store.receivePart(new URL(parts[part - 1]?.url ?? ''), streamOf(body))).status
  assert.equal(await put(2, new Uint8Array(1024).fill(1)), 400)
  for (const part of [1, 2, 3]) assert.equal(await put(part, bytes.slice((part - 1) * 1024, part * 1024)), 200)
  assert.equal((await teacher.client.media.finishUpload({ upload: upload.id })).state, 'uploaded')
  const other = await start(await videoLesson('Odd'))
  assert.equal(await refusalOf(teacher.client.media.signParts({ upload: other.id, parts: [1, 2], hashes: hashes.slice(0, 1) })), 'bad-input')
  assert.equal(await refusalOf(teacher.client.media.signParts({ upload: other.id, parts: [1], hashes: ['abc'] })), 'bad-input')
})
