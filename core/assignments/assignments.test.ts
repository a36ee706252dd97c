import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progressRecords } from '#core/learning/progress.ts'
import { all } from '#core/records.ts'
import { caseOf, refusalOf } from '#test/school.ts'
import { anAssignmentSchool, aWorkFile, someAssignment } from './assignments.fixture.ts'

test('a learner hands in a text and a file, the teacher lets it pass, and that completes the lesson', async (t) => {
  const { school, teacher, learner, course, lesson, waiting } = await anAssignmentSchool(t)
  const { client } = learner
  assert.deepEqual((await client.learning.lesson({ lesson })).completion, { by: 'passing' })
  assert.equal(await refusalOf(client.learning.complete({ lesson, isCompleted: true })), 'not-allowed')
  await client.assignments.keep({ lesson, text: 'A first thought' })
  const file = await aWorkFile(school, learner, { lesson })
  const draft = (await client.assignments.open({ lesson })).draft
  assert.deepEqual([draft.text, draft.files.map(({ name }) => name), draft.unfinished], ['A first thought', ['portrait.pdf'], []])
  const work = await client.assignments.handIn({ lesson, text: 'See the *window*.' })
  assert.deepEqual([work.state, work.draft.files, work.handings[0]?.text, work.handings[0]?.files[0]?.id], ['waiting', [], 'See the *window*.', file])
  await school.settle()
  const [queued] = await waiting()
  assert.deepEqual([queued?.learner.name, queued?.lesson.title, queued?.number, queued?.isLate], ['Mia', 'A portrait', 1, false])
  const handing = queued?.id ?? ''
  const told = await teacher.client.notifications.mine({})
  assert.deepEqual(
    told.notifications.map(({ subject, path }) => [subject, path]),
    [['Mia has handed in: A portrait', `/teach/handings/${handing}`]],
  )
  const desk = await teacher.client.assignments.handing({ handing })
  assert.deepEqual([desk.text, desk.course.title, desk.rules.rubric.length, desk.isOld], ['See the *window*.', 'Light', 2, false])
  const { url } = await teacher.client.assignments.download({ file })
  assert.match(url, new RegExp(`/files/${file}/content\\?Expires=`))
  const graded = await teacher.client.assignments.grade({ handing, levels: [2, 0], feedback: 'Well seen.', isPassed: true })
  assert.deepEqual(
    graded.grade?.judged.map(({ criterion, level, points, of }) => [criterion, level, points, of]),
    [
      ['Light', 'Used', 4, 4],
      ['Words', 'Unclear', 1, 2],
    ],
  )
  await school.settle()
  const after = await client.assignments.open({ lesson })
  assert.deepEqual([after.state, after.handings[0]?.grade?.feedback, after.handings[0]?.grade?.by], ['passed', 'Well seen.', 'Lena'])
  assert.equal((await client.learning.lesson({ lesson })).isCompleted, true)
  assert.deepEqual([(await waiting()).length, (await teacher.client.assignments.queue({ course, state: 'graded' })).handings.length], [0, 1])
  const [notice] = (await client.notifications.mine({})).notifications
  assert.deepEqual([notice?.subject, notice?.text, notice?.path], ['You have passed: A portrait', 'Well seen.', `/learn/${course}/${lesson}`])
  assert.ok(school.letters.some(({ to, subject }) => to === 'mia@lectern.test' && subject === 'You have passed: A portrait'))
})

test('work that is returned is improved and handed in again, as often as the teacher allows', async (t) => {
  const { school, teacher, learner, lesson, waiting } = await anAssignmentSchool(t, { tries: 2, rubric: [] })
  const { client } = learner
  const first = await client.assignments.handIn({ lesson, text: 'One' })
  assert.deepEqual([first.left, first.state], [1, 'waiting'])
  for (const attempt of [client.assignments.handIn({ lesson, text: 'Two' }), client.assignments.keep({ lesson, text: 'Two' })])
    assert.equal(await caseOf(attempt), 'waiting')
  const [one] = await waiting()
  await teacher.client.assignments.grade({ handing: one?.id ?? '', levels: [], feedback: 'More.', isPassed: false })
  const returned = await client.assignments.open({ lesson })
  assert.deepEqual([returned.state, returned.draft.text, returned.left], ['returned', 'One', 1])
  await client.assignments.handIn({ lesson, text: 'Two' })
  assert.equal(await caseOf(teacher.client.assignments.grade({ handing: one?.id ?? '', levels: [], feedback: '', isPassed: true })), 'old')
  const [two] = await waiting()
  const desk = await teacher.client.assignments.handing({ handing: two?.id ?? '' })
  assert.deepEqual([desk.number, desk.earlier.map(({ text, grade }) => [text, grade?.feedback])], [2, [['One', 'More.']]])
  await teacher.client.assignments.grade({ handing: two?.id ?? '', levels: [], feedback: '', isPassed: false })
  assert.equal((await client.assignments.open({ lesson })).state, 'spent')
  assert.equal(await caseOf(client.assignments.handIn({ lesson, text: 'Three' })), 'spent')
  await school.settle()
  assert.equal((await client.learning.lesson({ lesson })).isCompleted, false)
})

