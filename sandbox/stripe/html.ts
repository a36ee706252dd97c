import { html, type Markup, wholePage } from '../markup.ts'

export const page = ({ title, name, also, body }: { title: string; name: 'checkout' | 'board'; also?: string; body: Markup }): string =>
  wholePage({
    ...{ language: 'en', title, styles: ['style', name, ...(also === undefined ? [] : [also])].map((sheet) => `/sandbox/stripe/${sheet}.css`) },
    body: html`<body class="${name}">
<p class="banner">Stand-in checkout: no money moves</p>
${body}
</body>`,
  })

const WITHOUT_DECIMALS = new Set(['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'])
const THREE_DECIMALS = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'])

const decimals = (currency: string): number => (WITHOUT_DECIMALS.has(currency) ? 0 : THREE_DECIMALS.has(currency) ? 3 : 2)

/** `19.90` as Stripe's smallest unit; what is no such amount is not a number. */
export const smallest = (amount: string, currencyCode: string): number => {
  const [, whole, part = ''] = /^(\d{1,8})(?:[.,](\d+))?$/.exec(amount) ?? []
  const digits = decimals(currencyCode.toUpperCase())
  return whole === undefined || part.length > digits ? Number.NaN : Number(whole + part.padEnd(digits, '0'))
}

/** The other way, without a currency: what a field is filled with. */
export const plain = (amount: number, currencyCode: string): string => {
  const digits = decimals(currencyCode.toUpperCase())
  return (amount / 10 ** digits).toFixed(digits)
}

/** Stripe's smallest unit as a price. */
export const price = (amount: number, currencyCode: string): string => {
  const currency = currencyCode.toUpperCase()
  const digits = decimals(currency)
  return new Intl.NumberFormat('en', { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    amount / 10 ** digits,
  )
}

export const moment = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** Seconds since 1970 as a day (UTC). */
export const day = (seconds: number): string => DAY.format(new Date(seconds * 1000))
