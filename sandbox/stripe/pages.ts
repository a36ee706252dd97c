import { readFileSync } from 'node:fs'
import { type Answer, type Asked, goTo, page, ROOT } from './answers.ts'
import { refusedPage } from './board.ts'
import { dashboardPage } from './board-activity.ts'
import { faultsPage } from './board-faults.ts'
import { addressOf, askPage, filledForm, NOT_AUTHENTICATED, readForm, refusalOf, taxIdOf } from './card-form.ts'
import { pay } from './checkout.ts'
import { asksOf, checkoutPage, endedPage, unknownPage } from './checkout-page.ts'
import { run } from './clocks.ts'
import { chargeBy, paymentOf } from './control.ts'
import { ApiError } from './errors.ts'
import { readFaults } from './faults.ts'
import { price, smallest } from './html.ts'
import { act, billing, invoice, portal } from './pages-billing.ts'
import type { Parts } from './parts.ts'
import { refund } from './refunds.ts'
import { readRules } from './rules.ts'

const STYLES = new Map(
  ['style.css', 'checkout.css', 'board.css', 'billing.css'].map((name) => [name, readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')]),
)

const checkout = ({ desk, schoolName }: Parts, { method, body, path }: Asked, id: string): Answer => {
  const session = desk.store.get('checkout.session', id)
  if (!session) return page(unknownPage(), 404)
  if (session.status !== 'open') return page(endedPage({ session, schoolName }))
  const now = desk.stamp() * 1000
  const show = (shown: Omit<Parameters<typeof checkoutPage>[0], 'session' | 'schoolName'>, status = 200): Answer =>
    page(checkoutPage({ ...shown, session, schoolName }), status, [session.success_url])
  if (method !== 'POST') return show({ form: filledForm(now, session.customer_email ?? session.customer_details?.email ?? '') })
  const sent = new URLSearchParams(body)
  const [form, asks, answered] = [readForm(sent), asksOf(session), sent.get('authentication')]
  const problem = answered === 'fail' ? NOT_AUTHENTICATED : refusalOf(form, asks, now)
  if (problem) return show({ form, problem }, 402)
  const taxId = taxIdOf(form)
  const filled = { name: form.name, card: form.number, isAuthenticated: answered === 'complete', ...(asks.email && { email: form.email }) }
  const paid = desk.together(() => pay(desk, session, { ...filled, ...(asks.address && { address: addressOf(form) }), ...(taxId && { taxId }) }))
  if (paid === 'asks')
    return page(askPage({ form, what: `${price(session.amount_total, session.currency)} to ${schoolName}`, cancel: path }), 200, [session.success_url])
  return 'status' in paid ? goTo(session.success_url) : show({ form, problem: { field: 'number', message: `${paid.message} Try a different card.` } }, 402)
}

const faults = ({ desk, sender }: Parts, { method, body, query }: Asked): Answer => {
  const { store } = desk
  if (method !== 'POST') return page(faultsPage({ faults: store.faults(), rules: store.rules(), isSaved: query.has('saved') }))
  const said = Object.fromEntries(new URLSearchParams(body))
  const before = store.faults()
  const after = readFaults(said, before)
  desk.together(() => {
    if (after.seed !== before.seed) store.forgetTallies()
    store.putFaults(after)
    store.putRules(readRules(said, store.rules()))
  })
  sender.wake()
  return goTo(`${ROOT}/faults?saved`)
}

/** What the API would refuse is shown in its words. */
export const unlessRefused = (work: () => Answer): Answer => {
  try {
    return work()
  } catch (error) {
    if (error instanceof ApiError) return page(refusedPage(error.message), error.status)
    throw error
  }
}

const refundFromBoard = ({ desk }: Parts, { body }: Asked, id: string): Answer =>
  unlessRefused(() => {
    const charge = chargeBy(desk, id)
    const said = new URLSearchParams(body).get('amount')?.trim() ?? ''
    desk.together(() => refund(desk, charge, { amount: said === '' ? undefined : smallest(said, charge.currency) }))
    return goTo(ROOT)
  })

const activity = ({ desk, sender }: Parts): Answer => {
  const { store } = desk
  const sessions = store.all('checkout.session', 50).map((session) => {
    const payment = store.get('payment_intent', paymentOf(desk, session))
    return { session, refunded: store.get('charge', payment?.latest_charge)?.amount_refunded ?? 0 }
  })
  return page(
    dashboardPage({ sessions, deliveries: store.deliveries(100), faults: store.faults(), webhookUrl: sender.endpoints.map(({ url }) => url).join(', ') }),
  )
}

type Look = (parts: Parts, asked: Asked, rest: string[]) => Answer

const LOOKS: Record<string, Look> = {
  '': (parts) => activity(parts),
  checkout: (parts, asked, [id = '']) => checkout(parts, asked, id),
  invoices: invoice,
  portal: (parts, asked, [id = '']) => portal(parts, asked, id),
  billing: (parts) => billing(parts),
  faults,
}

const BUTTONS: Record<string, Look> = {
  do: act,
  sessions: (parts, asked, [id = '', verb]) => (verb === 'refund' ? refundFromBoard(parts, asked, id) : page(unknownPage(), 404)),
  deliveries: ({ desk, sender }, _asked, [event = '', verb]) => {
    if (verb !== 'again' || !desk.store.event(event)) return page(unknownPage(), 404)
    sender.again(event)
    return goTo(ROOT)
  },
}

/** Everything somebody looks at, or presses. */
export const pages =
  (parts: Parts) =>
  (asked: Asked): Answer => {
    const [first = '', ...rest] = asked.path.slice(ROOT.length + 1).split('/')
    const style = STYLES.get(first)
    if (style !== undefined) return { status: 200, body: style, headers: { 'content-type': 'text/css', 'cache-control': 'no-cache' } }
    run(parts.desk)
    const look = LOOKS[first] ?? (asked.method === 'POST' ? BUTTONS[first] : undefined)
    return look ? look(parts, asked, rest) : page(unknownPage(), 404)
  }