test('a teacher who passed the wrong work takes it back, and the learner is told anew', async (t) => {
  const { school, teacher, learner, course, lesson, waiting } = await anAssignmentSchool(t, { rubric: [] })
  await learner.client.assignments.handIn({ lesson, text: 'One' })
  const handing = (await waiting())[0]?.id ?? ''
  const grade = (isPassed: boolean) => teacher.client.assignments.grade({ handing, levels: [], feedback: '', isPassed })
  await grade(true)
  await school.settle()
  await grade(false)
  await school.settle()
  const progress = await progressRecords.get(school.world.tables, { learner: learner.id, course, lesson })
  assert.deepEqual([(await learner.client.assignments.open({ lesson })).state, progress?.value.isCompleted], ['returned', false])
  assert.deepEqual((await learner.client.notifications.mine({})).notifications.map(({ subject }) => subject).sort(), [
    'You have passed: A portrait',
    'Your work came back: A portrait',
  ])
})

test('nothing passes below the pass mark, nor by a rubric that has been changed meanwhile', async (t) => {
  const { teacher, learner, lesson, waiting } = await anAssignmentSchool(t)
  await learner.client.assignments.handIn({ lesson, text: 'One' })
  const handing = (await waiting())[0]?.id ?? ''
  const grade = (levels: number[], isPassed: boolean) => teacher.client.assignments.grade({ handing, levels, feedback: '', isPassed })
  assert.equal(await refusalOf(grade([1, 0], true)), 'bad-input')
  for (const levels of [[], [2], [2, 1, 0], [5, 0]]) assert.equal(await refusalOf(grade(levels, true)), 'conflict')
  assert.equal(await refusalOf(grade([1, 1], true)), 'answered', '4 of 6 points are more than 60 %')
})

test('work is its writer’s and their teacher’s: to everybody else it is not there', async (t) => {
  const { school, teacher, learner, course, lesson, waiting } = await anAssignmentSchool(t)
  const [other, stranger] = [await school.person('Ora', 'instructor'), await school.person('Sam')]
  const classmate = await school.person('Kim')
  await classmate.client.learning.enrol({ course })
  const file = await aWorkFile(school, learner, { lesson })
  for (const { client } of [teacher, other, classmate]) assert.equal(await refusalOf(client.assignments.download({ file })), 'not-found', 'while it is a draft')
  await learner.client.assignments.handIn({ lesson, text: 'Mine' })
  const handing = (await waiting())[0]?.id ?? ''
  assert.equal(await refusalOf(teacher.client.assignments.download({ file })), 'answered')
  for (const { client } of [other, classmate, stranger]) assert.equal(await refusalOf(client.assignments.download({ file })), 'not-found')
  for (const call of [
    other.client.assignments.handing({ handing }),
    other.client.assignments.grade({ handing, levels: [2, 1], feedback: '', isPassed: true }),
    other.client.assignments.queue({ course }),
    classmate.client.assignments.removeFile({ file }),
    classmate.client.assignments.signFile({ file, parts: [1] }),
  ])
    assert.equal(await refusalOf(call), 'not-found')
  assert.equal(await refusalOf(learner.client.assignments.grade({ handing, levels: [2, 1], feedback: '', isPassed: true })), 'not-allowed')
  assert.equal(await refusalOf(stranger.client.assignments.open({ lesson })), 'not-enrolled')
  assert.deepEqual((await classmate.client.assignments.open({ lesson })).handings, [])
  assert.equal(await caseOf(teacher.client.assignments.handIn({ lesson, text: 'Mine too' })), 'staff')
})

test('a preview shows what is asked for, and takes no work of whoever has not enrolled', async (t) => {
  const { school, teacher, course, lesson } = await anAssignmentSchool(t)
  await teacher.client.courses.updateLesson({ lesson, isPreview: true })
  await teacher.client.courses.publish({ course })
  const stranger = await school.person('Sam')
  assert.equal((await stranger.client.learning.lesson({ lesson })).id, lesson)
  assert.equal(await refusalOf(stranger.client.assignments.handIn({ lesson, text: 'One' })), 'not-enrolled')
})

test('what an assignment does not take, or what is still on its way, is not handed in', async (t) => {
  const { teacher, learner, course, lesson } = await anAssignmentSchool(t)
  const { assignments } = learner.client
  assert.equal(await refusalOf(assignments.handIn({ lesson, text: '  \n' })), 'bad-input')
  const begun = await assignments.startFile({ lesson, name: 'a.zip', sizeBytes: 2500, type: '' })
  assert.deepEqual([begun.parts, (await assignments.startFile({ lesson, name: 'a.zip', sizeBytes: 2500, type: '' })).id], [3, begun.id])
  assert.equal(await refusalOf(assignments.handIn({ lesson, text: 'One' })), 'upload-incomplete')
  assert.equal(await refusalOf(assignments.finishFile({ file: begun.id })), 'upload-incomplete')
  assert.deepEqual((await assignments.removeFile({ file: begun.id })).draft.unfinished, [])
  for (const rules of [someAssignment({ takes: 'text' }), someAssignment({ takes: 'files' })]) {
    await teacher.client.assignments.write({ lesson, rules })
    await teacher.client.courses.publish({ course })
    if (rules.takes === 'text') assert.equal(await refusalOf(assignments.startFile({ lesson, name: 'b.zip', sizeBytes: 25, type: '' })), 'not-allowed')
    else assert.equal(await refusalOf(assignments.handIn({ lesson, text: 'Only words' })), 'bad-input')
  }
})

