import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { anAssignmentSchool } from '#core/assignments/assignments.fixture.ts'
import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { progressRecords } from '#core/learning/progress.ts'
import { aClassroom, opener, peopleOf, play, tell } from '#core/watching/watching.fixture.ts'
import { refusalOf } from '#test/school.ts'

const classroom = await aClassroom()
const { school, teacher, owner, learner: lena, course, first, second } = classroom
after(() => school.close())
const { tables } = school.world
const open = opener()
const { aLearner } = peopleOf(classroom)
const desk = teacher.client.insights

const named = async (name: string) => {
  const person = await school.person(name)
  await person.client.learning.enrol({ course })
  return person
}

test('a teacher sees who learns, how far, and when they were last there', async () => {
  const [zoe, adam] = [await named('Zoë Ångström'), await named('Adam')]
  school.clock.pass(60)
  const { stream } = await open(zoe, { lesson: first })
  await play(classroom, zoe, { stream, from: 0, seconds: 560 })
  await school.settle()
  const { learners, total, lessons } = await desk.learners({ course })
  assert.equal(total, 3)
  assert.equal(lessons, 3)
  assert.deepEqual(learners.map(({ name, completed }) => [name, completed]).at(0), ['Zoë Ångström', 1])
  assert.equal(learners[0]?.seenAt !== undefined, true)
  const order = async (by: 'name' | 'most' | 'least' | 'quiet') => (await desk.learners({ course, order: by })).learners.map(({ name }) => name)
  assert.deepEqual(await order('name'), ['Adam', 'Lena', 'Zoë Ångström'])
  assert.equal((await order('most'))[0], 'Zoë Ångström')
  assert.equal((await order('least')).at(-1), 'Zoë Ångström')
  assert.equal((await order('quiet')).at(-1), 'Zoë Ångström')
  const way = await desk.learner({ course, person: zoe.id })
  const [one, other] = way.sections[0]?.lessons ?? []
  assert.equal(one?.isCompleted, true)
  assert.ok((one?.share ?? 0) > 0.9)
  assert.deepEqual([other?.isCompleted, other?.share], [false, undefined])
  assert.deepEqual((await desk.learner({ course, person: adam.id })).learner.seenAt, undefined)
})

test('a learner is found by the beginning of any word of their name, with accents or without, or of their address', async () => {
  const looked = async (search: string) => (await desk.learners({ course, search })).learners.map(({ name }) => name)
  for (const search of ['angst', 'zoe ÅNG', 'Zoë', 'zoë ång']) assert.deepEqual(await looked(search), ['Zoë Ångström'], search)
  assert.deepEqual(await looked('adam@lectern.test'), ['Adam'])
  assert.deepEqual(await looked('dam'), [])
  assert.deepEqual(await looked('adam zoe'), [])
  assert.equal((await looked('lectern.test')).length, 3)
})

test('nobody but the course’s teacher and admins sees any of it', async () => {
  const other = await school.person('Otto', 'instructor')
  const asked = (client: typeof other.client) => [
    client.insights.overview({ course }),
    client.insights.learners({ course }),
    client.insights.learner({ course, person: lena.id }),
    client.insights.exportLearners({ course }),
    client.insights.heat({ lesson: first }),
    client.insights.quiz({ lesson: first }),
    client.insights.revenue({ course }),
  ]
  for (const each of asked(other.client)) assert.equal(await refusalOf(each), 'not-found')
  for (const each of asked(lena.client)) assert.equal(await refusalOf(each), 'not-allowed')
  for (const each of asked(school.visitor)) assert.equal(await refusalOf(each), 'not-signed-in')
  for (const each of asked(owner.client)) assert.equal(await refusalOf(each), 'answered')
  assert.equal(await refusalOf(desk.learner({ course, person: other.id })), 'not-found')
})

test('what is told twice is counted once, and a lesson that is taken back is counted no more', async () => {
  const mia = await aLearner()
  await teacher.client.courses.update({ course, completion: { by: 'learner' } })
  await teacher.client.courses.publish({ course })
  await school.settle()
  const done = async () => (await desk.overview({ course })).lessons.find(({ id }) => id === second)
  const before = (await done())?.completed ?? 0
  for (const isCompleted of [true, true, false, true]) await mia.client.learning.complete({ lesson: second, isCompleted })
  await school.settle()
  assert.equal((await done())?.completed, before + 1)
  await mia.client.learning.complete({ lesson: second, isCompleted: false })
  await school.settle()
  const after_ = await done()
  assert.deepEqual([after_?.completed, after_?.begun], [before, 1])
  await teacher.client.courses.update({ course, completion: { by: 'watching', percent: 90 } })
  await teacher.client.courses.publish({ course })
})

