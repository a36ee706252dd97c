import { html, type Markup } from '../markup.ts'
import { cardOf, TEST_CARD, testCards } from './cards.ts'
import { page } from './html.ts'
import type { Address, TaxId } from './types.ts'

export const FIELDS = ['email', 'number', 'expiry', 'cvc', 'name', 'country', 'postal', 'tax'] as const
export type FieldName = (typeof FIELDS)[number]
export type CardForm = Record<FieldName, string>
export type CardProblem = { field: FieldName; message: string }
/** What a page asks for, beside a card. */
export type Asks = { card: boolean; email: boolean; address: boolean; taxId: boolean }

export const readForm = (sent: URLSearchParams): CardForm => {
  const said = (name: string): string => sent.get(name) ?? ''
  return {
    ...{ email: said('email'), number: said('number'), expiry: said('expiry'), cvc: said('cvc'), name: said('name') },
    ...{ country: said('country'), postal: said('postal'), tax: said('tax') },
  }
}

/** Filled in already, for whoever only wants to have paid. */
export const filledForm = (now: number, email: string): CardForm => ({
  ...{ email, number: TEST_CARD, expiry: `12 / ${String(new Date(now).getUTCFullYear() + 2).slice(2)}`, cvc: '123', name: 'Test Learner' },
  ...{ country: 'DE', postal: '10117', tax: '' },
})

export const addressOf = ({ country, postal }: CardForm): Address => ({
  ...{ city: null, country: country.trim().toUpperCase(), line1: null, line2: null, postal_code: postal.trim() || null, state: null },
})

/** Of the kinds Stripe knows, the two a page of this size can tell apart. */
export const taxIdOf = ({ tax }: CardForm): TaxId | undefined => {
  const value = tax.replace(/\s/g, '').toUpperCase()
  if (value === '') return undefined
  return { type: value.startsWith('GB') ? 'gb_vat' : 'eu_vat', value }
}

const luhn = (digits: string): boolean => {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const doubled = place % 2 === 1 ? Number(digit) * 2 : Number(digit)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return digits.length >= 12 && sum % 10 === 0
}

const cardProblem = ({ number, expiry, cvc }: CardForm, now: number): CardProblem | undefined => {
  const digits = number.replace(/[\s-]/g, '')
  if (!/^\d+$/.test(digits) || !luhn(digits)) return { field: 'number', message: 'Your card number is invalid.' }
  const [, month, year] = /^\s*(\d{1,2})\s*\/?\s*(?:20)?(\d{2})\s*$/.exec(expiry) ?? []
  if (month === undefined || year === undefined || Number(month) < 1 || Number(month) > 12)
    return { field: 'expiry', message: 'Your card’s expiry date is incomplete.' }
  if (Date.UTC(2000 + Number(year), Number(month)) <= now) return { field: 'expiry', message: 'Your card’s expiry date is in the past.' }
  if (!/^\d{3,4}$/.test(cvc.trim())) return { field: 'cvc', message: 'Your card’s security code is incomplete.' }
  if (!cardOf(digits)) return { field: 'number', message: 'Only test cards can pay here. Never type a real one.' }
  return undefined
}

/** What is filled in wrongly; undefined when the card may be tried. Cards that are no test cards are refused, never kept. */
export const refusalOf = (form: CardForm, asks: Asks, now: number): CardProblem | undefined => {
  if (asks.email && !/^[^@\s]+@[^@\s]+$/.test(form.email)) return { field: 'email', message: 'Enter a valid email.' }
  if (asks.address && !/^[a-z]{2}$/i.test(form.country.trim())) return { field: 'country', message: 'Enter a country as two letters, such as DE.' }
  const tax = taxIdOf(form)?.value
  if (asks.taxId && tax !== undefined && !/^[A-Z]{2}[A-Z0-9]{5,14}$/.test(tax))
    return { field: 'tax', message: 'Enter a tax ID with its country, such as DE123456789.' }
  return asks.card ? cardProblem(form, now) : undefined
}

