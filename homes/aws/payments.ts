import type { Clock } from '#ports/clock.ts'
import type { Payments } from '#ports/payments.ts'
import { stripePayments } from '#vendors/stripe/stripe.ts'
import { noPayments } from './not-set-up.ts'
import type { SchoolSecret } from './school-secret.ts'

/** Stripe, with what the school's secret says of it. */
export const paymentsWith = ({ stripeSecretKey, stripeWebhookSecrets }: SchoolSecret, clock: Clock): Payments => {
  if (!stripeSecretKey || !stripeWebhookSecrets) return noPayments
  return stripePayments({ secretKey: stripeSecretKey.reveal(), webhookSecrets: stripeWebhookSecrets.map((each) => each.reveal()), clock })
}
