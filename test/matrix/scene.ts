import type { Help } from '#contract/helpers.ts'
import { aProvider } from '#core/memberships/provider.fixture.ts'
import { storeNews } from '#core/payments/inbox.ts'
import { hookBodyRecords, hookRecords } from '#core/payments/records.ts'
import { buy } from '#test/buy.ts'
import { aCheckout, aPayment } from '#test/payments.ts'
import { aRepository } from '#test/repository.ts'
import { openSchool, type School } from '#test/school.ts'
import { aDesk, type Person } from './desk.ts'
import { openPasses } from './passes.ts'
import { theThingsOf } from './things.ts'

const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })

/** Somebody is invited into the staff; and what they have to sign in with. */
const invited = async ({ settle, letters }: School, admin: Person, { id, email }: Person) => {
  const { id: staffInvitation } = await admin.client.accounts.inviteStaff({ email, role: 'instructor' })
  await settle()
  const joining = /stf_[0-9a-z]+/.exec(letters.findLast(({ to, text }) => to === email && text.includes('/joining/'))?.text ?? '')?.[0] ?? ''
  return { staffInvitation, joining, passkey: `key-${id}`, otherSession: `elsewhere-${id}` }
}

/** Two memberships: the one that is bought, and one to change to. */
const offersOf = async ({ client }: Person, course: string) => {
  const make = (title: string, amountMinor: number) =>
    client.offers.create({
      ...{ title, summary: 'All of it.', terms: { kind: 'membership', trialDays: 0 }, courses: [course], isOnSale: true },
      prices: [{ every: 'month', price: EUR(amountMinor) }],
    })
  const [offer, otherOffer] = [await make('Everything', 1500), await make('Even more', 2500)]
  await client.offers.createCoupon({ code: 'SPRING', off: { kind: 'percent', percent: 20 }, isFirstTimeOnly: false, items: [] })
  return { offer: offer.id, otherOffer: otherOffer.id, coupon: 'SPRING' }
}

/** Somebody becomes a member, and the school hears of it. */
const memberships = (school: School) => {
  const provider = aProvider(school.clock)
  school.world.payments = {
    ...provider.payments,
    readPayment: async (payment) => aPayment({ payment, checkout: aCheckout({ payment }) }),
    giveBack: async () => {},
  }
  return async (learner: Person, offer: string): Promise<{ membership: string }> => {
    const { checkoutUrl } = await buy(learner, { kind: 'offer', offer, every: 'month' })
    const subscription = provider.buy(checkoutUrl)
    const about = { subject: undefined, payment: undefined, subscription, invoice: undefined, account: undefined, apiVersion: undefined }
    // The provider's own ids know nothing of the school's.
    const news = { id: school.world.ids.make('evt'), type: 'customer.subscription.created', createdAt: school.clock.now().toISOString(), isLive: false }
    await storeNews(school.world, { ...news, ...about }, '{}')
    await school.settle()
    const { memberships: mine } = await learner.client.memberships.mine({})
    return { membership: mine[0]?.id ?? '' }
  }
}

/** Who helps with all of a teacher's courses. */
const helpersOf = async (school: School, teacher: Person) => {
  const [carl, eve, gus] = [await school.person('Carl'), await school.person('Eve'), await school.person('Gus')]
  const [tal, lea] = [await school.person('Tal'), await school.person('Lea')]
  const helping: [Person, Help][] = [
    [carl, { as: 'co-teacher', seesRevenue: false }],
    [eve, { as: 'assistant', rights: ['edit'] }],
    [gus, { as: 'assistant', rights: ['grade'] }],
    [tal, { as: 'assistant', rights: ['talk'] }],
    [lea, { as: 'assistant', rights: ['learners'] }],
  ]
  const { courses } = await teacher.client.courses.mine({})
  for (const { id: course } of courses) for (const [{ email }, help] of helping) await teacher.client.helpers.add({ course, email, help })
  return { carl, eve, gus, tal, lea }
}

