import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recipient } from '#contract/payments.ts'
import { orderRecords, type StoredOrder } from '#core/payments/records.ts'
import { settle } from '#core/payments/settle.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { aCheckout, anOrder } from '#test/payments.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { unseating } from './open.ts'

type Kind = 'refunded' | 'disputed' | 'cleared'

/** A school in which Lena has paid for a course, for others. */
const aPassedOn = async (t: { after(work: () => Promise<void>): void }, recipient: Recipient) => {
  const school = await openSchool()
  t.after(() => school.close())
  const teacher = await school.person('Tove', 'instructor')
  const lena = await school.person('Lena')
  const { course, section } = await aCourse(teacher, { title: 'Colour' })
  const lesson = await aLesson(teacher, { course, section })
  await teacher.client.courses.update({ course, summary: 'Seeing colour.', description: 'All of it.', price: { amountMinor: 4900, currency: 'EUR' } })
  const { slug } = await teacher.client.courses.publish({ course })
  const courses = [{ id: course, slug, title: 'Colour' }]
  const order: StoredOrder = anOrder({ learner: lena.id, email: lena.email, item: { kind: 'course', course }, courses, recipient })
  await school.world.tables.commit([orderRecords.add(order)])
  await settle(school.world, order.id, aCheckout())
  await school.settle()
  const seats = () => lena.client.seats.ofOrder({ order: order.id })
  const token = async (): Promise<string> => (await seats()).url.split('/').at(-1) ?? ''
  const turn = async (kind: Kind): Promise<void> => {
    const { changes, events } = await unseating(school.world, order, kind, school.world.clock.now().toISOString())
    await school.world.tables.commit(changes, events)
  }
  return { ...school, lena, teacher, course, lesson, order, seats, token, turn }
}

test('a gift is taken up by the first who signs in with its link, and by nobody after', async (t) => {
  const school = await aPassedOn(t, { kind: 'gift', to: 'nora@lectern.test', message: 'Happy birthday!' })
  const [nora, max] = [await school.person('Nora'), await school.person('Max')]
  const token = await school.token()
  assert.match(school.letters.find(({ to }) => to === nora.email)?.text ?? '', new RegExp(`Happy birthday[^]*invitations/${token}`))
  assert.deepEqual(await school.visitor.seats.invitation({ token }), {
    ...{ title: 'Colour', courses: school.order.courses, kind: 'gift', from: 'Lena', message: 'Happy birthday!', state: 'open' },
  })
  assert.equal(await refusalOf(school.visitor.seats.accept({ token })), 'not-signed-in')
  assert.equal(await refusalOf(nora.client.learning.lesson({ lesson: school.lesson })), 'not-enrolled')
  assert.equal((await nora.client.seats.accept({ token })).state, 'yours')
  assert.equal((await nora.client.seats.accept({ token })).state, 'yours')
  assert.equal((await nora.client.learning.lesson({ lesson: school.lesson })).id, school.lesson)
  assert.equal(await refusalOf(max.client.seats.accept({ token })), 'no-seat')
  assert.equal((await max.client.seats.invitation({ token })).state, 'taken')
  assert.equal(await refusalOf(school.lena.client.learning.lesson({ lesson: school.lesson })), 'not-enrolled')
  await school.settle()
  assert.equal(school.letters.filter(({ subject }) => subject === 'You are in: Colour').length, 1)
})

test('of thirty who open a team’s link at once, as many sit down as there are seats', async (t) => {
  const school = await aPassedOn(t, { kind: 'team', seats: 20 })
  const people = await Promise.all(Array.from({ length: 30 }, (_, number) => school.person(`P${number}`)))
  const token = await school.token()
  const outcomes = await Promise.all(people.map(({ client }) => refusalOf(client.seats.accept({ token }))))
  assert.deepEqual([outcomes.filter((each) => each === 'answered').length, outcomes.filter((each) => each === 'no-seat').length], [20, 10])
  const { taken } = await school.seats()
  assert.equal(new Set(taken.map(({ id }) => id)).size, 20)
  const open = await Promise.all(people.map(({ client }) => refusalOf(client.learning.lesson({ lesson: school.lesson }))))
  assert.deepEqual(
    open.map((each) => each === 'answered'),
    outcomes.map((each) => each === 'answered'),
  )
})

