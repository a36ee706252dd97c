import type { TestContext } from 'node:test'
import type { Membership } from '#contract/memberships.ts'
import { offerRecords, type StoredOffer } from '#core/offers/records.ts'
import { storeNews } from '#core/payments/inbox.ts'
import { entryRecords, type StoredEntry } from '#core/payments/ledger.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { buy } from '#test/buy.ts'
import { openSchool, type School } from '#test/school.ts'
import { aProvider } from './provider.fixture.ts'

type Teacher = Awaited<ReturnType<School['person']>>

export const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })

export const aPublishedCourse = async (school: School, teacher: Teacher, title: string): Promise<{ course: string; lesson: string }> => {
  const { course, section } = await aCourse(teacher, { title })
  const lesson = await aLesson(teacher, { course, section })
  await teacher.client.courses.update({ course, summary: 'Short.', description: 'All of it.', price: EUR(4900) })
  await teacher.client.courses.publish({ course })
  await school.settle()
  return { course, lesson }
}

/** A school with a course that is sold by offers, a provider in memory, and somebody who would learn. */
export const aMembersSchool = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  const provider = aProvider(school.clock)
  school.world.payments = provider.payments
  const teacher = await school.person('Tove', 'instructor')
  const learner = await school.person('Lena')
  const { course, lesson } = await aPublishedCourse(school, teacher, 'Colour')
  let news = 0
  const anOffer = async (terms: StoredOffer['terms'], of: Partial<StoredOffer> = {}): Promise<string> => {
    const id = school.world.ids.make('off')
    const at = school.clock.now().toISOString()
    const prices: StoredOffer['prices'] =
      terms.kind === 'membership'
        ? [
            { every: 'month', price: EUR(1500) },
            { every: 'year', price: EUR(15_000) },
          ]
        : [{ every: 'month', price: EUR(2000) }]
    const offer = { id, title: 'All of it', summary: 'Everything.', terms, prices, courses: [course], isOnSale: true, createdAt: at, updatedAt: at, ...of }
    await school.world.tables.commit([offerRecords.add(offer)])
    return id
  }
  /** A webhook of the provider's about a subscription, delivered and worked off. */
  const tell = async (subscription: string, type = 'customer.subscription.updated'): Promise<void> => {
    news += 1
    const about = { subject: undefined, payment: undefined, subscription, invoice: undefined, account: undefined, apiVersion: undefined }
    await storeNews(school.world, { id: `evt_${news}`, type, createdAt: school.clock.now().toISOString(), isLive: false, ...about }, '{}')
    await school.settle()
  }
  const run = async (...names: string[]): Promise<void> => {
    for (const timer of school.timers.filter(({ name }) => names.includes(name))) await timer.run(school.world)
    await school.settle()
  }
  /** Time passes without any news: only the school's own timers look. */
  const wait = async (days: number, everyMinutes = 10): Promise<void> => {
    for (let minute = 0; minute < days * 24 * 60; minute += everyMinutes) {
      school.clock.pass(everyMinutes * 60)
      await run('memberships.read-due')
    }
  }
  const mine = async (): Promise<Membership> => {
    const [newest] = (await learner.client.memberships.mine({})).memberships
    if (!newest) throw new Error('There is no membership.')
    return newest
  }
  const isOpen = async (what = lesson): Promise<boolean> => {
    try {
      await learner.client.learning.lesson({ lesson: what })
      return true
    } catch {
      return false
    }
  }
  /** Somebody orders, pays on the page, and the school hears of it. */
  const subscribe = async (offer: string, every: 'month' | 'year' = 'month'): Promise<{ subscription: string; membership: string; order: string }> => {
    const { id: order, checkoutUrl } = await buy(learner, { kind: 'offer', offer, every })
    const subscription = provider.buy(checkoutUrl)
    await tell(subscription, 'customer.subscription.created')
    return { subscription, membership: (await mine()).id, order }
  }
  /** What the ledger of money holds of an order, oldest first. */
  const booked = async (order: string): Promise<StoredEntry[]> => {
    const { items } = await entryRecords.list(school.world.tables, `order#${order}`, { prefix: 'entry#' })
    return items.sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  }
  const days = (count: number): void => school.clock.pass(count * 24 * 3600)
  /** About what is followed; receipts have letters of their own. */
  const mail = () => school.letters.filter(({ to, subject }) => to === learner.email && !/^Your (receipt|credit note) /.test(subject))
  const subjects = (): string[] => mail().map(({ subject }) => subject)
  return { ...school, provider, teacher, learner, course, lesson, anOffer, tell, run, wait, mine, isOpen, subscribe, booked, days, mail, subjects }
}
export type MembersSchool = Awaited<ReturnType<typeof aMembersSchool>>
