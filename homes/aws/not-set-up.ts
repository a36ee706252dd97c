import { Refusal } from '#core/refusal.ts'
import type { Mail } from '#ports/mail.ts'
import type { Payments } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'

const refusal = (says: string): Refusal => new Refusal('not-set-up', `${says} Its owner can set that up.`)

/** Retried like any letter, and told to the owner when it is given up: what was to be written is sent once there is mail. */
export const noMail: Mail = {
  send: async () => {
    throw refusal('This school sends no mail yet.')
  },
}

const refused = async (): Promise<never> => {
  throw refusal('This school takes no payments yet.')
}

/**
 * Nothing can be sold, which is refused before an order is made. The timers that read the provider's lists find them empty; a
 * webhook's signature holds by no secret.
 */
export const noPayments: Payments = {
  isLive: false,
  canCharge: () => {
    throw refusal('This school takes no payments yet.')
  },
  ...{ openCheckout: refused, readCheckout: refused, closeCheckout: refused, readPayment: refused, giveBack: refused },
  ...{ readSubscription: refused, readInvoice: refused, endSubscription: refused, resumeSubscription: refused },
  ...{ previewChange: refused, changeSubscription: refused, openPortal: refused },
  listRefunded: async () => ({ items: [] }),
  listNews: async () => ({ items: [] }),
  pageOf: () => undefined,
  readNews: () => undefined,
}

const refusedContent = async (): Promise<never> => {
  throw refusal('Nobody writes for this school yet.')
}

/** Nobody writes and nothing is proposed: what would begin is refused before it is on record. */
export const noContent: Pick<World, 'tasks' | 'drafts' | 'repository'> = {
  repository: undefined,
  tasks: { start: refusedContent },
  drafts: { put: refusedContent, get: async () => undefined, list: async () => ({ items: [] }), remove: async () => undefined },
}
