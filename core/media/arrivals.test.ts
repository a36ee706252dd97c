import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, aLesson, anUploadedVideo, mp4Bytes, sendParts } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { takeArrival } from './arrivals.ts'

const straight = { pool: 'eu-central-1:pool', provider: 'issuer.example/pool', region: 'eu-central-1', origin: 'https://uploads.example' }
const school = await openSchool({ straight })
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const principal = await school.person('Ada', 'admin')
const place = await aCourse(teacher)

const begun = async (title: string, sizeBytes = 2500) => {
  const lesson = await aLesson(teacher, { ...place, title, kind: 'video' })
  const upload = await teacher.client.media.startUpload({ lesson, fileName: 'a.mp4', sizeBytes, type: 'video/mp4' })
  return { upload, key: `sources/${teacher.id}/${upload.video}/source` }
}
const put = (key: string, bytes: Uint8Array) => school.store.put(key, bytes, { type: 'application/octet-stream' })
const stateOf = async (video: string) => (await teacher.client.media.video({ video })).state

test('a teacher’s page is told where it may send its own film, and whoever takes the upload up is not', async () => {
  const { upload, key } = await begun('Told')
  const { origin, ...pool } = straight
  assert.deepEqual({ ...upload.straight, ticket: '' }, { ...pool, url: `${origin}/${key}`, ticket: '' })
  assert.ok(upload.straight?.ticket)
  assert.equal((await principal.client.media.upload({ upload: upload.id })).straight, undefined)
})

test('a film whose page was closed after the last part is finished when the store tells of it, once', async () => {
  const { upload, key } = await begun('Closed')
  await put(key, mp4Bytes(2500))
  await takeArrival(school.world, key)
  await takeArrival(school.world, key)
  await school.settle()
  assert.notEqual(await stateOf(upload.video), 'uploading')
  assert.equal(school.jobs.filter(({ video }) => video === upload.video).length, 1)
})

test('told after the teacher’s own call, it does nothing more', async () => {
  const { video } = await anUploadedVideo(school, teacher, { ...place, title: 'Called' })
  const before = await stateOf(video)
  await takeArrival(school.world, `sources/${teacher.id}/${video}/source`)
  await school.settle()
  assert.deepEqual([await stateOf(video), school.jobs.filter((job) => job.video === video).length], [before, 1])
})

test('what no upload announced is removed: another key, another’s prefix, another size', async () => {
  const { upload, key } = await begun('Announced')
  const strange = [`sources/${teacher.id}/anything`, `sources/${teacher.id}/vid_unknown/source`, `sources/${principal.id}/${upload.video}/source`]
  for (const each of strange) await put(each, mp4Bytes(2500))
  await put(key, mp4Bytes(2501))
  for (const each of [...strange, key, 'sources/gone']) await takeArrival(school.world, each)
  for (const each of [...strange, key]) assert.equal(await school.store.head(each), undefined, each)
  assert.equal(await stateOf(upload.video), 'uploading')
})

test('a film replaced after it had been looked at by another is removed', async () => {
  const { video } = await anUploadedVideo(school, teacher, { ...place, title: 'Replaced' })
  const key = `sources/${teacher.id}/${video}/source`
  await put(key, mp4Bytes(9999))
  await takeArrival(school.world, key)
  assert.equal(await school.store.head(key), undefined)
})

test('what is no film is left for the teacher’s call, which says so and takes it back', async () => {
  const { upload, key } = await begun('Diary')
  const bytes = new TextEncoder().encode('Dear diary, '.repeat(300)).subarray(0, 2500)
  await sendParts(school, teacher, { upload: upload.id, bytes })
  await put(key, bytes)
  await takeArrival(school.world, key)
  assert.equal(await stateOf(upload.video), 'uploading')
  assert.equal(await refusalOf(teacher.client.media.finishUpload({ upload: upload.id })), 'wrong-type')
})
