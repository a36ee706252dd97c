import Stripe from 'stripe'
import type { Payments } from '#ports/payments.ts'
import { closeCheckout, openCheckout, readCheckout } from './checkout.ts'
import { client, isUnavailable, limitsOf, type StripeOptions } from './client.ts'
import { isChargeable } from './currency.ts'
import { guard } from './guard.ts'
import { readInvoice } from './invoices.ts'
import { listNews, toNews } from './news.ts'
import { giveBack, listRefunded, readPayment } from './payments.ts'
import { changeSubscription, endSubscription, openPortal, previewChange, readSubscription, resumeSubscription } from './subscriptions.ts'

/** How old a signed webhook may be. */
const TOLERANCE_SECONDS = 300

/** Exactly the bytes as text, or undefined: a decoder that mends would let two bodies share one signature. */
const exactText = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const DASHBOARD = 'https://dashboard.stripe.com'

/** Stripe as the school's payments, over its own SDK and its own protocol; `apiUrl` may name a stand-in. */
export const stripePayments = (options: StripeOptions): Payments => {
  const { clock, secretKey, webhookSecrets, apiUrl } = options
  const stripe = client(options)
  const guarded = guard({ ...limitsOf(options), clock, isUnavailable })
  const isLive = /^[rs]k_live_/.test(secretKey)

  const holds = (text: string, signature: string, secret: string): boolean => {
    try {
      return stripe.webhooks.signature?.verifyHeader(text, signature, secret, TOLERANCE_SECONDS, undefined, clock.now().getTime()) ?? false
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false
      throw error
    }
  }

  return {
    isLive,
    canCharge: isChargeable,
    openCheckout: (request) => guarded(() => openCheckout(stripe, request)),
    readCheckout: (session) => guarded(() => readCheckout(stripe, session)),
    closeCheckout: (session) => guarded(() => closeCheckout(stripe, session)),
    readPayment: (payment) => guarded(() => readPayment(stripe, payment)),
    listRefunded: (since, page) => guarded(() => listRefunded(stripe, since, page)),
    giveBack: (refund) => guarded(() => giveBack(stripe, refund)),
    readSubscription: (subscription) => guarded(() => readSubscription(stripe, subscription)),
    readInvoice: (invoice) => guarded(() => readInvoice(stripe, invoice)),
    endSubscription: (subscription, when) => guarded(() => endSubscription(stripe, subscription, when)),
    resumeSubscription: (subscription) => guarded(() => resumeSubscription(stripe, subscription)),
    previewChange: (change) => guarded(() => previewChange(stripe, change)),
    changeSubscription: (change) => guarded(() => changeSubscription(stripe, change)),
    openPortal: (customer, returnUrl) => guarded(() => openPortal(stripe, customer, returnUrl)),
    listNews: (since, page) => guarded(() => listNews({ stripe, clock }, since, page)),
    // A stand-in's payments have no page with Stripe.
    pageOf: (payment) => (apiUrl === undefined ? `${DASHBOARD}/${isLive ? '' : 'test/'}payments/${encodeURIComponent(payment)}` : undefined),
    // The two halves of the SDK's `constructEvent`, apart: that one throws at thin events, which are to be kept as well.
    readNews(rawBody, signature) {
      const text = exactText(rawBody)
      if (!text || !signature) return undefined
      return webhookSecrets.some((secret) => holds(text, signature, secret)) ? toNews(text) : undefined
    },
  }
}
