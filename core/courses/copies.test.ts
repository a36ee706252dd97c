import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, aLesson, aLessonFile, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const other = await school.person('Otto', 'instructor')
const { courses } = teacher.client
const keysBelow = async (prefix: string): Promise<number> => (await school.store.list(prefix)).items.length

test('a lesson is copied behind itself with its words, and without video and files; removing the original takes nothing of the copy', async () => {
  const place = await aCourse(teacher)
  const film = await anUploadedVideo(school, teacher, { ...place, title: 'Film' })
  await encode(school, film)
  await aLessonFile(school, teacher, { lesson: film.lesson })
  const long = '🎬'.repeat(60)
  await courses.updateLesson({ lesson: film.lesson, title: long, text: 'Words\n\n', isPreview: true })
  await aLesson(teacher, { ...place, title: 'Last' })
  const { sections } = await courses.duplicateLesson({ lesson: film.lesson })
  const [first, copy, last] = sections[0]?.lessons ?? []
  assert.deepEqual([first?.id, last?.title, copy?.isPreview, copy?.video], [film.lesson, 'Last', true, undefined])
  assert.equal(copy?.title, `${'🎬'.repeat(56)} (copy)`)
  assert.equal(await refusalOf(other.client.courses.duplicateLesson({ lesson: film.lesson })), 'not-found')
  await courses.removeLesson({ lesson: film.lesson, isForGood: true })
  await school.settle()
  const stays = await courses.lesson({ lesson: copy?.id ?? '' })
  assert.deepEqual([stays.text, (await teacher.client.files.ofLesson({ lesson: stays.id })).files], ['Words\n\n', []])
})

test('a course is copied whole into a draft of its own, that nobody follows and that keeps nothing of the first alive', async () => {
  const place = await aCourse(teacher, { title: 'Original' })
  for (let number = 1; number <= 23; number += 1) await aLesson(teacher, { ...place, title: `Lesson ${number}` })
  const film = await anUploadedVideo(school, teacher, { ...place, title: 'Film' })
  await encode(school, film)
  await school.settle()
  await courses.update({ course: place.course, summary: 'Sum', outcomes: ['Able'], isSequential: true, price: { amountMinor: 4900, currency: 'EUR' } })
  await courses.openSection({ ...place, opens: { by: 'days', days: 3 } })
  await courses.publish({ course: place.course })
  await courses.schedule({ course: place.course, publishAt: new Date(school.clock.now().getTime() + 60_000).toISOString() })
  const copy = await courses.duplicate({ course: place.course, title: 'Second' })
  const { sections, ...said } = await courses.get({ course: copy.id })
  assert.deepEqual(
    [said.title, said.status, said.summary, said.isSequential, said.price.amountMinor, said.learners, said.publishAt],
    ['Second', 'draft', 'Sum', true, 4900, 0, undefined],
  )
  assert.deepEqual([sections[0]?.title, sections[0]?.opens, sections[0]?.lessons.length], ['Beginnings', { by: 'days', days: 3 }, 24])
  assert.equal(
    sections[0]?.lessons.some(({ id, video }) => id === film.lesson || video),
    false,
  )
  assert.notEqual(said.slug, (await courses.get({ course: place.course })).slug)
  assert.equal(await refusalOf(other.client.courses.duplicate({ course: place.course, title: 'Stolen' })), 'not-found')
  await courses.remove({ course: copy.id })
  await school.settle()
  assert.notEqual(await keysBelow(`media/${film.video}/`), 0)
  assert.equal((await courses.get({ course: place.course })).sections[0]?.lessons.length, 24)
})
