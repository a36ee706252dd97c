import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aLesson, aLessonFile, anUploadedVideo, encode } from '#test/builders.ts'
import { refusalOf } from '#test/school.ts'
import { aContentSchool, aCourseFile, aFile, aTaughtCourse } from './content.fixture.ts'

const WAVES = 'courses/light/01-beginnings/02-waves.md'
const RAYS = 'courses/light/01-beginnings/01-rays.md'

test('One unsound file, and nothing of its commit is shown: it is told on the commit and to the owner once, and mended by the next', async (t) => {
  const content = await aContentSchool(t)
  const { school, repository, learner, push, shown, look, pass } = content
  const { course } = await aTaughtCourse(content)
  await push({ [WAVES]: aFile('Waves') })
  const state = await push({ [WAVES]: aFile('Waves, anew'), [RAYS]: '---\nnothing: here\n---\n' })
  assert.equal(state.applied?.lessons, 1)
  assert.deepEqual([...new Set(state.refused?.findings.map(({ path }) => path))], [RAYS])
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Waves')
  await look()
  await pass(600)
  assert.equal(repository.said.length, 1)
  assert.match(repository.said[0]?.text ?? '', /01-rays\.md/)
  assert.deepEqual(
    repository.statuses.map(({ state: status }) => status),
    ['success', 'failure'],
  )
  assert.equal(school.letters.filter(({ to, subject }) => to === 'owner@lectern.test' && subject.startsWith('A commit')).length, 1)
  const mended = await push({ [RAYS]: aFile('Rays') })
  assert.equal(mended.refused, undefined)
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Rays, Waves, anew')
})

test('Where the token has no leave for statuses the comment says the same', async (t) => {
  const content = await aContentSchool(t)
  await aTaughtCourse(content)
  content.repository.faults.mayNotSetStatus = true
  await content.push({ [RAYS]: 'no head' })
  assert.equal(content.repository.said.length, 1)
  assert.equal(content.repository.statuses.length, 0)
})

test('No file reaches into another’s course: not by a lesson’s id, nor by its video or its files', async (t) => {
  const content = await aContentSchool(t)
  const { school, push, stored } = content
  await aTaughtCourse(content)
  const victim = await school.person('Vera', 'instructor')
  const { id: course } = await victim.client.courses.create({ title: 'Hers' })
  const { sections } = await victim.client.courses.addSection({ course, title: 'All' })
  const place = { course, section: sections[0]?.id ?? '' }
  const lesson = await aLesson(victim, { ...place, title: 'Her lesson' })
  const { video, lesson: filmed, job } = await anUploadedVideo(school, victim, { ...place, title: 'Her film' })
  await encode(school, { video, job })
  await school.settle()
  const file = await aLessonFile(school, victim, { lesson })
  const before = await stored.draft(lesson)
  const tries: [string, string][] = [
    [`id: ${lesson}\n`, 'no lesson of this course'],
    [`id: ${filmed}\nkind: video\nvideo: ${video}\n`, 'no lesson of this course'],
    [`video: ${video}\n`, 'no video of this lesson'],
    [`video: vid_00000000000000000000000000\n`, 'no video of this lesson'],
    [`files:\n  - id: ${file}\n    name: hers.pdf\n`, 'no file of this lesson'],
  ]
  for (const [head, says] of tries) {
    const { refused } = await push({ [WAVES]: aFile('Mine now', { head }) })
    assert.match(refused?.findings[0]?.says ?? '', new RegExp(says), head)
  }
  // Nor by a course's own file, whoever’s lessons it would take in.
  const { refused } = await push({
    [WAVES]: undefined,
    'courses/mine/course.md': aCourseFile('Mine'),
    'courses/mine/01-all/01-taken.md': aFile('Taken', { head: `id: ${lesson}\n` }),
  })
  assert.match(refused?.findings[0]?.says ?? '', /no lesson of this course/)
  assert.deepEqual(await stored.draft(lesson), before)
  assert.equal(content.events('content.applied'), 0)
})

test('What no school could show is refused with a word to its author', async (t) => {
  const content = await aContentSchool(t)
  const { push, school, teacher } = content
  const { course, section } = await aTaughtCourse(content)
  await aLesson(teacher, { course, section, title: 'Unpublished film', kind: 'video' })
  const cases: [Record<string, string>, RegExp][] = [
    [{ 'courses/nowhere/01-all/01-a.md': aFile('A') }, /no course “nowhere”/],
    [{ 'courses/new/course.md': aCourseFile('New', 'teacher: nobody@lectern.test\n') }, /Nobody who teaches here/],
    [{ 'courses/new/course.md': aCourseFile('New', `teacher: ${content.learner.email}\n`) }, /Nobody who teaches here/],
    [{ 'courses/new/course.md': aCourseFile('New', 'price: 49.00 USD\n') }, /sells in EUR/],
    [{ [WAVES]: aFile('Film', { head: 'kind: video\n' }) }, /has no video yet/],
    [
      { [WAVES]: aFile('One', { head: 'id: les_00000000000000000000000001\n' }), [RAYS]: aFile('Two', { head: 'id: les_00000000000000000000000001\n' }) },
      /les_0+1/,
    ],
  ]
  for (const [files, says] of cases) {
    const { refused } = await push(files)
    assert.match(refused?.findings.map((finding) => finding.says).join(' ') ?? '', says, Object.keys(files).join())
    await push(Object.fromEntries(Object.keys(files).map((path) => [path, undefined])))
  }
  assert.equal(await content.shown(content.learner, course), 'Beginnings: By hand')
  assert.equal(school.letters.filter(({ subject }) => subject.startsWith('A commit')).length, cases.length)
})

test('So many lessons do not go at once unless an admin says that this very commit is meant', async (t) => {
  const content = await aContentSchool(t)
  const { repository, owner, teacher, learner, push, look, shown } = content
  const { course } = await aTaughtCourse(content)
  const paths = Array.from({ length: 12 }, (_, index) => `courses/light/01-beginnings/${index + 10}-lesson.md`)
  await push(Object.fromEntries(paths.map((path, index) => [path, aFile(`Lesson ${index}`)])))
  const { refused } = await push(Object.fromEntries(paths.slice(0, 7).map((path) => [path, undefined])))
  assert.equal(refused?.needsWord, true)
  assert.match(await shown(learner, course), /Lesson 0/)
  assert.equal((await look('0'.repeat(40))).refused?.needsWord, true, 'another commit than was looked at')
  assert.equal(await refusalOf(teacher.client.content.look({})), 'not-allowed')
  assert.equal((await owner.client.content.look({ anyway: (await repository.head()) ?? '' })).applied?.lessons, 5)
  assert.equal(await shown(learner, course), 'Beginnings: By hand, Lesson 7, Lesson 8, Lesson 9, Lesson 10, Lesson 11')
})
