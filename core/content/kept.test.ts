import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anArrivedFile, encode } from '#test/builders.ts'
import { refusalOf } from '#test/school.ts'
import { aContentSchool, aCourseFile, aFile, aTaughtCourse } from './content.fixture.ts'

const WAVES = 'courses/light/01-beginnings/02-waves.md'
const RAYS = 'courses/light/01-beginnings/01-rays.md'
const DAY_SECONDS = 24 * 3600

test('A lesson that is kept in Git is changed there: its teacher is told where, and changes everything else', async (t) => {
  const content = await aContentSchool(t)
  const { school, teacher, learner, push, shown } = content
  const { course, section } = await aTaughtCourse(content)
  await push({ [WAVES]: aFile('Waves'), [RAYS]: aFile('Rays') })
  const outline = await teacher.client.courses.get({ course })
  const [byHand, rays, waves] = outline.sections[0]?.lessons ?? []
  assert.ok(byHand && rays && waves)
  assert.deepEqual(waves.kept, { path: WAVES, url: `https://github.test/school/courses/blob/main/${WAVES}` })
  assert.equal(byHand.kept, undefined)
  assert.deepEqual((await teacher.client.courses.lesson({ lesson: waves.id })).kept, waves.kept)
  assert.equal(await refusalOf(teacher.client.courses.updateLesson({ lesson: waves.id, title: 'Mine' })), 'kept-in-git')
  assert.equal(await refusalOf(teacher.client.courses.removeLesson({ lesson: waves.id })), 'kept-in-git')
  const arrange = (lessons: string[]) => teacher.client.courses.arrange({ course, sections: [{ id: section, lessons }] })
  assert.equal(await refusalOf(arrange([byHand.id, waves.id, rays.id])), 'kept-in-git')
  await arrange([rays.id, byHand.id, waves.id])
  await teacher.client.courses.updateLesson({ lesson: byHand.id, text: 'Anew' })
  await teacher.client.courses.publish({ course })
  await push({ [WAVES]: aFile('Waves, anew') })
  assert.equal(await shown(learner, course), 'Beginnings: Rays, By hand, Waves, anew')
  await teacher.client.courses.unpublish({ course })
  assert.equal(await refusalOf(teacher.client.courses.remove({ course })), 'kept-in-git')
  const other = await school.person('Otto', 'instructor')
  assert.equal(await refusalOf(other.client.content.release({ lesson: waves.id })), 'not-found')
})

test('A lesson that is released is its teacher’s: its file counts no more, changed, moved or removed', async (t) => {
  const content = await aContentSchool(t)
  const { teacher, learner, push, lessonId, shown } = content
  const { course } = await aTaughtCourse(content)
  await push({ [WAVES]: aFile('Waves') })
  const lesson = await lessonId(learner, { course, title: 'Waves' })
  await teacher.client.content.release({ lesson })
  await teacher.client.courses.updateLesson({ lesson, title: 'My waves' })
  await teacher.client.courses.publish({ course })
  await push({ [WAVES]: aFile('Waves, anew') })
  await push({ [WAVES]: undefined, [RAYS]: aFile('Waves, moved', { head: `id: ${lesson}\n` }) })
  assert.equal(await shown(learner, course), 'Beginnings: By hand, My waves')
  await push({ [RAYS]: undefined })
  assert.equal(await shown(learner, course), 'Beginnings: By hand, My waves')
  assert.equal((await teacher.client.courses.removeLesson({ lesson })).sections[0]?.lessons.length, 1)
})

test('A lesson that was released goes back to Git: its file is removed in one commit, and comes back with its id in a later one', async (t) => {
  const content = await aContentSchool(t)
  const { teacher, learner, push, lessonId, shown } = content
  const { course } = await aTaughtCourse(content)
  await push({ [WAVES]: aFile('Waves') })
  const lesson = await lessonId(learner, { course, title: 'Waves' })
  await teacher.client.content.release({ lesson })
  await push({ [WAVES]: undefined })
  await push({ [WAVES]: aFile('Waves, in Git again', { head: `id: ${lesson}\n` }) })
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Waves, in Git again')
  assert.equal(await lessonId(learner, { course, title: 'Waves, in Git again' }), lesson)
  assert.equal(await refusalOf(teacher.client.courses.updateLesson({ lesson, title: 'Mine' })), 'kept-in-git')
})

