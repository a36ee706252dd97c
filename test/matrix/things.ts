import { aWorkFile } from '#core/assignments/assignments.fixture.ts'
import { choicesOf } from '#core/notifications/choices.ts'
import { notify } from '#core/notifications/notify.ts'
import { orderRecords } from '#core/payments/records.ts'
import { settle } from '#core/payments/settle.ts'
import { streamOf } from '#test/builders.ts'
import { buy } from '#test/buy.ts'
import { aCheckout, anOrder } from '#test/payments.ts'
import type { School } from '#test/school.ts'
import type { Desk, Person } from './desk.ts'

type Learns = { school: School; learner: Person; desk: Desk }

/** Work handed in, and more that is being written: a file there, one on its way, one that has arrived. */
const workOf = async ({ school, learner, desk }: Learns) => {
  const { assignments } = learner.client
  const { assignment, secondAssignment: lesson } = desk
  const handedFile = await aWorkFile(school, learner, { lesson: assignment })
  const { handings } = await assignments.handIn({ lesson: assignment, text: 'My portrait' })
  const workFile = await aWorkFile(school, learner, { lesson })
  const start = (name: string) => assignments.startFile({ lesson, name, sizeBytes: 900, type: 'application/pdf' })
  const [openWork, sentWork] = [await start('open.pdf'), await start('sent.pdf')]
  const [part] = (await assignments.signFile({ file: sentWork.id, parts: [1] })).parts
  await school.store.receivePart(new URL(part?.url ?? ''), streamOf(new Uint8Array(900).fill(3)))
  return { handing: handings[0]?.id ?? '', handedFile, workFile, openWork: openWork.id, sentWork: sentWork.id }
}

/** What a learner writes in a course. */
const wordsOf = async ({ school, learner, desk }: Learns) => {
  const { client } = learner
  const { course, article } = desk
  const noteWords = `Only ${learner.name} knows this.`
  const { id: note } = await client.notes.add({ lesson: article, body: noteWords })
  const { id: thread } = await client.talk.begin({ course, lesson: article, title: 'Which lamp?', body: 'The left one?', isQuestion: true })
  for (const lesson of [article, desk.downloads, desk.live]) await client.learning.complete({ lesson, isCompleted: true })
  const { review } = await client.reviews.write({ course, stars: 4, text: 'Good.' })
  await client.quizzes.start({ lesson: desk.quiz })
  await client.learning.enrol({ course: desk.shortCourse })
  await client.learning.complete({ lesson: desk.shortLesson, isCompleted: true })
  await school.settle()
  const { certificates } = await client.certificates.mine({})
  const certificate = certificates[0]?.id ?? ''
  // The school makes the key that signs when it first needs one.
  await client.certificates.credential({ certificate })
  const { keys } = await client.certificates.keys({})
  return { note, noteWords, thread, review: review?.id ?? '', certificate, credentialKey: keys[0]?.kid.split('/').at(-1) ?? '' }
}

/** What a learner has of the school itself: notices, addresses with a key in them, a video that runs. */
const ownOf = async ({ school, learner, desk }: Learns) => {
  const { world } = school
  const told = { person: learner.id, kind: 'reply' as const, id: `told-${learner.id}`, subject: 'Somebody replied', text: 'Yes.', path: '/learn' }
  await notify(world, told)
  await school.settle()
  const letters = (await choicesOf(world, learner.id)).value.token
  const { url } = await learner.client.calendar.makeFeed({})
  const { stream } = await learner.client.watching.open({ lesson: desk.videoLesson, browser: `browser-${learner.name}` })
  const { notifications } = await learner.client.notifications.mine({})
  const { token } = await learner.client.tokens.create({ name: 'A script', scopes: ['learning:read'], days: 30 })
  return { token: token.id, letters, feed: url?.split('/').at(-1) ?? '', stream, notification: notifications[0]?.id ?? '' }
}

/** An order on its page, and one that is paid and passed on: its seats, its link, its receipt. */
const ordersOf = async ({ school, learner, desk }: Learns) => {
  const { soldCourse: course, soldSlug: slug } = desk
  const open = await buy(learner, course)
  const recipient = { kind: 'team' as const, seats: 3 }
  const { ids } = school.world
  const [session, payment] = [ids.make('cs'), ids.make('pi')]
  const courses = [{ id: course, slug, title: 'Sold' }]
  const order = anOrder({
    id: ids.make('ord'),
    learner: learner.id,
    email: learner.email,
    item: { kind: 'course', course },
    courses,
    recipient,
    session,
  })
  await school.world.tables.commit([orderRecords.add(order)])
  await settle(school.world, order.id, aCheckout({ session, order: order.id, payment }))
  await school.settle()
  const [invitation = ''] = (await learner.client.seats.ofOrder({ order: order.id })).url.split('/').slice(-1)
  const mate = await school.person(`Mate of ${learner.name}`)
  await mate.client.seats.accept({ token: invitation })
  const { receipts } = await learner.client.receipts.mine({})
  return { order: open.id, paidOrder: order.id, payment, invitation, mate: mate.id, receipt: receipts[0]?.id ?? '' }
}

/** Everything that a learner of a course may have, one of each; but a membership, for which the provider is needed. */
export const theThingsOf = async (school: School, learner: Person, desk: Desk) => {
  const of = { school, learner, desk }
  await learner.client.learning.enrol({ course: desk.course })
  return {
    ...{ learner: learner.id, email: learner.email },
    ...{ ...(await workOf(of)), ...(await wordsOf(of)), ...(await ownOf(of)), ...(await ordersOf(of)) },
  }
}
