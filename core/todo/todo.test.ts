import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anAssignmentSchool } from '#core/assignments/assignments.fixture.ts'
import { videoRecords } from '#core/media/records.ts'
import { refusalOf } from '#test/school.ts'

test('a teacher is told what waits in each course and where it begins, until it is done', async (t) => {
  const { school, teacher, learner, course, lesson } = await anAssignmentSchool(t, { rubric: [] })
  const desk = teacher.client.todo
  assert.deepEqual(await desk.list({}), { courses: [] })
  await learner.client.assignments.handIn({ lesson, text: 'A window.' })
  const thread = await learner.client.talk.begin({ course, lesson, title: 'Which one?', body: 'The left one?', isQuestion: true, mentions: [] })
  const other = await school.person('Nina')
  await other.client.learning.enrol({ course })
  await other.client.talk.report({ thread: thread.id, number: 0, reason: 'Off the point' })
  await school.settle()
  const [waiting] = (await desk.list({})).courses
  const [work] = (await teacher.client.assignments.queue({ course })).handings
  assert.deepEqual(waiting, {
    ...{ course: { id: course, title: waiting?.course.title }, work: 1, questions: 1, reports: 1, reviews: 0, videos: 0, drafts: 0 },
    first: { work: work?.id },
  })
  assert.deepEqual(await desk.ofCourse({ course }), waiting)
  await teacher.client.assignments.grade({ handing: work?.id ?? '', levels: [], feedback: 'Good.', isPassed: true })
  await teacher.client.talk.reply({ thread: thread.id, body: 'The left one.', mentions: [] })
  await teacher.client.talk.moderate({ thread: thread.id, number: 0, what: 'dismiss' })
  await school.settle()
  assert.deepEqual(await desk.list({}), { courses: [] })
})

test('a review that was reported waits until somebody has judged it, whichever way', async (t) => {
  const { school, teacher, learner, course, lesson, waiting } = await anAssignmentSchool(t, { rubric: [] })
  await learner.client.assignments.handIn({ lesson, text: 'A window.' })
  const [work] = await waiting()
  await teacher.client.assignments.grade({ handing: work?.id ?? '', levels: [], feedback: '', isPassed: true })
  const { review } = await learner.client.reviews.write({ course, stars: 1, text: 'Buy my course instead' })
  const reviews = async () => (await teacher.client.todo.ofCourse({ course })).reviews
  assert.equal(await reviews(), 0)
  const other = await school.person('Nina')
  await other.client.reviews.report({ review: review?.id ?? '', reason: 'An advertisement' })
  assert.equal(await reviews(), 1)
  school.clock.pass(60)
  await teacher.client.reviews.judge({ review: review?.id ?? '', isHidden: false, reason: 'It may stand' })
  assert.equal(await reviews(), 0)
  assert.deepEqual((await teacher.client.reviews.forStaff({ course })).reviews[0]?.reports, [])
})

test('a video that could not be used is named with its lesson, and nobody else hears of any of it', async (t) => {
  const { school, teacher, learner, course, section } = await anAssignmentSchool(t)
  const { sections } = await teacher.client.courses.addLesson({ course, section, title: 'The film', kind: 'video' })
  const film = sections[0]?.lessons.at(-1)?.id ?? ''
  const { video } = await teacher.client.media.startUpload({ lesson: film, fileName: 'film.mp4', sizeBytes: 4000, type: 'video/mp4' })
  const stored = await videoRecords.get(school.world.tables, { id: video })
  assert.ok(stored)
  await school.world.tables.commit([videoRecords.replace(stored, { ...stored.value, state: 'failed' })])
  const [found] = (await teacher.client.todo.list({})).courses
  assert.deepEqual([found?.videos, found?.first.video], [1, film])
  const rival = await school.person('Rita', 'instructor')
  assert.deepEqual(await rival.client.todo.list({}), { courses: [] })
  assert.equal(await refusalOf(rival.client.todo.ofCourse({ course })), 'not-found')
  assert.equal(await refusalOf(learner.client.todo.list({})), 'not-allowed')
})
