import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OFFERS, offerRecords } from '#core/offers/records.ts'
import { aLessonFile } from '#test/builders.ts'
import { buy } from '#test/buy.ts'
import { refusalOf } from '#test/school.ts'
import { standingIndex } from '#test/standing-index.ts'
import { membersOf } from './followers.ts'
import { aMembersSchool, aPublishedCourse, EUR, type MembersSchool } from './school.fixture.ts'

const MEMBERSHIP = { kind: 'membership' as const, trialDays: 0 }

const withCourses = async (school: MembersSchool, offer: string, courses: string[]): Promise<void> => {
  const stored = await offerRecords.get(school.world.tables, { id: offer })
  assert.ok(stored)
  await school.world.tables.commit([offerRecords.replace(stored, { ...stored.value, courses })])
}

test('A course that comes into a membership is open to its members at once, and one that leaves is closed', async (t) => {
  const school = await aMembersSchool(t)
  const offer = await school.anOffer(MEMBERSHIP)
  await school.subscribe(offer)
  const other = await aPublishedCourse(school, school.teacher, 'Light')
  assert.equal(await school.isOpen(other.lesson), false)
  await withCourses(school, offer, [other.course])
  assert.deepEqual([await school.isOpen(other.lesson), await school.isOpen()], [true, false])
  const { enrolled } = await school.learner.client.learning.mine({})
  assert.deepEqual(
    enrolled.map(({ course }) => course.title),
    ['Light'],
  )
  assert.deepEqual(
    (await school.mine()).courses.map(({ title }) => title),
    ['Light'],
  )
})

test('Why a member can see a lesson, or cannot any more, is explained by what happened to the membership', async (t) => {
  const school = await aMembersSchool(t)
  const owner = await school.person('Olive', 'admin')
  const { subscription, order } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  const ask = (at?: string) => owner.client.grants.explain({ email: school.learner.email, lesson: school.lesson, ...(at !== undefined && { at }) })
  const open = await ask()
  assert.deepEqual([open.isOpen, open.because, open.until], [true, 'subscribed', '2026-06-11T09:00:00.000Z'])
  school.provider.card(subscription, 'declines')
  school.days(31)
  await school.tell(subscription)
  assert.equal((await ask()).isOpen, true)
  school.days(4)
  await school.tell(subscription)
  const shut = await ask()
  assert.deepEqual([shut.isOpen, shut.because], [false, 'lapsed'])
  school.clock.pass(60)
  school.provider.settle(subscription)
  await school.tell(subscription)
  const again = await ask()
  assert.deepEqual(
    again.facts.map((fact) => [fact.kind, fact.order]),
    ['subscribed', 'lapsed', 'renewed'].map((kind) => [kind, order]),
  )
  assert.deepEqual([again.isOpen, (await ask('2026-05-10T00:00:00.000Z')).isOpen], [true, true])
  assert.equal(again.periods.length, 2)
})

test('A member learns as the enrolled do: lessons are completed, files downloaded, and progress waits while access is closed', async (t) => {
  const school = await aMembersSchool(t)
  const file = await aLessonFile(school, school.teacher, { lesson: school.lesson })
  await school.teacher.client.courses.publish({ course: school.course })
  await school.settle()
  const { membership } = await school.subscribe(await school.anOffer(MEMBERSHIP))
  const { client } = school.learner
  assert.equal((await client.learning.curriculum({ course: school.course })).isEnrolled, true)
  await client.learning.complete({ lesson: school.lesson, isCompleted: true })
  assert.match((await client.files.download({ lesson: school.lesson, file })).url, /^http/)
  assert.deepEqual(await client.search.find({ course: school.course, words: 'anything' }), { hits: [], isMore: false })
  const [mine] = (await client.learning.mine({})).enrolled
  assert.deepEqual([mine?.lessons, mine?.completed], [1, 1])
  await client.memberships.cancel({ membership })
  school.days(32)
  await school.run('memberships.read-due')
  assert.equal(await refusalOf(client.files.download({ lesson: school.lesson, file })), 'access-ended')
  assert.deepEqual((await client.learning.mine({})).enrolled, [])
  await school.subscribe(await school.anOffer(MEMBERSHIP))
  assert.equal((await client.learning.mine({})).enrolled[0]?.completed, 1)
})

