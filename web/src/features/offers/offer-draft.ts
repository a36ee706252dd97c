import type { Offer, OfferPrice, OfferTerms } from '#contract/offers.ts'
import { parsePrices, type TypedPrice, typedPrices } from '../courses/price.ts'

export const KINDS = ['once', 'instalments', 'membership'] as const
export type Kind = (typeof KINDS)[number]

type Every = OfferPrice['every']

/** An offer as it stands in a form. */
export type OfferDraft = {
  title: string
  summary: string
  kind: Kind
  count: number
  trialDays: number
  prices: Record<Every, TypedPrice[]>
  courses: string[]
  isOnSale: boolean
}

export type OfferWanted = Pick<Offer, 'title' | 'summary' | 'terms' | 'prices' | 'isOnSale'> & { courses: string[] }

/** Which prices each kind has; those after the first may be left empty. */
export const EVERY: Record<Kind, readonly Every[]> = { once: ['once'], instalments: ['month'], membership: ['month', 'year'] }

export const emptyDraft = (currency: string): OfferDraft => {
  const row = (): TypedPrice[] => [{ currency, typed: '' }]
  return {
    ...{ title: '', summary: '', kind: 'once', count: 6, trialDays: 0, courses: [], isOnSale: true },
    prices: { once: row(), month: row(), year: row() },
  }
}

export const draftOf = ({ title, summary, terms, prices, courses, isOnSale }: Offer, currency: string): OfferDraft => {
  const empty = emptyDraft(currency)
  const of = (every: Every): TypedPrice[] => {
    const rows = typedPrices(prices.flatMap((each) => (each.every === every ? [each.price] : [])))
    return rows.length > 0 ? rows : empty.prices[every]
  }
  return {
    ...{ title, summary, kind: terms.kind, isOnSale, courses: courses.map(({ id }) => id) },
    count: terms.kind === 'instalments' ? terms.count : empty.count,
    trialDays: terms.kind === 'membership' ? terms.trialDays : 0,
    prices: { once: of('once'), month: of('month'), year: of('year') },
  }
}

const termsOf = ({ kind, count, trialDays }: OfferDraft): OfferTerms => {
  if (kind === 'instalments') return { kind, count }
  return kind === 'membership' ? { kind, trialDays } : { kind }
}

/** The first of each stands there by itself and may be left empty; one that was added is taken away by hand, never in silence. */
const rowsOf = ({ kind, prices }: OfferDraft) =>
  EVERY[kind].map((every) => ({ every, rows: prices[every].filter(({ typed }, place) => place > 0 || typed.trim() !== '') }))

/** Every price that is typed; undefined while one is none. */
const pricesOf = (draft: OfferDraft): OfferPrice[] | undefined => {
  const groups = rowsOf(draft).map(({ every, rows }) => parsePrices(rows)?.map((price) => ({ every, price })))
  return groups.every((group) => group !== undefined) ? groups.flat() : undefined
}

/** What can be shown of it while it is being written. */
export const shownPrices = (draft: OfferDraft): OfferPrice[] =>
  rowsOf(draft).flatMap(({ every, rows }) => rows.flatMap((row) => (parsePrices([row]) ?? []).map((price) => ({ every, price }))))

export const shownTerms = termsOf

export type Problem = 'title' | 'prices' | 'courses'

export const problemsOf = (draft: OfferDraft): Problem[] => [
  ...(draft.title.trim() === '' ? (['title'] as const) : []),
  ...((pricesOf(draft)?.length ?? 0) === 0 ? (['prices'] as const) : []),
  ...(draft.courses.length === 0 ? (['courses'] as const) : []),
]

/** Undefined while something of it is missing. */
export const wantedOf = (draft: OfferDraft): OfferWanted | undefined => {
  const prices = pricesOf(draft)
  if (!prices || problemsOf(draft).length > 0) return undefined
  const { title, summary, courses, isOnSale } = draft
  return { title: title.trim(), summary: summary.trim(), terms: termsOf(draft), prices, courses, isOnSale }
}