test('a seat taken back closes the course to one and is free for another; a gift that is taken up stays', async (t) => {
  const team = await aPassedOn(t, { kind: 'team', seats: 2 })
  const [nora, max] = [await team.person('Nora'), await team.person('Max')]
  const token = await team.token()
  await nora.client.seats.accept({ token })
  assert.equal((await team.lena.client.seats.free({ order: team.order.id, person: nora.id })).taken.length, 0)
  assert.equal(await refusalOf(nora.client.learning.lesson({ lesson: team.lesson })), 'access-ended')
  assert.equal(await refusalOf(team.lena.client.seats.free({ order: team.order.id, person: max.id })), 'not-found')
  await max.client.seats.accept({ token })
  await team.settle()
  assert.equal(team.letters.find(({ to, subject }) => to === nora.email && subject.startsWith('Your seat has ended'))?.to, nora.email)
  const gift = await aPassedOn(t, { kind: 'gift' })
  const lucy = await gift.person('Lucy')
  await lucy.client.seats.accept({ token: await gift.token() })
  assert.equal(await refusalOf(gift.lena.client.seats.free({ order: gift.order.id, person: lucy.id })), 'not-allowed')
})

test('a new link opens nothing to those who have the old one, and only the buyer can make it', async (t) => {
  const school = await aPassedOn(t, { kind: 'team', seats: 3 })
  const nora = await school.person('Nora')
  const old = await school.token()
  assert.equal(await refusalOf(nora.client.seats.renew({ order: school.order.id })), 'not-found')
  assert.equal(await refusalOf(nora.client.seats.ofOrder({ order: school.order.id })), 'not-found')
  await school.lena.client.seats.renew({ order: school.order.id })
  assert.notEqual(await school.token(), old)
  assert.equal(await refusalOf(nora.client.seats.accept({ token: old })), 'not-found')
  await nora.client.seats.accept({ token: await school.token() })
})

test('somebody who has the course for good does not use up a seat', async (t) => {
  const school = await aPassedOn(t, { kind: 'team', seats: 2 })
  const token = await school.token()
  const owner = await school.person('Olive', 'admin')
  const nora = await school.person('Nora')
  await owner.client.grants.give({ email: nora.email, course: school.course, note: 'A prize' })
  assert.equal(await refusalOf(nora.client.seats.accept({ token })), 'already-enrolled')
})

test('a refund lets out everybody who sits and closes the link; a dispute does until it is won, in whatever order it is heard of', async (t) => {
  const school = await aPassedOn(t, { kind: 'team', seats: 3 })
  const people = [await school.person('Nora'), await school.person('Max')] as const
  const token = await school.token()
  for (const { client } of people) await client.seats.accept({ token })
  const open = () => Promise.all(people.map(({ client }) => refusalOf(client.learning.lesson({ lesson: school.lesson }))))
  await school.turn('disputed')
  await school.settle()
  assert.deepEqual(await open(), ['access-ended', 'access-ended'])
  assert.equal((await school.visitor.seats.invitation({ token })).state, 'ended')
  school.clock.pass(60)
  await school.turn('cleared')
  await school.settle()
  assert.deepEqual(await open(), ['answered', 'answered'])
  school.clock.pass(60)
  // Won before anybody has heard that it was opened: nothing is to be seen of it.
  await school.turn('disputed')
  school.clock.pass(1)
  await school.turn('cleared')
  await school.settle()
  assert.deepEqual(await open(), ['answered', 'answered'])
  await school.turn('refunded')
  await school.settle()
  await school.settle()
  assert.deepEqual(await open(), ['access-ended', 'access-ended'])
  const late = await school.person('Late')
  assert.equal(await refusalOf(late.client.seats.accept({ token })), 'no-seat')
  assert.equal(school.letters.filter(({ subject }) => subject.startsWith('Your seat has ended')).length, 4)
})

test('the link can be sent by mail, a bounded number of times', async (t) => {
  const school = await aPassedOn(t, { kind: 'gift' })
  const order = school.order.id
  const send = (number: number): Promise<string> => refusalOf(school.lena.client.seats.remind({ order, to: `friend${number}@lectern.test` }))
  const sentTo = async () => (await school.lena.client.seats.ofOrder({ order })).to
  assert.equal(await sentTo(), undefined)
  const outcomes: string[] = []
  for (let number = 0; number < 22; number += 1) outcomes.push(await send(number))
  assert.deepEqual([outcomes.filter((each) => each === 'answered').length, outcomes.at(-1)], [21, 'too-many'])
  assert.equal(await sentTo(), 'friend20@lectern.test')
  assert.equal(school.letters.filter(({ subject }) => subject === 'Lena has a present for you: Colour').length, 21)
})