test('a video’s map tells where it is watched, watched again, and left', async () => {
  const viewer = await aLearner()
  const cold = await desk.heat({ lesson: second })
  assert.equal(cold.watchers, 0)
  const one = await open(viewer, { lesson: second })
  await play(classroom, viewer, { stream: one.stream, from: 0, seconds: 120 })
  await tell(viewer, { stream: one.stream, positionSeconds: 120, isLeaving: true })
  school.clock.pass(600)
  const two = await open(viewer, { lesson: second })
  await play(classroom, viewer, { stream: two.stream, from: 60, seconds: 30 })
  await tell(viewer, { stream: two.stream, positionSeconds: 90, isLeaving: true })
  await school.settle()
  const { durationSeconds, watchers, seen, shown, stops } = await desk.heat({ lesson: second })
  assert.deepEqual([durationSeconds, watchers], [600, 1])
  assert.deepEqual([seen[0], seen[12], seen[19], seen[20]], [1, 1, 1, 0])
  assert.deepEqual([shown[5], shown[12], shown[19]], [1, 2, 1])
  assert.deepEqual(
    stops.flatMap((count, place) => (count > 0 ? [[place, count]] : [])),
    [[15, 1]],
  )
})

test('a table for spreadsheets holds everybody, and no formula', async () => {
  await named('=HYPERLINK("http://evil.test")')
  await school.settle()
  const { csv, fileName, next } = await desk.exportLearners({ course })
  assert.equal(next, undefined)
  assert.match(fileName, /^learners-light-\d{4}-\d\d-\d\d\.csv$/)
  const lines = csv.trimEnd().split('\r\n')
  assert.equal(lines.length, 1 + (await desk.learners({ course })).total)
  assert.ok(csv.includes(`"'=HYPERLINK(""http://evil.test"")"`))
})

test('learners that a course had before anybody looked are counted at the first look', async () => {
  const { id: old } = await teacher.client.courses.create({ title: 'Older' })
  const { sections } = await teacher.client.courses.addSection({ course: old, title: 'One' })
  const added = await teacher.client.courses.addLesson({ course: old, section: sections[0]?.id ?? '', title: 'Words', kind: 'article' })
  const lesson = added.sections[0]?.lessons[0]?.id ?? ''
  await teacher.client.courses.publish({ course: old })
  await school.settle()
  const at = school.clock.now().toISOString()
  for (let place = 0; place < 60; place += 1) {
    const { id: learner } = await school.person(`Elder${place}`)
    const fact = { id: `fct_elder${place}`, kind: 'enrolled' as const, at }
    const changes = [enrolmentRecords.add({ learner, course: old, since: at, facts: [fact] })]
    if (place < 20) changes.push(progressRecords.add({ learner, course: old, lesson, positionSeconds: 0, isCompleted: place < 10, at }))
    await tables.commit(changes)
  }
  const looked = await desk.learners({ course: old })
  assert.deepEqual([looked.total, looked.isGathering], [0, true])
  await school.settle()
  const { learners, finished, lessons, isGathering } = await desk.overview({ course: old })
  assert.deepEqual([learners, finished, isGathering], [60, 10, false])
  assert.deepEqual([lessons[0]?.begun, lessons[0]?.completed], [20, 10])
  const page = await desk.learners({ course: old, order: 'name' })
  assert.equal(page.learners.length, 50)
  const rest = await desk.learners({ course: old, order: 'name', ...(page.next !== undefined && { page: page.next }) })
  assert.equal(new Set([...page.learners, ...rest.learners].map(({ id }) => id)).size, 60)
  assert.equal(rest.next, undefined)
})

test('whose access is ended stays in the list, and it says so', async () => {
  const leaver = await named('Leander')
  await owner.client.grants.end({ email: leaver.email, course, note: 'Asked to leave' })
  await school.settle()
  const [found] = (await desk.learners({ course, search: 'leander' })).learners
  assert.equal(found?.hasEnded, true)
})

test('work that was handed in, and a quiz that was not passed, are begun, and the learner’s page says how they stand', async (t) => {
  const { school: other, teacher: taught, learner, course: of, section, lesson } = await anAssignmentSchool(t, { rubric: [] })
  const quiz = (await taught.client.courses.addLesson({ course: of, section, title: 'Two or three?', kind: 'quiz' })).sections[0]?.lessons.at(-1)?.id ?? ''
  const options = [
    { text: 'Two', isRight: true },
    { text: 'Three', isRight: false },
  ]
  await taught.client.quizzes.write({ lesson: quiz, questions: [{ kind: 'single', prompt: 'How many?', points: 1, explanation: '', options }] })
  await taught.client.courses.publish({ course: of })
  await taught.client.insights.overview({ course: of })
  await learner.client.assignments.handIn({ lesson, text: 'A window.' })
  await learner.client.quizzes.start({ lesson: quiz })
  await learner.client.quizzes.answer({ lesson: quiz, number: 1, answers: [], isFinal: true })
  await other.settle()
  const { lessons } = await taught.client.insights.overview({ course: of })
  assert.deepEqual(
    lessons.map(({ begun, completed }) => [begun, completed]),
    [
      [1, 0],
      [1, 0],
    ],
  )
  const way = await taught.client.insights.learner({ course: of, person: learner.id })
  const [work, asked] = way.sections[0]?.lessons ?? []
  assert.deepEqual([work?.work?.state, work?.work?.handed, work?.at !== undefined], ['waiting', 1, true])
  assert.deepEqual(asked?.quiz, { attempts: 1, percent: 0 })
  assert.notEqual(way.learner.seenAt, undefined)
})
