import type { StoredOrder } from '#core/payments/records.ts'
import type { Checkout, Payment } from '#ports/payments.ts'

const PRICE = { amountMinor: 4900, currency: 'EUR' }
const COURSE = { id: 'crs_00000001', slug: 'colour', title: 'Colour' }

/** An order of one course, its page open. */
export const anOrder = (of: Partial<StoredOrder> = {}): StoredOrder => ({
  ...{ id: 'ord_00000001', learner: 'prs_1', email: 'lena@lectern.test', item: { kind: 'course', course: COURSE.id }, title: COURSE.title },
  ...{ courses: [COURSE], terms: { kind: 'once' }, recipient: { kind: 'me' }, price: PRICE, unit: PRICE, isTaxed: false, isLive: false },
  ...{
    state: 'open',
    attempt: 1,
    session: 'cs_1',
    checkoutUrl: 'http://pay/cs_1',
    openedAt: '2026-05-04T09:00:00.000Z',
    createdAt: '2026-05-04T09:00:00.000Z',
  },
  ...of,
})

/** Its page as the provider tells it once it is paid. */
export const aCheckout = (of: Partial<Checkout> = {}): Checkout => ({
  ...{ session: 'cs_1', order: 'ord_00000001', url: undefined, status: 'complete', isPaid: true, paid: PRICE, taxMinor: 0, isLive: false, payment: 'pi_1' },
  ...{ customer: undefined, subscription: undefined, buyer: { name: undefined, country: undefined, taxId: undefined } },
  ...of,
})

/** Its payment, nothing of which has gone back. */
export const aPayment = (of: Partial<Payment> = {}): Payment => ({
  ...{ payment: 'pi_1', paid: PRICE, refunded: { ...PRICE, amountMinor: 0 }, checkout: aCheckout(), isLive: false },
  ...{ invoice: undefined, subscription: undefined, dispute: undefined, fraudWarning: undefined },
  ...of,
})
