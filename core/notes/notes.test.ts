import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MOST_NOTES, MOST_NOTES_AT_A_LESSON } from '#contract/notes.ts'
import { aTalkingCourse } from '#core/talk/talk.fixture.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { noteTallyRecords } from './records.ts'

const aSchool = async () => {
  const school = await openSchool()
  after(() => school.close())
  return { school, ...(await aTalkingCourse(school)) }
}

test('a learner notes something at a second of a lesson, changes it, and finds it at the lesson, the course and among all', async () => {
  const { lena, course, lesson } = await aSchool()
  const body = '  *Soft* light — 柔らかい光 '
  const made = await lena.client.notes.add({ lesson, body, atSeconds: 83.5 })
  assert.deepEqual([made.body, made.atSeconds, made.lesson.title, made.course.title], [body, 83.5, 'The window', 'Painting with light'])
  const changed = await lena.client.notes.change({ course, lesson, note: made.id, body: 'Hard light' })
  assert.deepEqual([changed.body, changed.atSeconds, changed.changedAt !== undefined], ['Hard light', undefined, true])
  for (const where of [{}, { course }, { course, lesson }]) assert.deepEqual((await lena.client.notes.list(where)).notes, [changed])
  await lena.client.notes.remove({ course, lesson, note: made.id })
  assert.deepEqual((await lena.client.notes.list({})).notes, [])
})

test('a bookmark needs no words', async () => {
  const { lena, lesson } = await aSchool()
  assert.equal((await lena.client.notes.add({ lesson, body: '' })).body, '')
})

test('nobody else reads, changes or removes a note: no other learner, not the teacher, not the owner', async () => {
  const { lena, max, teacher, owner, course, lesson } = await aSchool()
  const { id: note } = await lena.client.notes.add({ lesson, body: 'For myself' })
  for (const { client } of [max, teacher, owner]) {
    assert.deepEqual((await client.notes.list({ course, lesson })).notes, [])
    assert.equal(await refusalOf(client.notes.change({ course, lesson, note, body: 'Mine' })), 'not-found')
    assert.equal(await refusalOf(client.notes.remove({ course, lesson, note })), 'not-found')
  }
  assert.equal((await lena.client.notes.list({})).notes[0]?.body, 'For myself')
})

test('whoever may not open a lesson writes nothing at it', async () => {
  const { school, lesson, teacher } = await aSchool()
  const stranger = await school.person('Sam')
  assert.equal(await refusalOf(stranger.client.notes.add({ lesson, body: 'Hello' })), 'not-enrolled')
  assert.equal(await refusalOf(school.visitor.notes.add({ lesson, body: 'Hello' })), 'not-signed-in')
  assert.equal(await refusalOf(school.visitor.notes.list({})), 'not-signed-in')
  const draft = await aLesson(teacher, { ...(await aCourse(teacher, { title: 'Secret' })), title: 'Hidden' })
  assert.equal(await refusalOf(stranger.client.notes.add({ lesson: draft, body: 'Hello' })), 'not-found')
  assert.equal((await teacher.client.notes.add({ lesson: draft, body: 'To do' })).lesson.isOpen, true)
})

test('when access has ended, own notes stay; a lesson that is renamed since keeps the name it was known by', async () => {
  const { school, lena, owner, teacher, course, lesson } = await aSchool()
  const { id: note } = await lena.client.notes.add({ lesson, body: 'Worth keeping' })
  await owner.client.grants.end({ course, email: lena.email, note: 'A test' })
  await teacher.client.courses.updateLesson({ lesson, title: 'The secret window' })
  await teacher.client.courses.publish({ course })
  await school.settle()
  const [kept] = (await lena.client.notes.list({ course })).notes
  assert.deepEqual(kept?.lesson, { id: lesson, title: 'The window', isOpen: false })
  assert.equal(kept?.body, 'Worth keeping')
  assert.equal(await refusalOf(lena.client.notes.add({ lesson, body: 'More' })), 'access-ended')
  assert.equal((await lena.client.notes.change({ course, lesson, note, body: 'Still mine' })).body, 'Still mine')
  await lena.client.notes.remove({ course, lesson, note })
  assert.deepEqual((await lena.client.notes.list({})).notes, [])
})

test('a lesson holds so many notes and no more, also when many are sent at once; pages hand out each once', async () => {
  const { school, lena, lesson } = await aSchool()
  for (let sent = 0; sent < MOST_NOTES_AT_A_LESSON - 2; sent += 1) {
    if (sent % 150 === 149) school.clock.pass(601)
    await lena.client.notes.add({ lesson, body: `${sent}` })
  }
  school.clock.pass(601)
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => refusalOf(lena.client.notes.add({ lesson, body: 'Another' }))))
  assert.deepEqual(outcomes.toSorted(), ['answered', 'answered', 'too-many', 'too-many', 'too-many'])
  const found = new Set<string>()
  for (let page: string | undefined, more = true; more; more = page !== undefined) {
    const answer = await lena.client.notes.list(page === undefined ? {} : { page })
    for (const { id } of answer.notes) assert.ok(!found.has(id) && found.add(id))
    page = answer.next
  }
  assert.equal(found.size, MOST_NOTES_AT_A_LESSON)
})

test('whoever writes without end is slowed down, and stopped where all they may keep is full', async () => {
  const { school, lena, max, lesson } = await aSchool()
  const at = school.clock.now().toISOString()
  await school.world.tables.commit([noteTallyRecords.add({ learner: lena.id, count: 3, since: at, written: 200 })])
  assert.equal(await refusalOf(lena.client.notes.add({ lesson, body: 'One more' })), 'too-many')
  school.clock.pass(601)
  assert.equal(await refusalOf(lena.client.notes.add({ lesson, body: 'One more' })), 'answered')
  await school.world.tables.commit([noteTallyRecords.add({ learner: max.id, count: MOST_NOTES, since: at, written: 0 })])
  assert.equal(await refusalOf(max.client.notes.add({ lesson, body: 'One more' })), 'too-many')
})
