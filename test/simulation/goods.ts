import type { Item } from '#contract/payments.ts'
import { publicationRecords, type StoredPublication } from '#core/courses/records.ts'
import { couponRecords, offerRecords, type StoredCoupon, type StoredOffer } from '#core/offers/records.ts'
import type { Money } from '#ports/payments.ts'
import type { Change } from '#ports/tables.ts'
import type { Random } from './random.ts'
import type { Goods } from './scene.ts'

const LONG_AGO = '2026-01-01T00:00:00.000Z'

export const aPublication = (id: string, price: Money): StoredPublication => ({
  ...{ id, slug: id, title: `Course ${id}`, summary: '', description: '', outcomes: [], price, otherPrices: [], teacher: 'Tove', teacherId: 'prs_teacher' },
  sections: [{ id: `${id}_s`, title: 'Beginnings', lessons: [{ id: `${id}_l`, title: 'The first', kind: 'article', isPreview: false }] }],
  ...{ lessons: 1, durationSeconds: 0, publishedAt: LONG_AGO, isListed: true },
})

const anOffer = (of: Pick<StoredOffer, 'id' | 'terms' | 'prices' | 'courses'>): StoredOffer => ({
  ...{ title: `Offer ${of.id}`, summary: '', isOnSale: true, createdAt: LONG_AGO, updatedAt: LONG_AGO, ...of },
})

const aCoupon = (of: Pick<StoredCoupon, 'code' | 'off'> & { limit: number }): StoredCoupon => ({
  ...{ items: [], isFirstTimeOnly: false, isActive: true, used: 0, paid: 0, createdAt: LONG_AGO, ...of },
})

const EUR = (amountMinor: number): Money => ({ amountMinor, currency: 'EUR' })

export const somePrice = (random: Random): Money => EUR(random.between(1000, 9000))

/** What the school sells in a history, and the changes that put it on sale. */
export const someGoods = (random: Random): { goods: Goods; changes: Change[] } => {
  const courses = Array.from({ length: random.between(1, 2) }, (_, place) => `crs_0000000${place + 1}`)
  const bundle = anOffer({ id: 'off_00000001', terms: { kind: 'once' }, prices: [{ every: 'once', price: somePrice(random) }], courses })
  const trialDays = random.pick([0, 0, 7])
  const monthly = { prices: [{ every: 'month' as const, price: somePrice(random) }], courses }
  const membership = anOffer({ id: 'off_00000002', terms: { kind: 'membership', trialDays }, ...monthly })
  const plan = anOffer({ id: 'off_00000003', terms: { kind: 'instalments', count: 3 }, ...monthly })
  const coupons = [
    aCoupon({ code: 'SPRING', off: { kind: 'percent', percent: 20 }, limit: random.between(1, 2) }),
    aCoupon({ code: 'WHOLE', off: { kind: 'percent', percent: 100 }, limit: 1 }),
  ]
  const items: Item[] = [
    ...courses.map((course) => ({ kind: 'course' as const, course })),
    { kind: 'offer', offer: bundle.id, every: 'once' },
    ...(random.chance(0.25) ? [membership, plan].map(({ id }) => ({ kind: 'offer' as const, offer: id, every: 'month' as const })) : []),
  ]
  return {
    goods: { courses, offers: [bundle, membership, plan], items, coupons: coupons.map(({ code }) => code) },
    changes: [
      ...courses.map((id) => publicationRecords.put(aPublication(id, somePrice(random)))),
      ...[bundle, membership, plan].map((offer) => offerRecords.put(offer)),
      ...coupons.map((coupon) => couponRecords.put(coupon)),
    ],
  }
}
