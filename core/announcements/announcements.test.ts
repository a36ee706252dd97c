import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { aTalkingCourse } from '#core/talk/talk.fixture.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { scheduled } from './sending.ts'

const school = await openSchool()
after(() => school.close())
const { course, teacher, owner, lena, max } = await aTalkingCourse(school)
const stranger = await school.person('Stefan')
const rival = await school.person('Rita', 'instructor')

const news = async ({ client }: typeof lena) =>
  (await client.notifications.mine({})).notifications.filter(({ kind }) => kind === 'announcement').map(({ subject }) => subject)
const a = (subject: string) => teacher.client.announcements.write({ course, subject, body: 'Bring a **lamp**.' })

test('a draft is the staff’s alone; once sent, everybody in the course reads it and is told once, by centre and letter', async () => {
  const draft = await a('Next week')
  assert.deepEqual((await lena.client.announcements.list({ course })).announcements, [])
  assert.equal((await owner.client.announcements.list({ course })).announcements[0]?.state, 'draft')
  school.letters.length = 0
  await teacher.client.announcements.send({ announcement: draft.id })
  assert.equal(await refusalOf(teacher.client.announcements.send({ announcement: draft.id })), 'conflict')
  await school.settle()
  const { announcements, mayWrite } = await lena.client.announcements.list({ course })
  assert.deepEqual([announcements[0]?.subject, announcements[0]?.body, announcements[0]?.told, mayWrite], ['Next week', 'Bring a **lamp**.', undefined, false])
  assert.deepEqual(
    [await news(lena), await news(max), await news(stranger), await news(teacher)],
    [['Painting with light: Next week'], ['Painting with light: Next week'], [], []],
  )
  assert.deepEqual(school.letters.map(({ to }) => to).sort(), [lena.email, max.email].sort())
  const [seen] = (await teacher.client.announcements.list({ course })).announcements
  assert.deepEqual([seen?.told, seen?.isTold], [2, true])
})

test('only people in the course read announcements, and only its staff write, change, send or remove them', async () => {
  const { id: announcement } = await a('Ours')
  assert.equal(await refusalOf(stranger.client.announcements.list({ course })), 'not-enrolled')
  assert.equal(await refusalOf(lena.client.announcements.write({ course, subject: 'Mine', body: 'x' })), 'not-allowed')
  assert.equal(await refusalOf(rival.client.announcements.write({ course, subject: 'Mine', body: 'x' })), 'not-found')
  assert.equal(await refusalOf(rival.client.announcements.change({ announcement, subject: 'Mine', body: 'x' })), 'not-found')
  assert.equal(await refusalOf(rival.client.announcements.send({ announcement })), 'not-found')
  assert.equal(await refusalOf(rival.client.announcements.hold({ announcement })), 'not-found')
  assert.equal(await refusalOf(rival.client.announcements.remove({ announcement })), 'not-found')
  assert.equal(await refusalOf(rival.client.announcements.send({ announcement: 'ann_00000000000000' })), 'not-found')
})

test('a scheduled announcement goes out by itself at its moment, and not when it was held', async () => {
  const at = new Date(school.clock.now().getTime() + 3600_000).toISOString()
  const [goes, stays] = [await a('Goes out'), await a('Stays')]
  for (const { id } of [goes, stays]) assert.equal((await teacher.client.announcements.send({ announcement: id, at })).state, 'scheduled')
  const held = await teacher.client.announcements.hold({ announcement: stays.id })
  assert.deepEqual([held.state, held.at], ['draft', undefined])
  await scheduled.run(school.world)
  assert.ok(!(await lena.client.announcements.list({ course })).announcements.some(({ id }) => id === goes.id))
  school.clock.pass(3601)
  await scheduled.run(school.world)
  await scheduled.run(school.world)
  await school.settle()
  assert.equal((await news(lena)).filter((subject) => subject.endsWith('Goes out')).length, 1)
  assert.ok(!(await news(lena)).some((subject) => subject.endsWith('Stays')))
})

test('every one of very many learners is told once, and whoever has lost the course is not', async () => {
  const many = []
  for (let count = 0; count < 60; count += 1) {
    const learner = await school.person(`Learner${count}`)
    await learner.client.learning.enrol({ course })
    many.push(learner)
  }
  const [gone] = many
  await owner.client.grants.end({ email: gone?.email ?? '', course, note: 'A test' })
  await school.settle()
  const { id } = await a('To all')
  await teacher.client.announcements.send({ announcement: id })
  await school.settle()
  const told = await Promise.all(many.map(async (each) => (await news(each)).filter((subject) => subject.endsWith('To all')).length))
  assert.deepEqual(told, [0, ...Array.from({ length: 59 }, () => 1)])
  const seen = (await teacher.client.announcements.list({ course })).announcements.find((each) => each.id === id)
  assert.deepEqual([seen?.told, seen?.isTold], [61, true])
})

test('an announcement that says nothing is not sent, and a removed one is read by nobody', async () => {
  const { id } = await teacher.client.announcements.write({ course, subject: 'Empty', body: '' })
  assert.equal(await refusalOf(teacher.client.announcements.send({ announcement: id })), 'bad-input')
  await teacher.client.announcements.change({ announcement: id, subject: 'Filled', body: 'Words' })
  await teacher.client.announcements.send({ announcement: id })
  assert.ok((await lena.client.announcements.list({ course })).announcements.some((each) => each.subject === 'Filled'))
  await teacher.client.announcements.remove({ announcement: id })
  assert.ok(!(await lena.client.announcements.list({ course })).announcements.some((each) => each.subject === 'Filled'))
})
