import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalOf } from '#test/school.ts'

import { aContentSchool, aCourseFile, aFile, aTaughtCourse, QUIZ } from './content.fixture.ts'
import { look } from './sync.ts'

const WAVES = 'courses/light/01-beginnings/02-waves.md'
const RAYS = 'courses/light/01-beginnings/01-rays.md'

test('A lesson that is merged is open to who has enrolled and to nobody else; reverted it is gone, and reverted once more it is back as the same lesson', async (t) => {
  const content = await aContentSchool(t)
  const { repository, learner, school, look, push, shown, lessonId } = content
  const { course } = await aTaughtCourse(content)
  const other = await school.person('Otto')
  const state = await push({ [WAVES]: aFile('Waves', { head: QUIZ }) })
  assert.equal(state.applied?.lessons, 1)
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Waves')
  const lesson = await lessonId(learner, { course, title: 'Waves' })
  assert.equal((await learner.client.learning.lesson({ lesson })).text, 'About Waves.')
  assert.equal(await refusalOf(other.client.learning.lesson({ lesson })), 'not-enrolled')
  assert.equal(await refusalOf(school.visitor.learning.lesson({ lesson })), 'not-signed-in')
  repository.revert()
  await look()
  assert.equal(await shown(learner, course), 'Beginnings: By hand')
  assert.equal(await refusalOf(learner.client.learning.lesson({ lesson })), 'not-found')
  repository.revert()
  await look()
  assert.equal(await lessonId(learner, { course, title: 'Waves' }), lesson)
  assert.equal((await learner.client.learning.lesson({ lesson })).questions.length, 1)
})

test('A changed file changes its lesson, a renamed one moves it, and a removed one takes it away, each told once', async (t) => {
  const content = await aContentSchool(t)
  const { school, repository, learner, push, shown, lessonId } = content
  const { course } = await aTaughtCourse(content)
  await push({ [WAVES]: aFile('Waves'), [RAYS]: aFile('Rays') })
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Rays, Waves')
  const waves = await lessonId(learner, { course, title: 'Waves' })
  await push({ [WAVES]: aFile('Waves and more') })
  assert.equal(await lessonId(learner, { course, title: 'Waves and more' }), waves)
  await push({ [WAVES]: undefined, 'courses/light/02-later/01-waves.md': aFile('Waves and more') })
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Rays | Later: Waves and more')
  assert.equal(await lessonId(learner, { course, title: 'Waves and more' }), waves)
  await push({ 'courses/light/02-later/01-waves.md': undefined })
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Rays')
  assert.equal(await content.draft(course), 'Beginnings: By hand, Rays')
  const told = school.database
    .prepare("SELECT payload FROM outbox WHERE name = 'content.applied' ORDER BY rowid")
    .all()
    .flatMap((row) => JSON.parse(String(row['payload'])).changes.map(({ what, title }: { what: string; title: string }) => `${what} ${title}`))
  assert.deepEqual(told, ['created Rays', 'created Waves', 'changed Waves and more', 'moved Waves and more', 'removed Waves and more'])
  assert.deepEqual(
    repository.statuses.map(({ state }) => state),
    ['success', 'success', 'success', 'success'],
  )
})

test('A course of files opens at the pace its file says, and what is left out there waits for nothing', async (t) => {
  const content = await aContentSchool(t)
  const { school, learner, push, courseAt } = content
  const sections = 'sections:\n  - folder: basics\n    title: The basics\n  - folder: advanced\n    title: Further on\n    opens: 7 days\n'
  const state = await push({
    'courses/optics/course.md': aCourseFile('Optics', `sequential: true\n${sections}`),
    'courses/optics/basics/01-first.md': aFile('First'),
    'courses/optics/basics/02-second.md': aFile('Second'),
    'courses/optics/advanced/01-lenses.md': aFile('Lenses'),
  })
  assert.equal(state.refused, undefined)
  const course = await courseAt('optics')
  await learner.client.learning.enrol({ course })
  const waits = async () =>
    (await learner.client.learning.curriculum({ course })).sections.flatMap(({ lessons }) =>
      lessons.map((each) => `${each.title}: ${each.waits?.because ?? 'open'}`),
    )
  assert.deepEqual(await waits(), ['First: open', 'Second: lesson-first', 'Lenses: not-yet'])
  await push({ 'courses/optics/course.md': aCourseFile('Optics', sections.replace('    opens: 7 days\n', '')) })
  assert.deepEqual(await waits(), ['First: open', 'Second: open', 'Lenses: open'])
  const { course: light } = await aTaughtCourse(content)
  await push({ 'courses/optics/course.md': aCourseFile('Optics', `after:\n  - ${light}\n`) })
  assert.deepEqual(
    [...new Set(await waits())].map((each) => each.split(': ')[1]),
    ['course-first', 'course-first', 'course-first'],
  )
  const wrong = await push({ 'courses/optics/course.md': aCourseFile('Optics', 'after:\n  - crs_00000000000\n') })
  assert.match(wrong.refused?.findings[0]?.says ?? '', /^after: .*published course/)
  assert.equal((await school.visitor.learning.curriculum({ course })).sections.length, 2)
})

