import { type Answer, type Asked, goTo, page, ROOT } from './answers.ts'
import type { Subscription } from './billing-types.ts'
import { refusedPage } from './board.ts'
import { billingPage } from './board-billing.ts'
import { askPage, filledForm, NOT_AUTHENTICATED, readForm, refusalOf } from './card-form.ts'
import { cardOf, keepCard, verdict } from './cards.ts'
import { update } from './changes.ts'
import { unknownPage } from './checkout-page.ts'
import { changeCard, control } from './control.ts'
import { price } from './html.ts'
import { INVOICE_ASKS, invoicePage, invoicePrint } from './invoice-page.ts'
import { attempt, cardFor } from './invoices.ts'
import type { Parts } from './parts.ts'
import { type PortalShown, portalPage } from './portal-page.ts'
import { periodOf } from './standing.ts'

export const invoice = ({ desk, schoolName }: Parts, { method, body, path }: Asked, [id = '', what = '']: string[]): Answer => {
  const found = desk.store.get('invoice', id)
  if (!found) return page(unknownPage('invoice'), 404)
  if (what === 'pdf') return page(invoicePrint({ invoice: found, schoolName }))
  const now = desk.stamp() * 1000
  if (method !== 'POST' || found.status !== 'open') return page(invoicePage({ invoice: found, schoolName, form: filledForm(now, '') }))
  const sent = new URLSearchParams(body)
  const [form, answered] = [readForm(sent), sent.get('authentication')]
  const problem = answered === 'fail' ? NOT_AUTHENTICATED : refusalOf(form, INVOICE_ASKS, now)
  if (problem) return page(invoicePage({ invoice: found, schoolName, form, problem }), 402)
  const { invoice: after, outcome } = desk.together(() => {
    const card = keepCard(desk, { number: form.number, customer: found.customer, name: form.name, email: found.customer_email })
    return attempt(desk, found, { isPresent: true, isAuthenticated: answered === 'complete', card })
  })
  if (outcome?.asks) return page(askPage({ form, what: `${price(found.amount_remaining, found.currency)} to ${schoolName}`, cancel: path }))
  if (after.status === 'paid') return goTo(path)
  const refused = { field: 'number' as const, message: `${outcome?.error?.message ?? 'Your card was declined.'} Try a different card.` }
  return page(invoicePage({ invoice: after, schoolName, form, problem: refused }), 402)
}

const nameOf = ({ desk }: Parts, { items, description }: Subscription): string =>
  desk.store.get('product', items.data[0]?.price.product)?.name ?? description ?? 'Subscription'

type Said = Pick<PortalShown, 'form' | 'problem' | 'saved'>

const shownPortal = (parts: Parts, id: string, said: Said): Answer => {
  const { store } = parts.desk
  const portal = store.get('billing_portal.session', id)
  const customer = store.get('customer', portal?.customer)
  if (!portal || !customer) return page(unknownPage('billing'), 404)
  const subscriptions = store.linked('subscription', customer.id).map((subscription) => ({ subscription, name: nameOf(parts, subscription) }))
  const invoices = store.linked('invoice', customer.id)
  const [newest] = invoices
  const card = newest ? cardFor(parts.desk, newest) : store.get('payment_method', customer.invoice_settings.default_payment_method)
  const shown = { portal, customer, schoolName: parts.schoolName, subscriptions, invoices, card, ...said }
  return page(portalPage(shown), said.problem ? 402 : 200, portal.return_url === null ? [] : [portal.return_url])
}

const saveCard = (parts: Parts, sent: URLSearchParams, id: string): Answer => {
  const { desk } = parts
  const [form, answered] = [readForm(sent), sent.get('authentication')]
  const customer = desk.store.get('customer', desk.store.get('billing_portal.session', id)?.customer)
  const problem = answered === 'fail' ? NOT_AUTHENTICATED : refusalOf(form, INVOICE_ASKS, desk.stamp() * 1000)
  const behaviour = cardOf(form.number)?.behaviour
  if (problem || !customer || !behaviour) return shownPortal(parts, id, { form, problem })
  const comesTo = verdict(behaviour, { amount: 0, isPresent: true, isAuthenticated: answered === 'complete' })
  if (comesTo === 'asks') return page(askPage({ form, what: `to keep this card for ${parts.schoolName}`, cancel: `${ROOT}/portal/${id}` }))
  if (comesTo !== 'succeeds') return shownPortal(parts, id, { form, problem: { field: 'number', message: comesTo.message } })
  desk.together(() => changeCard(desk, customer, form.number))
  return goTo(`${ROOT}/portal/${id}?saved=card`)
}

const SAVED: Record<string, string> = {
  card: 'Your card has been saved.',
  cancel: 'Your plan ends with the period you have paid for.',
  resume: 'Your plan goes on.',
}

export const portal = (parts: Parts, { method, body, query }: Asked, id: string): Answer => {
  const { desk } = parts
  const saved = SAVED[query.get('saved') ?? '']
  if (method !== 'POST') return shownPortal(parts, id, { form: filledForm(desk.stamp() * 1000, ''), saved })
  const sent = new URLSearchParams(body)
  const wanted = sent.get('do')
  if (wanted !== 'cancel' && wanted !== 'resume') return saveCard(parts, sent, id)
  const subscription = desk.store.get('subscription', sent.get('subscription'))
  // Who holds the page of one customer must not reach another's.
  if (!subscription || subscription.customer !== desk.store.get('billing_portal.session', id)?.customer) return page(unknownPage('billing'), 404)
  // As Stripe's portal has it: the end is named, and `cancel_at_period_end` stays false.
  const cancelAt = wanted === 'cancel' ? periodOf(subscription).end : null
  if (subscription.ended_at === null) desk.together(() => update(desk, subscription, { cancelAt }))
  return goTo(`${ROOT}/portal/${id}?saved=${wanted}`)
}

const MOST_ROWS = 50

export const billing = (parts: Parts): Answer => {
  const { desk } = parts
  const { store } = desk
  const subscriptions = store.all('subscription', MOST_ROWS).map((subscription) => {
    const who = store.get('customer', subscription.customer)?.email ?? subscription.customer
    return { subscription, who, name: nameOf(parts, subscription) }
  })
  const paid = store.all('charge', MOST_ROWS).filter(({ status }) => status === 'succeeded')
  const charges = paid.map((charge) => ({ charge, dispute: store.linked('dispute', charge.id)[0] }))
  return page(billingPage({ seconds: desk.seconds(), ahead: store.ahead(), subscriptions, invoices: store.all('invoice', MOST_ROWS), charges }))
}

/** A button of the board: what the control API does, by a form. */
export const act = ({ desk, sender }: Parts, { body }: Asked, path: string[]): Answer => {
  const sent = Object.fromEntries(new URLSearchParams(body))
  const numbers = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, name === 'advanceSeconds' ? Number(value) : value]))
  const { status, value } = control(desk, 'POST', path, numbers)
  sender.wake()
  if (status === 200) return goTo(`${ROOT}/billing`)
  return page(refusedPage(typeof value === 'object' && value !== null && 'error' in value ? String(value.error) : 'It was refused.'), status)
}
