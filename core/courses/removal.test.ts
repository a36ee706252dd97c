import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Refusal } from '#core/refusal.ts'
import { aCourse, aLesson, anUploadedVideo, encode } from '#test/builders.ts'
import { lateIndex } from '#test/late-index.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { removeCourse } from './removal.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const other = await school.person('Otto', 'instructor')
const keysBelow = async (prefix: string): Promise<string[]> => (await school.store.list(prefix)).items.map(({ key }) => key)
const left = (of: string): number => Number(school.database.prepare('SELECT count(*) AS count FROM items WHERE pk LIKE ?').get(`${of}%`)?.['count'])

test('a course goes with all its lessons, more than one commit could hold, and with their videos and uploads', async () => {
  const place = await aCourse(teacher, { title: 'Going' })
  for (let number = 1; number <= 20; number += 1) await aLesson(teacher, { ...place, title: `Lesson ${number}` })
  const video = await anUploadedVideo(school, teacher, { ...place, title: 'With a video' })
  await encode(school, video)
  await school.settle()
  await teacher.client.courses.publish({ course: place.course })
  const { lesson } = await anUploadedVideo(school, teacher, { ...place, title: 'Not published yet' })
  const upload = await teacher.client.media.startUpload({ lesson, fileName: 'on-its-way.mp4', sizeBytes: 2500, type: 'video/mp4' })
  await school.settle()
  await teacher.client.courses.unpublish({ course: place.course })
  assert.equal(await refusalOf(other.client.courses.remove({ course: place.course })), 'not-found')
  assert.deepEqual(await teacher.client.courses.remove({ course: place.course }), { done: true })
  await school.settle()
  assert.equal(await refusalOf(teacher.client.courses.get({ course: place.course })), 'not-found')
  assert.deepEqual([...(await keysBelow('media/')), ...(await keysBelow('sources/'))], [])
  assert.deepEqual(['lesson#', 'video#', `course#${place.course}`].map(left), [0, 0, 0])
  assert.equal(await refusalOf(teacher.client.media.upload({ upload: upload.id })), 'not-found')
})

test('a published course must be unpublished first, and its address is never given to another', async () => {
  const { course, section } = await aCourse(teacher, { title: 'Famous' })
  await aLesson(teacher, { course, section })
  const { slug } = await teacher.client.courses.publish({ course })
  await school.settle()
  assert.equal(await refusalOf(teacher.client.courses.remove({ course })), 'conflict')
  // Both are told of at once: the pages go all the same.
  await teacher.client.courses.unpublish({ course })
  await teacher.client.courses.remove({ course })
  await school.settle()
  assert.deepEqual(
    (await keysBelow('catalogue/')).filter((key) => key.includes(slug)),
    [],
  )
  assert.notEqual((await teacher.client.courses.create({ title: 'Famous' })).slug, slug)
  const draft = await teacher.client.courses.create({ title: 'Unknown' })
  await teacher.client.courses.remove({ course: draft.id })
  assert.equal((await teacher.client.courses.create({ title: 'Unknown' })).slug, 'unknown')
})

const goneNow = async (course: string): Promise<string> => {
  // An index that has not heard of any enrolment yet.
  const world = { ...school.world, tables: lateIndex(school.world.tables, ({ pk }) => pk.startsWith('learner#')) }
  try {
    await removeCourse(world, teacher, course)
    return 'removed'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

test('a course somebody has only just enrolled in stays, though no index lists them yet, and when it was published anew since', async () => {
  const { course, section } = await aCourse(teacher, { title: 'Just now' })
  await aLesson(teacher, { course, section })
  await teacher.client.courses.publish({ course })
  const learner = await school.person('Lena')
  await learner.client.learning.enrol({ course })
  await teacher.client.courses.unpublish({ course })
  assert.equal(await goneNow(course), 'conflict')
  await teacher.client.courses.publish({ course })
  await teacher.client.courses.unpublish({ course })
  assert.equal(await goneNow(course), 'conflict')
  assert.equal((await learner.client.learning.mine({})).enrolled.length, 1)
})

test('a course nobody has enrolled in goes, whatever else lies in the index', async () => {
  const { course, section } = await aCourse(teacher, { title: 'Nobody' })
  await aLesson(teacher, { course, section })
  await teacher.client.courses.publish({ course })
  await teacher.client.courses.unpublish({ course })
  assert.equal(await goneNow(course), 'removed')
})