test('What a course’s own file says is changed there, and the course stays while its folder does', async (t) => {
  const content = await aContentSchool(t)
  const { owner, push, courseAt } = content
  await push({ 'courses/optics/course.md': aCourseFile('Optics'), 'courses/optics/01-all/01-lenses.md': aFile('Lenses') })
  const course = await courseAt('optics')
  const { kept, sections } = await owner.client.courses.get({ course })
  assert.equal(kept?.path, 'courses/optics/course.md')
  assert.equal(await refusalOf(owner.client.courses.update({ course, title: 'Mine' })), 'kept-in-git')
  assert.equal(await refusalOf(owner.client.courses.renameSection({ course, section: sections[0]?.id ?? '', title: 'Mine' })), 'kept-in-git')
  await owner.client.courses.unpublish({ course })
  assert.equal(await refusalOf(owner.client.courses.remove({ course })), 'kept-in-git')
  await push({ 'courses/optics/01-all/01-lenses.md': aFile('Lenses, anew') })
  assert.equal((await owner.client.courses.get({ course })).status, 'draft', 'taken out by hand, it stays out')
  await push({ 'courses/optics/course.md': aCourseFile('Optics, anew') })
  assert.equal((await owner.client.courses.get({ course })).status, 'published')
  await push({ 'courses/optics/course.md': undefined })
  const ordinary = await owner.client.courses.update({ course, title: 'An ordinary course' })
  assert.equal(ordinary.sections[0]?.lessons[0]?.title, 'Lenses, anew')
})

test('A video sent to a lesson of a file stays with it, goes with it and comes back with it for a month', async (t) => {
  const content = await aContentSchool(t)
  const { school, teacher, learner, repository, push, look, lessonId } = content
  const { course } = await aTaughtCourse(content)
  await push({ [WAVES]: aFile('Waves') })
  const lesson = await lessonId(learner, { course, title: 'Waves' })
  await teacher.client.courses.addLesson({
    course,
    section: (await teacher.client.courses.get({ course })).sections[0]?.id ?? '',
    title: 'Film',
    kind: 'video',
  })
  const film = (await teacher.client.courses.get({ course })).sections[0]?.lessons.find(({ title }) => title === 'Film')?.id ?? ''
  const arrived = await anArrivedFile(school, teacher, { lesson: film })
  await encode(school, arrived)
  await school.settle()
  const head = `id: ${film}\nkind: video\nvideo: ${arrived.video}\n`
  await push({ [RAYS]: aFile('Film, kept', { head }) })
  assert.equal((await learner.client.learning.lesson({ lesson: film })).video?.id, arrived.video)
  await push({ [RAYS]: undefined })
  assert.equal(await refusalOf(learner.client.learning.lesson({ lesson: film })), 'not-found')
  repository.revert()
  await look()
  assert.equal((await learner.client.learning.lesson({ lesson: film })).video?.id, arrived.video)
  await push({ [RAYS]: undefined, [WAVES]: undefined })
  for (const days of [29, 2]) {
    school.clock.pass(days * DAY_SECONDS)
    for (const timer of school.timers.filter(({ name }) => name === 'content.sweep')) await timer.run(school.world)
    await school.settle()
    const isLeft = school.database.prepare('SELECT count(*) AS count FROM items WHERE pk IN (?, ?)').get(`lesson#${film}`, `video#${arrived.video}`)
    assert.equal(isLeft?.['count'], days === 29 ? 2 : 0)
  }
  assert.deepEqual((await school.store.list(`media/${arrived.video}/`)).items, [])
  assert.equal((await school.store.list('repository/blobs/')).items.length, 0, 'nor are texts kept of files that are gone')
  assert.equal(await content.stored.draft(lesson), undefined)
})
