import { type Payments, PaymentsUnavailable } from '#ports/payments.ts'

/** A provider that never answers. */
export const noPayments = (): Payments => {
  const down = (): Promise<never> => Promise.reject(new PaymentsUnavailable('No provider in this school.'))
  return {
    ...{ isLive: false, canCharge: () => true, readNews: () => undefined, pageOf: () => undefined },
    ...{ openCheckout: down, readCheckout: down, closeCheckout: down, readPayment: down, listRefunded: down, giveBack: down },
    ...{ readSubscription: down, readInvoice: down, endSubscription: down, resumeSubscription: down, previewChange: down },
    ...{ changeSubscription: down, openPortal: down, listNews: down },
  }
}
