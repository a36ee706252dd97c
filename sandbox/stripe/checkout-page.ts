import { html, type Markup, page, price } from './html.ts'
import type { Session } from './store.ts'

export type CardForm = { email: string; number: string; expiry: string; cvc: string; name: string }
export type CardProblem = { field: keyof CardForm; message: string }

export const TEST_CARD = '4242 4242 4242 4242'

const DECLINED: Record<string, string> = {
  '4000000000000002': 'Your card was declined. Try a different card.',
  '4000000000009995': 'Your card has insufficient funds. Try a different card.',
  '4000000000000069': 'Your card has expired. Try a different card.',
}
const PAID = new Set(['4242424242424242', '4000056655665556', '5555555555554444', '378282246310005'])

const luhn = (digits: string): boolean => {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const doubled = place % 2 === 1 ? Number(digit) * 2 : Number(digit)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return digits.length >= 12 && sum % 10 === 0
}

/** Why the card cannot be charged; undefined when it can. Cards that are no test cards are refused, never kept. */
export const refusalOf = ({ email, number, expiry, cvc }: CardForm, now: number): CardProblem | undefined => {
  if (!/^[^@\s]+@[^@\s]+\.?[^@\s]*$/.test(email)) return { field: 'email', message: 'Enter a valid email.' }
  const digits = number.replace(/[\s-]/g, '')
  if (!/^\d+$/.test(digits) || !luhn(digits)) return { field: 'number', message: 'Your card number is invalid.' }
  const [, month, year] = /^\s*(\d{1,2})\s*\/?\s*(?:20)?(\d{2})\s*$/.exec(expiry) ?? []
  if (month === undefined || year === undefined || Number(month) < 1 || Number(month) > 12)
    return { field: 'expiry', message: 'Your card’s expiry date is incomplete.' }
  if (Date.UTC(2000 + Number(year), Number(month)) <= now) return { field: 'expiry', message: 'Your card’s expiry date is in the past.' }
  if (!/^\d{3,4}$/.test(cvc.trim())) return { field: 'cvc', message: 'Your card’s security code is incomplete.' }
  const declined = DECLINED[digits]
  if (declined !== undefined) return { field: 'number', message: declined }
  if (!PAID.has(digits)) return { field: 'number', message: 'Only test cards can pay here. Never type a real one.' }
  return undefined
}

type Shown = { session: Session; schoolName: string; form: CardForm; problem?: CardProblem | undefined }

const monogram = (schoolName: string): Markup => html`<span class="monogram" aria-hidden="true">${schoolName.trim().charAt(0).toUpperCase() || 'S'}</span>`

const summary = ({ session, schoolName }: Pick<Shown, 'session' | 'schoolName'>): Markup => {
  const { amount_total, amount_subtotal, currency, line_items, cancel_url } = session
  const [first] = line_items
  const named =
    cancel_url === null
      ? html`<span class="school">${monogram(schoolName)}${schoolName}</span>`
      : html`<a class="school" href="${cancel_url}"><span class="back" aria-hidden="true">←</span>${monogram(schoolName)}<span>${schoolName}</span><span class="hidden">: cancel and go back</span></a>`
  return html`<section class="summary" aria-label="Order summary"><div class="inner">
<header>${named}<span class="tag">Test mode</span></header>
<h1><span class="what">${first?.name ?? 'Your order'}</span><span class="amount">${price(amount_total, currency)}</span></h1>
<ul class="items">${line_items.map(
    ({ name, quantity, unit_amount }) =>
      html`<li><span class="picture" aria-hidden="true"></span><span class="name">${name}<small>Qty ${quantity}</small></span><span>${price(quantity * unit_amount, currency)}</span></li>`,
  )}</ul>
<dl><div><dt>Subtotal</dt><dd>${price(amount_subtotal, currency)}</dd></div><div class="total"><dt>Total due</dt><dd>${price(amount_total, currency)}</dd></div></dl>
</div></section>`
}

type Field = { name: keyof CardForm; label: string; value: string; hint?: string; mode?: 'numeric' | 'email'; problem: CardProblem | undefined }

const field = ({ name, label, value, hint = '', mode, problem }: Field): Markup => {
  const isWrong = problem?.field === name
  const keyboard = mode === undefined ? '' : html`inputmode="${mode}"`
  const wrong = isWrong && html`aria-invalid="true" aria-describedby="problem"`
  // No autocomplete: a browser must not offer someone's real card here.
  return html`<label class="field ${name}"><span>${label}</span><input name="${name}" value="${value}" placeholder="${hint}" autocomplete="off" required ${keyboard} ${wrong}></label>`
}

const payForm = ({ session, form, problem }: Shown): Markup => {
  const { amount_total, currency, cancel_url } = session
  const told = (fields: (keyof CardForm)[]) =>
    problem && fields.includes(problem.field) ? html`<p class="problem" id="problem" role="alert">${problem.message}</p>` : html`<p class="problem"></p>`
  return html`<main class="pay"><div class="inner"><form method="post">
<h2>Contact information</h2>
${field({ name: 'email', label: 'Email', value: form.email, mode: 'email', problem })}${told(['email'])}
<h2>Payment method</h2>
<fieldset><legend>Card information</legend>
${field({ name: 'number', label: 'Card number', value: form.number, hint: '1234 1234 1234 1234', mode: 'numeric', problem })}
${field({ name: 'expiry', label: 'Expiry', value: form.expiry, hint: 'MM / YY', mode: 'numeric', problem })}
${field({ name: 'cvc', label: 'Security code', value: form.cvc, hint: 'CVC', mode: 'numeric', problem })}
</fieldset>${told(['number', 'expiry', 'cvc'])}
${field({ name: 'name', label: 'Cardholder name', value: form.name, hint: 'Full name on card', problem })}
<button class="primary">Pay ${price(amount_total, currency)}</button>
${cancel_url !== null && html`<a class="cancel" href="${cancel_url}">Cancel and go back</a>`}
<aside class="note"><strong>Test cards</strong> <code>4242 4242 4242 4242</code> is paid, <code>4000 0000 0000 0002</code> is declined. Any later expiry date, any three digits.</aside>
</form><footer>A stand-in for Stripe Checkout, part of this school’s own installation. <a href="/sandbox/stripe">What it has done</a></footer></div></main>`
}

export const checkoutPage = (shown: Shown): string =>
  page({ title: `${shown.schoolName}: checkout`, name: 'checkout', body: html`<div class="columns">${summary(shown)}${payForm(shown)}</div>` })

/** For a session that can no longer be paid. */
export const endedPage = ({ session, schoolName }: Pick<Shown, 'session' | 'schoolName'>): string => {
  const isPaid = session.status === 'complete'
  const onward = isPaid ? session.success_url : session.cancel_url
  return page({
    title: isPaid ? 'Paid' : 'Checkout has expired',
    name: 'checkout',
    body: html`<main class="message">${monogram(schoolName)}<h1>${isPaid ? 'You have paid already' : 'This checkout page has expired'}</h1>
<p>${isPaid ? 'This checkout is complete: it takes no second payment.' : 'Nothing was paid. Go back to the school to open a new one.'}</p>
${onward !== null && html`<a class="primary" href="${onward}">Back to ${schoolName}</a>`}</main>`,
  })
}

export const unknownPage = (): string =>
  page({
    title: 'No such checkout',
    name: 'checkout',
    body: html`<main class="message"><h1>There is no such checkout page</h1><p>The address may have been cut short.</p><a class="primary" href="/sandbox/stripe">All checkouts</a></main>`,
  })
