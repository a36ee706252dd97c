import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aCourse, aLesson, aLessonFile, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { sweepRemoved } from './removed.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const other = await school.person('Otto', 'instructor')
const learner = await school.person('Lena')
const DAY_SECONDS = 24 * 3600
const { courses } = teacher.client

const titles = async (course: string): Promise<(string | undefined)[]> =>
  (await courses.get({ course })).sections.flatMap(({ lessons }) => lessons.map(({ title }) => title))
const keysBelow = async (prefix: string): Promise<number> => (await school.store.list(prefix)).items.length

test('a lesson that was taken out comes back where it stood, with its text, video and files', async () => {
  const place = await aCourse(teacher, { title: 'Taken out' })
  await aLesson(teacher, { ...place, title: 'One' })
  const film = await anUploadedVideo(school, teacher, { ...place, title: 'Film' })
  await encode(school, film)
  const file = await aLessonFile(school, teacher, { lesson: film.lesson })
  await school.settle()
  await courses.updateLesson({ lesson: film.lesson, title: 'Film', text: 'Words 🎞️' })
  await aLesson(teacher, { ...place, title: 'Three' })
  await courses.removeLesson({ lesson: film.lesson })
  await school.settle()
  assert.deepEqual(await titles(place.course), ['One', 'Three'])
  assert.equal(await refusalOf(courses.lesson({ lesson: film.lesson })), 'not-found', 'it is put back before it is worked on')
  const { lessons } = await courses.removedLessons({ course: place.course })
  assert.deepEqual(
    [lessons.map(({ title }) => title), Date.parse(lessons[0]?.until ?? '') - Date.parse(lessons[0]?.at ?? '')],
    [['Film'], 30 * DAY_SECONDS * 1000],
  )
  assert.equal(await refusalOf(other.client.courses.removedLessons({ course: place.course })), 'not-found')
  assert.equal(await refusalOf(other.client.courses.restoreLesson({ lesson: film.lesson })), 'not-found')
  await courses.restoreLesson({ lesson: film.lesson })
  assert.deepEqual(await titles(place.course), ['One', 'Film', 'Three'])
  const back = await courses.lesson({ lesson: film.lesson })
  assert.deepEqual([back.text, back.video?.state], ['Words 🎞️', 'ready'])
  assert.equal((await teacher.client.files.ofLesson({ lesson: film.lesson })).files[0]?.id, file)
  assert.deepEqual((await courses.removedLessons({ course: place.course })).lessons, [])
  assert.equal(await refusalOf(courses.restoreLesson({ lesson: film.lesson })), 'not-found', 'once')
})

test('learners keep a lesson that was taken out until the course is published, and have it again when it was put back and published', async () => {
  const place = await aCourse(teacher, { title: 'Followed' })
  await aLesson(teacher, { ...place, title: 'Stays' })
  const film = await anUploadedVideo(school, teacher, { ...place, title: 'Goes' })
  await encode(school, film)
  await school.settle()
  await courses.publish({ course: place.course })
  await learner.client.learning.enrol({ course: place.course })
  await courses.removeLesson({ lesson: film.lesson })
  const watch = () => refusalOf(learner.client.watching.open({ lesson: film.lesson }))
  assert.equal(await watch(), 'answered')
  await courses.publish({ course: place.course })
  await school.settle()
  assert.equal(await watch(), 'not-found')
  await courses.restoreLesson({ lesson: film.lesson })
  await courses.publish({ course: place.course })
  await school.settle()
  assert.equal(await watch(), 'answered')
})

test('after thirty days it goes with all of its bytes; what was put back stays', async () => {
  const place = await aCourse(teacher, { title: 'Swept' })
  const [gone, back] = [
    await anUploadedVideo(school, teacher, { ...place, title: 'Gone' }),
    await anUploadedVideo(school, teacher, { ...place, title: 'Back' }),
  ]
  for (const film of [gone, back]) await encode(school, film)
  await school.settle()
  for (const { lesson } of [gone, back]) await courses.removeLesson({ lesson })
  await courses.restoreLesson({ lesson: back.lesson })
  school.clock.pass(30 * DAY_SECONDS - 60)
  await sweepRemoved.run(school.world)
  await school.settle()
  assert.notEqual(await keysBelow(`media/${gone.video}/`), 0)
  school.clock.pass(120)
  await sweepRemoved.run(school.world)
  await school.settle()
  assert.deepEqual([await keysBelow(`media/${gone.video}/`), (await keysBelow(`media/${back.video}/`)) > 0], [0, true])
  assert.equal(await refusalOf(courses.restoreLesson({ lesson: gone.lesson })), 'not-found')
})

test('a lesson whose section has gone meanwhile comes back at the end; a removed one can go for good at once', async () => {
  const place = await aCourse(teacher, { title: 'Sections' })
  const lesson = await aLesson(teacher, { ...place, title: 'Wanderer' })
  const doomed = await aLesson(teacher, { ...place, title: 'Doomed' })
  for (const each of [lesson, doomed]) await courses.removeLesson({ lesson: each })
  await courses.removeSection(place)
  await courses.removeLesson({ lesson: doomed, isForGood: true })
  assert.equal(await refusalOf(courses.restoreLesson({ lesson: doomed })), 'not-found')
  assert.equal((await courses.restoreLesson({ lesson })).sections[0]?.lessons[0]?.id, lesson)
  await courses.removeLesson({ lesson })
  await courses.remove({ course: place.course })
  assert.equal(Number(school.database.prepare('SELECT count(*) AS count FROM items WHERE pk = ?').get(`lesson#${lesson}`)?.['count']), 0)
})