test('Members are counted as learners, once each, and a course they follow is not removed under them', async (t) => {
  const school = await aMembersSchool(t)
  const { client } = school.teacher
  const offer = await school.anOffer(MEMBERSHIP)
  const { membership } = await school.subscribe(offer)
  const learners = async (): Promise<number | undefined> => (await client.courses.mine({})).courses.find(({ id }) => id === school.course)?.learners
  assert.equal(await learners(), 1)
  const owner = await school.person('Olive', 'admin')
  await owner.client.grants.give({ email: school.learner.email, course: school.course, note: 'A present.' })
  assert.equal(await learners(), 1)
  const other = await aPublishedCourse(school, school.teacher, 'Light')
  await withCourses(school, offer, [school.course, other.course])
  await client.courses.unpublish({ course: other.course })
  assert.equal(await refusalOf(client.courses.remove({ course: other.course })), 'conflict')
  await school.learner.client.memberships.cancel({ membership })
  school.days(32)
  await school.run('memberships.read-due')
  assert.equal(await refusalOf(client.courses.remove({ course: other.course })), 'answered')
})

test('A course in somebody’s plan is not removed, though it has left the offer', async (t) => {
  const school = await aMembersSchool(t)
  const offer = await school.anOffer({ kind: 'instalments', count: 2 })
  await school.subscribe(offer)
  const other = await aPublishedCourse(school, school.teacher, 'Light')
  await withCourses(school, offer, [other.course])
  await school.teacher.client.courses.unpublish({ course: school.course })
  assert.equal(await refusalOf(school.teacher.client.courses.remove({ course: school.course })), 'conflict')
})

test('Nobody is sold the same membership twice, and may begin anew once it is ending for sure', async (t) => {
  const school = await aMembersSchool(t)
  const offer = await school.anOffer(MEMBERSHIP)
  const { subscription } = await school.subscribe(offer)
  const again = (): Promise<unknown> => buy(school.learner, { kind: 'offer', offer, every: 'month' })
  assert.equal(await refusalOf(again()), 'already-enrolled')
  await school.provider.end(subscription)
  await school.tell(subscription)
  assert.equal(await refusalOf(again()), 'answered')
})

test('The school can end a member’s access to one course; the membership and its other courses go on', async (t) => {
  const school = await aMembersSchool(t)
  const owner = await school.person('Olive', 'admin')
  const other = await aPublishedCourse(school, school.teacher, 'Light')
  const { subscription } = await school.subscribe(await school.anOffer(MEMBERSHIP, { courses: [school.course, other.course] }))
  school.clock.pass(60)
  await owner.client.grants.end({ email: school.learner.email, course: school.course, note: 'By request.' })
  school.days(31)
  await school.tell(subscription)
  assert.deepEqual([await school.isOpen(), await school.isOpen(other.lesson), (await school.mine()).state], [false, true, 'active'])
  assert.equal((await school.learner.client.learning.mine({})).enrolled.length, 1)
})

test('A subscription that is not what was agreed begins nothing: its order is held for a person', async (t) => {
  const school = await aMembersSchool(t)
  const { id, checkoutUrl } = await buy(school.learner, { kind: 'offer', offer: await school.anOffer(MEMBERSHIP), every: 'month' })
  const subscription = school.provider.buy(checkoutUrl)
  await school.provider.payments.changeSubscription({
    ...{ subscription, price: EUR(900), every: 'month', title: 'x', isTaxed: false },
    ...{ reckonedAt: school.clock.now().toISOString(), idempotencyKey: 'k' },
  })
  await school.tell(subscription)
  assert.equal((await school.learner.client.payments.order({ order: id })).state, 'held')
  assert.deepEqual([await school.isOpen(), school.told.length], [false, 1])
})

test('Members of a plan follow a course from the moment it is added, whatever an index of plans says still', async (t) => {
  const school = await aMembersSchool(t)
  const offer = await school.anOffer(MEMBERSHIP)
  await school.subscribe(offer)
  const other = await aPublishedCourse(school, school.teacher, 'Light')
  const tables = await standingIndex(school.world.tables, OFFERS)
  await withCourses(school, offer, [other.course])
  assert.deepEqual(await membersOf(tables, other.course), [school.learner.id])
})
