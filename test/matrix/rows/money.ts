import type { Rows } from '../row.ts'

const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })

const offer = {
  ...{ title: 'Everything', summary: '', terms: { kind: 'once' as const }, isOnSale: true },
  prices: [{ every: 'once' as const, price: EUR(9900) }],
}

export const payments: Rows<'payments'> = {
  quote: { of: 'everybody', input: ({ soldCourse: course }) => ({ item: { kind: 'course', course } }) },
  checkout: { of: 'everybody', input: ({ soldCourse: course }) => ({ item: { kind: 'course', course }, shown: EUR(4900) }) },
  order: { of: 'learner', input: ({ order }) => ({ order }), leaves: 'When the provider was asked about it, so that it is asked now and then.' },
  retry: { of: 'learner', input: ({ order }) => ({ order }) },
  mine: { of: 'nobody', input: () => ({}) },
}

export const memberships: Rows<'memberships'> = {
  mine: { of: 'nobody', input: () => ({}) },
  cancel: { of: 'learner', input: ({ membership }) => ({ membership }) },
  resume: {
    of: 'learner',
    input: ({ membership }) => ({ membership }),
    but: { lena: { gets: 'conflict', because: 'it has not been cancelled: nothing is to be taken up again' } },
  },
  previewChange: { of: 'learner', input: ({ membership, otherOffer }) => ({ membership, offer: otherOffer, every: 'month' }) },
  change: { of: 'learner', input: ({ membership, otherOffer }) => ({ membership, offer: otherOffer, every: 'month', shown: EUR(1000) }), isOnce: true },
  portal: { of: 'learner', input: ({ membership }) => ({ membership }) },
}

export const receipts: Rows<'receipts'> = {
  mine: { of: 'nobody', input: () => ({}) },
  receipt: { of: 'learner', input: ({ receipt }) => ({ receipt }), also: ['ada', 'oona', 'sue'] },
}

export const refunds: Rows<'refunds'> = {
  preview: { of: 'nobody', input: ({ paidOrder: order }) => ({ order, amountMinor: 100 }) },
  make: { of: 'nobody', input: ({ paidOrder: order }) => ({ order, amountMinor: 100, key: 'key-0001' }) },
  policy: { of: 'nobody', input: () => ({}) },
  putPolicy: { of: 'nobody', input: () => ({ graceHours: 48, onDispute: 'keeps', isTaxed: false, seller: 'A school' }) },
}

export const money: Rows<'money'> = {
  overview: { of: 'nobody', input: () => ({}) },
  orders: { of: 'nobody', input: () => ({}) },
  order: { of: 'nobody', input: ({ paidOrder: order }) => ({ order }) },
  memberships: { of: 'nobody', input: () => ({}) },
  revenue: { of: 'nobody', input: () => ({}) },
  inbox: { of: 'nobody', input: () => ({ state: 'parked' }) },
  news: { of: 'nobody', input: ({ news }) => ({ news }) },
  replayNews: { of: 'nobody', input: ({ news }) => ({ news }) },
  report: { of: 'nobody', input: () => ({}) },
  check: { of: 'nobody', input: () => ({}) },
  repair: {
    of: 'nobody',
    input: () => ({ finding: 'none' }),
    but: { ada: { gets: 'conflict', because: 'payments and access agree in this school: nothing is to be put right' } },
  },
  table: { of: 'nobody', input: () => ({ what: 'orders' }) },
}

export const offers: Rows<'offers'> = {
  list: { of: 'nobody', input: () => ({}) },
  create: { of: 'nobody', input: ({ soldCourse }) => ({ ...offer, courses: [soldCourse] }) },
  change: {
    of: 'nobody',
    input: ({ offer: id, soldCourse }) => ({
      ...{ ...offer, offer: id, courses: [soldCourse], terms: { kind: 'membership', trialDays: 0 } },
      prices: [{ every: 'month', price: EUR(1500) }],
    }),
  },
  coupons: { of: 'nobody', input: () => ({}) },
  createCoupon: { of: 'nobody', input: () => ({ code: 'AUTUMN', off: { kind: 'percent', percent: 10 }, isFirstTimeOnly: false, items: [] }) },
  stopCoupon: { of: 'nobody', input: ({ coupon: code }) => ({ code }) },
}

export const seats: Rows<'seats'> = {
  // The key in the link is its own leave.
  invitation: { of: 'nobody', input: ({ invitation: token }) => ({ token }) },
  accept: { of: 'nobody', input: ({ invitation: token }) => ({ token }) },
  ofOrder: { of: 'learner', input: ({ paidOrder: order }) => ({ order }) },
  renew: { of: 'learner', input: ({ paidOrder: order }) => ({ order }) },
  free: { of: 'learner', input: ({ paidOrder: order, mate: person }) => ({ order, person }) },
  remind: { of: 'learner', input: ({ paidOrder: order }) => ({ order, to: 'friend@lectern.test' }) },
}
