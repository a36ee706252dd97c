import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dispute, Payment } from '#ports/payments.ts'
import { outcomeOf } from '#test/aftermath.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { noPayments } from '#test/no-payments.ts'
import { aCheckout, anOrder, aPayment } from '#test/payments.ts'
import { openSchool, type School } from '#test/school.ts'
import { storeNews } from './inbox.ts'
import { processHook } from './process.ts'
import { orderRecords } from './records.ts'

const STORY = ['checkout.session.completed', 'payment_intent.succeeded', 'charge.refunded', 'charge.dispute.created', 'charge.dispute.closed']

const DISPUTE: Dispute = { id: 'du', outcome: 'won', amount: { amountMinor: 4900, currency: 'EUR' }, reason: 'fraudulent', answerBy: undefined }

type Ending = { refunded: number; outcome: Dispute['outcome'] }

const aSchoolWithACourse = async () => {
  const school = await openSchool()
  const teacher = await school.person('Tove', 'instructor')
  const { course, section } = await aCourse(teacher, { title: 'Colour' })
  await aLesson(teacher, { course, section })
  await teacher.client.courses.update({ course, summary: 'Seeing.', description: 'All.', price: { amountMinor: 4900, currency: 'EUR' } })
  const { slug } = await teacher.client.courses.publish({ course })
  return { school, course: { id: course, slug, title: 'Colour' } }
}

/** An order whose payment the provider tells like this, told of by the news in an order. */
const lived = async (school: School, course: { id: string; slug: string; title: string }, places: number[], { refunded, outcome }: Ending) => {
  const { world } = school
  const run = places.join('')
  const learner = await school.person(`Learner${run}`)
  const order = `ord_0000${run}`
  const checkout = aCheckout({ session: `cs_${run}`, order, payment: `pi_${run}` })
  const dispute = { ...DISPUTE, id: `du_${run}`, outcome }
  const told: Payment = aPayment({ payment: `pi_${run}`, checkout, refunded: { amountMinor: refunded, currency: 'EUR' }, dispute })
  world.payments = { ...noPayments(), readCheckout: async () => checkout, readPayment: async () => told }
  await world.tables.commit([
    orderRecords.add(anOrder({ id: order, learner: learner.id, item: { kind: 'course', course: course.id }, courses: [course], session: `cs_${run}` })),
  ])
  for (const place of places) {
    const id = `evt_${run}_${place}`
    const type = STORY[place] ?? ''
    const about = place === 0 ? { subject: `cs_${run}`, payment: undefined } : { subject: undefined, payment: `pi_${run}` }
    const rest = { account: undefined, apiVersion: undefined, subscription: undefined, invoice: undefined }
    await storeNews(world, { id, type, ...about, ...rest, createdAt: '2026-05-04T09:00:00.000Z', isLive: false }, '{}')
    await processHook(world, id)
  }
  return { learner, course: course.id, order }
}

for (const [words, ending] of [
  ['given back whole, disputed and won', { refunded: 4900, outcome: 'won' }],
  ['given back in part, disputed and lost', { refunded: 1900, outcome: 'lost' }],
  ['given back in part, disputed and won', { refunded: 1900, outcome: 'won' }],
] as const) {
  test(`In all 120 orders of the news, a payment ${words} ends the same: order, course, money and receipts`, { timeout: 60_000 }, async (t) => {
    const { school, course } = await aSchoolWithACourse()
    t.after(() => school.close())
    const sales = []
    for (const places of permutations([0, 1, 2, 3, 4])) sales.push(await lived(school, course, places, ending))
    await school.settle()
    const outcomes: string[] = []
    for (const sale of sales) outcomes.push(JSON.stringify(await outcomeOf(school, sale)))
    assert.equal(outcomes.length, 120)
    assert.equal(new Set(outcomes).size, 1, [...new Set(outcomes)].join('\n'))
    const isOpen = ending.outcome === 'won' && ending.refunded < 4900
    assert.equal(JSON.parse(outcomes[0] ?? '').lesson, isOpen ? 'answered' : 'access-ended')
  })
}

function permutations(of: number[]): number[][] {
  return of.length < 2 ? [of] : of.flatMap((first) => permutations(of.filter((each) => each !== first)).map((rest) => [first, ...rest]))
}