test('A course of files alone comes with its folder, is sold as its file says, and leaves the catalogue with it; its learners keep it', async (t) => {
  const content = await aContentSchool(t)
  const { school, owner, learner, push, repository, look, shown, courseAt } = content
  const sections = 'summary: Short.\noutcomes:\n  - See\nsections:\n  - folder: basics\n    title: The basics\n  - folder: advanced\n    title: Further on\n'
  await push({
    'courses/optics/course.md': aCourseFile('Optics', sections),
    'courses/optics/advanced/01-lenses.md': aFile('Lenses'),
    'courses/optics/basics/10-second.md': aFile('Second'),
    'courses/optics/basics/02-first.md': aFile('First'),
  })
  const course = await courseAt('optics')
  assert.equal(await shown(learner, course), 'The basics: First, Second | Further on: Lenses')
  await learner.client.learning.enrol({ course })
  const lesson = await content.lessonId(learner, { course, title: 'First' })
  repository.commit(Object.fromEntries(Object.keys(repository.texts()).map((path) => [path, undefined])))
  await look()
  assert.equal((await owner.client.courses.get({ course })).status, 'draft')
  assert.equal(await refusalOf(school.visitor.learning.curriculum({ course })), 'not-found')
  assert.equal((await learner.client.learning.lesson({ lesson })).title, 'First')
  assert.equal((await owner.client.courses.updateLesson({ lesson, title: 'First, by hand' })).title, 'First, by hand')
  repository.revert()
  await look()
  assert.equal(await shown(learner, course), 'The basics: First, Second | Further on: Lenses')
  assert.equal((await learner.client.learning.lesson({ lesson })).title, 'First')
})

test('What a teacher has changed beside files stays unpublished, and is still told of as unpublished', async (t) => {
  const content = await aContentSchool(t)
  const { teacher, learner, push, shown } = content
  const { course, section } = await aTaughtCourse(content)
  await push({ [WAVES]: aFile('Waves') })
  assert.equal((await teacher.client.courses.get({ course })).hasUnpublishedChanges, false)
  await teacher.client.courses.addLesson({ course, section, title: 'Not yet', kind: 'article' })
  await teacher.client.courses.update({ course, title: 'Another name' })
  await push({ [RAYS]: aFile('Rays'), [WAVES]: aFile('Waves, anew') })
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Rays, Waves, anew')
  assert.equal((await learner.client.learning.curriculum({ course })).course.title, 'Light')
  const draft = await teacher.client.courses.get({ course })
  assert.equal(draft.hasUnpublishedChanges, true)
  assert.equal(await content.draft(course), 'Beginnings: By hand, Rays, Waves, anew, Not yet')
  await teacher.client.courses.publish({ course })
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Rays, Waves, anew, Not yet')
})

test('A course that is a draft and has no file of its own stays one', async (t) => {
  const content = await aContentSchool(t)
  const { teacher, learner, push } = content
  const { id: course } = await teacher.client.courses.create({ title: 'Light' })
  await push({ [WAVES]: aFile('Waves') })
  assert.equal(await content.draft(course), 'Beginnings: Waves')
  assert.equal((await teacher.client.courses.get({ course })).status, 'draft')
  assert.equal(await refusalOf(learner.client.learning.curriculum({ course })), 'not-found')
})

test('Commits come by webhook and without: by the clock ten minutes later at the latest', async (t) => {
  const content = await aContentSchool(t)
  const { repository, learner, shown, pass, events } = content
  const { course } = await aTaughtCourse(content)
  repository.commit({ [WAVES]: aFile('Waves') })
  await pass(600)
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Waves')
  const calls = repository.made.length
  await pass(600)
  assert.deepEqual(repository.made.slice(calls), ['head'], 'where nothing is new only the head is read')
  assert.equal(events('content.applied'), 2)
})

test('Whoever follows a course that has left the catalogue follows its files: what is reverted is gone for them too', async (t) => {
  const content = await aContentSchool(t)
  const { teacher, learner, push, shown } = content
  const { course } = await aTaughtCourse(content)
  await push({ [WAVES]: aFile('Waves') })
  await teacher.client.courses.unpublish({ course })
  await push({ [WAVES]: undefined, [RAYS]: aFile('Rays') })
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Rays')
  assert.equal((await teacher.client.courses.get({ course })).status, 'draft')
})

test('A teacher who writes while a commit is applied loses nothing, and nor does the commit', async (t) => {
  const content = await aContentSchool(t)
  const { school, repository, teacher, learner, shown } = content
  const { tables } = school.world
  const { course, section } = await aTaughtCourse(content)
  for (let before = 1; before <= 6; before += 1) {
    repository.commit({ [WAVES]: aFile(`Waves ${before}`) })
    let left = before
    const interrupted: typeof tables.commit = async (changes, events) => {
      left -= 1
      if (left === 0) await teacher.client.courses.addLesson({ course, section, title: `Meanwhile ${before}`, kind: 'article' })
      return tables.commit(changes, events)
    }
    await look({ ...school.world, tables: { ...tables, commit: interrupted } })
    await school.settle()
    assert.equal(await shown(learner, course), `Beginnings: By hand, Waves ${before}`)
    const expected = ['By hand', `Waves ${before}`, ...Array.from({ length: before }, (_, index) => `Meanwhile ${index + 1}`)]
    const { sections } = await teacher.client.courses.get({ course })
    assert.deepEqual(sections[0]?.lessons.map(({ title }) => title).toSorted(), expected.toSorted())
    assert.equal((await teacher.client.courses.get({ course })).hasUnpublishedChanges, true)
  }
})