/** A webhook that was told something. */
const webhookOf = async ({ client }: Person) => {
  const { webhook } = await client.webhooks.create({ url: 'https://example.org/hooks', events: ['course.unpublished'] })
  const { id } = await client.webhooks.test({ webhook: webhook.id })
  return { webhook: webhook.id, delivery: id }
}

/** What waits for the school's owner: news that nobody could make sense of, and a delivery that was given up. */
const worriesOf = async ({ world, database }: School) => {
  const at = world.clock.now().toISOString()
  const parked = { id: 'evt_parked', type: 'checkout.session.completed', isLive: false, createdAt: at, receivedAt: at, state: 'parked' as const, retried: 0 }
  const hook = { ...parked, parkedBecause: 'it belongs to no order', by: 'webhook' as const }
  await world.tables.commit([hookRecords.put(hook), hookBodyRecords.put({ id: hook.id, receivedAt: at, raw: '{}' })])
  const payload = JSON.stringify({ video: 'vid_00000000', course: 'crs_00000000' })
  database.prepare('INSERT INTO outbox (id, name, at, payload) VALUES (?, ?, ?, ?)').run('evt_dead', 'video.ready', at, payload)
  database.prepare("INSERT INTO deliveries (event, listener, due, is_dead, reason) VALUES ('evt_dead', 'captions.index', 0, 1, 'gone')").run()
  return { news: hook.id, deadEvent: 'evt_dead', deadListener: 'captions.index' }
}

/** Somebody wants to leave, a week from now. */
const leaving = async (admin: Person, { client, email }: Person) => {
  await client.privacy.leave({ email, keeps: { posts: false, certificates: false } })
  const [wished] = (await admin.client.privacy.erasures({})).erasures
  return { erasure: wished?.id ?? '' }
}

/**
 * A school with two courses and all that belongs to them: Theo's, in which Lena and Nina learn, and Olga's, in which Max does. Sam has
 * signed in and has nothing. Oona owns the school, Ada runs it, Sue gives support. Carl teaches Theo's courses together with him; Eve, Gus, Tal and
 * Lea help with them, each with one right. What somebody may name is flat, by the same words for each of them.
 */
export const openScene = async () => {
  // What a disk has left changes while nobody calls anything.
  const school = await openSchool({ freeBytes: () => 1e12 })
  school.world.repository = aRepository({ clock: school.clock })
  school.world.transcription = { transcribe: async () => [] }
  const join = memberships(school)
  const [oona, ada, sue] = [await school.person('Oona', 'owner'), await school.person('Ada', 'admin'), await school.person('Sue', 'support')]
  const [theo, olga] = [await school.person('Theo', 'instructor'), await school.person('Olga', 'instructor')]
  const [lena, nina, max, sam] = [await school.person('Lena'), await school.person('Nina'), await school.person('Max'), await school.person('Sam')]
  const [desk, otherDesk] = [await aDesk({ school, teacher: theo, light: 'Dawn' }), await aDesk({ school, teacher: olga, light: 'Dusk' })]
  const offers = { ...(await offersOf(ada, desk.soldCourse)), ...(await worriesOf(school)), ...(await webhookOf(ada)), ...(await leaving(ada, sam)) }
  const half = async (learner: Person, of: typeof desk) => ({
    ...(await invited(school, ada, learner)),
    ...{ ...of, ...offers, ...(await theThingsOf(school, learner, of)) },
    ...(await join(learner, offers.offer)),
  })
  const [own, fellow, other] = [await half(lena, desk), await half(nina, desk), await half(max, otherDesk)]
  await ada.client.storefront.putLegal({ page: 'terms', version: 0, text: 'Be kind.' })
  await school.settle()
  // What has a pause between two times may be done again.
  school.clock.pass(90)
  const people = { ada, oona, sue, theo, olga, lena, nina, max, sam, ...(await helpersOf(school, theo)) }
  const passes = await openPasses({ ada, theo, lena, oona }, school.client)
  return { school, people, passes, own, fellow, other }
}

export type Scene = Awaited<ReturnType<typeof openScene>>
/** What a call may name. */
export type Things = Scene['own']