type Field = { name: FieldName; label: string; hint?: string; mode?: 'numeric' | 'email'; isOptional?: boolean }

const field = ({ name, label, hint = '', mode, isOptional }: Field, form: CardForm, problem: CardProblem | undefined): Markup => {
  const keyboard = mode === undefined ? '' : html`inputmode="${mode}"`
  const wrong = problem?.field === name && html`aria-invalid="true" aria-describedby="problem"`
  const must = !isOptional && html`required`
  // No autocomplete: a browser must not offer someone's real card here.
  return html`<label class="field ${name}"><span>${label}</span><input name="${name}" value="${form[name]}" placeholder="${hint}" autocomplete="off" ${must} ${keyboard} ${wrong}></label>`
}

/** The fields of a form that takes a card. */
export const cardFields = (asks: Asks, form: CardForm, problem: CardProblem | undefined): Markup => {
  const told = (names: FieldName[]): Markup =>
    problem && names.includes(problem.field) ? html`<p class="problem" id="problem" role="alert">${problem.message}</p>` : html`<p class="problem"></p>`
  const contact = html`<h2>Contact information</h2>${field({ name: 'email', label: 'Email', mode: 'email' }, form, problem)}${told(['email'])}`
  const card = html`<h2>Payment method</h2>
<fieldset><legend>Card information</legend>
${field({ name: 'number', label: 'Card number', hint: '1234 1234 1234 1234', mode: 'numeric' }, form, problem)}
${field({ name: 'expiry', label: 'Expiry', hint: 'MM / YY', mode: 'numeric' }, form, problem)}
${field({ name: 'cvc', label: 'Security code', hint: 'CVC', mode: 'numeric' }, form, problem)}
</fieldset>${told(['number', 'expiry', 'cvc'])}
${field({ name: 'name', label: 'Cardholder name', hint: 'Full name on card' }, form, problem)}`
  const address = html`<h2>Billing address</h2><div class="pair">${field({ name: 'country', label: 'Country', hint: 'DE' }, form, problem)}${field({ name: 'postal', label: 'Postcode', isOptional: true }, form, problem)}</div>${told(['country'])}`
  const tax = html`<h2>Business purchase</h2>${field({ name: 'tax', label: 'Business tax ID', hint: 'DE123456789 (optional)', isOptional: true }, form, problem)}${told(['tax'])}`
  return html`${asks.email && contact}${asks.card && card}${asks.address && html`<div class="more">${address}</div>`}${asks.taxId && html`<div class="more">${tax}</div>`}`
}

export const cardsNote = (): Markup =>
  html`<details class="note"><summary>Test cards: <code>4242 4242 4242 4242</code> is paid, <code>4000 0000 0000 0002</code> is declined</summary>
<ul>${testCards().map(({ number, says }) => html`<li><code>${number}</code> ${says}</li>`)}</ul><p>Any later expiry date, any three digits.</p></details>`

/** The card's bank asks its owner, as with 3-D Secure; what was filled in comes along. */
export const askPage = ({ form, what, cancel }: { form: CardForm; what: string; cancel: string }): string =>
  page({
    title: 'Your bank asks',
    name: 'checkout',
    body: html`<main class="message"><span class="tag">Test bank</span><h1>Is this you?</h1><p>The bank of the card ending in ${form.number.slice(-4)} would like to know that its owner is here: ${what}.</p>
<form method="post" class="ask">${FIELDS.map((name) => html`<input type="hidden" name="${name}" value="${form[name]}">`)}
<button class="primary" name="authentication" value="complete">Complete authentication</button>
<button class="secondary" name="authentication" value="fail">Fail authentication</button></form><a href="${cancel}">Back</a></main>`,
  })

export const NOT_AUTHENTICATED: CardProblem = {
  field: 'number',
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}
