import type { TestContext } from 'node:test'
import { reconcile } from '#core/payments/reconcile.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { aProvider } from '#test/provider.ts'
import { openSchool, type School } from '#test/school.ts'

type Person = Awaited<ReturnType<School['person']>>

export const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })

/** A school with a provider in memory, an admin who makes offers, and a teacher. */
export const aSellingSchool = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  const provider = aProvider()
  school.world.payments = provider.payments
  const admin = await school.person('Ada', 'admin')
  const teacher = await school.person('Tove', 'instructor')
  return {
    ...school,
    ...{ provider, admin, teacher },
    stored: (prefix: string): number =>
      Number(school.database.prepare('SELECT count(*) AS count FROM items WHERE substr(pk, 1, ?) = ?').get(prefix.length, prefix)?.['count']),
    happened: (name: string): number => Number(school.database.prepare('SELECT count(*) AS count FROM outbox WHERE name = ?').get(name)?.['count']),
    /** The provider’s word reaches the school as it does without webhooks. */
    reconcile: async (): Promise<void> => {
      school.clock.pass(301)
      await reconcile(school.world)
      await school.settle()
    },
  }
}
export type Selling = Awaited<ReturnType<typeof aSellingSchool>>

/** A published course with a price. */
export const aPricedCourse = async ({ teacher }: Pick<Selling, 'teacher'>, title: string, amountMinor = 4900): Promise<string> => {
  const { course, section } = await aCourse(teacher, { title })
  await aLesson(teacher, { course, section })
  await teacher.client.courses.update({ course, price: EUR(amountMinor) })
  await teacher.client.courses.publish({ course })
  return course
}

export const aBundle = async ({ admin }: Pick<Selling, 'admin'>, courses: string[], amountMinor = 9900) =>
  admin.client.offers.create({
    ...{ title: 'Both', summary: 'Colour and light.', terms: { kind: 'once' }, courses, isOnSale: true },
    prices: [{ every: 'once', price: EUR(amountMinor) }],
  })

export const aMembership = async ({ admin }: Pick<Selling, 'admin'>, courses: string[], trialDays = 0) =>
  admin.client.offers.create({
    ...{ title: 'Everything', summary: '', terms: { kind: 'membership', trialDays }, courses, isOnSale: true },
    prices: [
      { every: 'month', price: EUR(1900) },
      { every: 'year', price: EUR(19_000) },
    ],
  })

type Made = Partial<Parameters<Person['client']['offers']['createCoupon']>[0]>

export const aCoupon = ({ admin }: Pick<Selling, 'admin'>, of: Made = {}) =>
  admin.client.offers.createCoupon({ code: 'SPRING', off: { kind: 'percent', percent: 20 }, isFirstTimeOnly: false, items: [], ...of })