test('work that comes after its day is taken and marked as late', async (t) => {
  const { school, learner, lesson, waiting } = await anAssignmentSchool(t, { dueAt: '2026-05-04T10:00:00.000Z' })
  school.clock.pass(3601)
  await learner.client.assignments.handIn({ lesson, text: 'One' })
  assert.equal((await waiting())[0]?.isLate, true)
})

test('two clicks at once hand in one piece of work', async (t) => {
  const { learner, lesson, waiting } = await anAssignmentSchool(t)
  const outcomes = await Promise.all(['One', 'Two', 'Three'].map((text) => refusalOf(learner.client.assignments.handIn({ lesson, text }))))
  assert.deepEqual([outcomes.filter((outcome) => outcome === 'answered').length, (await waiting()).length], [1, 1])
})

test('a file that is taken out is gone, one that was left half sent goes after a week, and one handed in stays', async (t) => {
  const { school, learner, lesson } = await anAssignmentSchool(t)
  const { assignments } = learner.client
  const [kept, dropped] = [await aWorkFile(school, learner, { lesson, name: 'a.pdf' }), await aWorkFile(school, learner, { lesson, name: 'b.pdf' })]
  await assignments.removeFile({ file: dropped })
  await assignments.handIn({ lesson, text: '' })
  assert.equal(await refusalOf(assignments.removeFile({ file: kept })), 'conflict')
  const { id: left } = await assignments.startFile({ lesson, name: 'c.pdf', sizeBytes: 10, type: '' }).catch(() => ({ id: '' }))
  assert.equal(left, '', 'nothing is added to what waits')
  for (const [file, isThere] of [
    [kept, true],
    [dropped, false],
  ] as const)
    assert.equal((await school.store.head(`files/${file}/content`)) !== undefined, isThere)
})

test('a file nobody has gone on with leaves the draft, so that the rest can be handed in', async (t) => {
  const { school, learner, lesson } = await anAssignmentSchool(t)
  const { assignments } = learner.client
  await assignments.startFile({ lesson, name: 'c.pdf', sizeBytes: 10, type: '' })
  const sweep = () => school.timers.find(({ name }) => name === 'assignments.sweep-files')?.run(school.world)
  school.clock.pass(6 * 24 * 3600)
  await sweep()
  assert.equal((await assignments.open({ lesson })).draft.unfinished.length, 1)
  school.clock.pass(2 * 24 * 3600)
  await sweep()
  assert.equal((await assignments.open({ lesson })).draft.unfinished.length, 0)
  assert.equal(await refusalOf(assignments.handIn({ lesson, text: 'One' })), 'answered')
})

test('a rubric that nobody could pass by is refused, and one of another kind of lesson too', async (t) => {
  const { teacher, course, section, lesson } = await anAssignmentSchool(t)
  const level = (title: string, points: number) => ({ title, points })
  const criterion = (title: string, ...levels: ReturnType<typeof level>[]) => ({ title, levels })
  const bad = [
    [criterion('A', level('a', 0), level('b', 0))],
    [criterion('A', level('a', 0), level('a', 1))],
    [criterion('A', level('a', 0), level('b', 1)), criterion('A', level('a', 0), level('b', 1))],
    [criterion('A', level('a', 1))],
  ]
  for (const rubric of bad) assert.equal(await refusalOf(teacher.client.assignments.write({ lesson, rules: someAssignment({ rubric }) })), 'bad-input')
  const { sections } = await teacher.client.courses.addLesson({ course, section, title: 'Words', kind: 'article' })
  const article = sections[0]?.lessons.at(-1)?.id ?? ''
  assert.equal(await refusalOf(teacher.client.assignments.write({ lesson: article, rules: someAssignment() })), 'bad-input')
})

test('a long queue is read page by page, the oldest first, and by lesson', async (t) => {
  const { school, teacher, course, lesson } = await anAssignmentSchool(t)
  for (const name of ['Ann', 'Ben', 'Cat', 'Dan', 'Eve']) {
    const { client } = await school.person(name)
    await client.learning.enrol({ course })
    await client.assignments.handIn({ lesson, text: name })
    school.clock.pass(1)
  }
  const page = async (next?: string) => {
    const { handings, next: after } = await teacher.client.assignments.queue({ course, lesson, limit: 2, ...(next !== undefined && { page: next }) })
    return { items: handings.map(({ learner }) => learner.name), ...(after !== undefined && { next: after }) }
  }
  assert.deepEqual(await all(page), ['Ann', 'Ben', 'Cat', 'Dan', 'Eve'])
})
