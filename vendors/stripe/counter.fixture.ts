import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Checkout, CheckoutRequest, Subscription } from '#ports/payments.ts'
import { startStripeSandbox } from '#sandbox/stripe.ts'
import type { StripeOptions } from './client.ts'
import { stripePayments } from './stripe.ts'

export const DAY = 24 * 3600

const ONCE: CheckoutRequest = {
  ...{ order: 'ord_1', idempotencyKey: 'ord_1:1', price: { amountMinor: 4900, currency: 'EUR' }, quantity: 1, title: 'Colour', email: 'lena@lectern.test' },
  ...{ successUrl: 'http://school.test/orders/ord_1', cancelUrl: 'http://school.test/courses/colour', isTaxed: false },
}

/** The client of Stripe before the stand-in, with a clock for both that the test moves. */
export const aCounter = async (t: TestContext, options: Partial<StripeOptions> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-counter-'))
  let milliseconds = Date.parse('2026-05-04T09:00:00Z')
  const now = (): number => milliseconds
  // Nobody hears its webhooks: what is asked is what is told.
  const sandbox = await startStripeSandbox({ folder, webhookUrl: 'http://127.0.0.1:9/', webhookSecret: 'whsec_x', publicUrl: 'http://school.test', now })
  t.after(async () => {
    await sandbox.close()
    await rm(folder, { recursive: true })
  })
  const clock = { now: () => new Date(milliseconds) }
  const payments = stripePayments({ secretKey: 'sk_test_x', webhookSecrets: [], apiUrl: sandbox.apiUrl, clock, ...options })
  const control = async (path: string, said: object = {}): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${sandbox.url}/api/${path}`, { method: 'POST', body: JSON.stringify(said) })
    const value: Record<string, unknown> = JSON.parse(await answer.text())
    if (answer.status !== 200) throw new Error(`The stand-in answered ${answer.status} to ${path}: ${JSON.stringify(value)}`)
    return value
  }
  const raw = async (path: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${sandbox.apiUrl}/v1/${path}`, { headers: { authorization: 'Bearer sk_test_x' } })
    return JSON.parse(await answer.text())
  }
  const pass = async (seconds: number): Promise<void> => {
    milliseconds += seconds * 1000
    await control('run')
  }
  /** Opens a page, pays on it, and tells it as it is then. */
  const sold = async (request: Partial<CheckoutRequest> = {}, paidWith: object = {}): Promise<Checkout> => {
    const { session } = await payments.openCheckout({ ...ONCE, ...request })
    await control(`sessions/${session}/pay`, paidWith)
    return payments.readCheckout(session)
  }
  const member = async (recurring: Partial<NonNullable<CheckoutRequest['recurring']>> = {}, request: Partial<CheckoutRequest> = {}): Promise<Subscription> => {
    const page = await sold({ ...request, recurring: { every: 'month', trialDays: 0, firstOffMinor: 0, ...recurring } })
    return payments.readSubscription(page.subscription ?? '')
  }
  return { payments, control, raw, pass, sold, member, request: ONCE, clock }
}

export const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' })
