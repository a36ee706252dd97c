import { useQuery } from '@tanstack/vue-query'
import { computed, shallowRef } from 'vue'
import { COUPON_CODE } from '#contract/coupon-code.ts'
import type { Item, Quote, Recipient } from '#contract/payments.ts'
import { caseOf, client, refusalOf } from '../../lib/api.ts'
import { coupon } from '../../lib/coupon.ts'
import { store } from '../../lib/store.ts'
import { isSignedIn } from '../../lib/tokens.ts'

const CURRENCY = 'lectern.currency'

/** The currency somebody last chose; where something is not sold in it, the school's own is shown. */
export const chosenCurrency = shallowRef<string | undefined>(store.get(CURRENCY))

export const chooseCurrency = (currency: string): void => {
  chosenCurrency.value = currency
  store.set(CURRENCY, currency)
}

export type Basket = { item: Item; recipient: Recipient }
export type Priced = {
  quote: Quote
  /** Why the coupon takes nothing off. */
  refusedBecause?: string
}

const withCoupon = async (basket: Basket & { currency: string }, code: string, without: Quote): Promise<Priced> => {
  // What cannot be a code is not asked about.
  if (!COUPON_CODE.test(code)) return { quote: without, refusedBecause: 'unknown' }
  try {
    return { quote: await client.payments.quote({ ...basket, coupon: code }) }
  } catch (error) {
    if (refusalOf(error) !== 'coupon-refused') throw error
    return { quote: without, refusedBecause: caseOf(error) ?? 'unknown' }
  }
}

const priced = async (basket: Basket, wish: { currency: string | undefined; coupon: string | undefined }): Promise<Priced> => {
  const first = await client.payments.quote(basket)
  const currency = first.currencies.find((each) => each === wish.currency) ?? first.unit.currency
  const quote = currency === first.unit.currency ? first : await client.payments.quote({ ...basket, currency })
  return wish.coupon === undefined ? { quote } : withCoupon({ ...basket, currency }, wish.coupon, quote)
}

const nameOf = (item: Item): string => (item.kind === 'course' ? item.course : `${item.offer}.${item.every}`)

/** Somebody who only looks around is shown what is published; who may order, or brings a coupon, is told by the school. */
const isWorthAsking = (): boolean => isSignedIn.value === true || coupon.value !== undefined

type Asked = {
  /** Undefined: nothing is asked. */
  basket: () => Basket | undefined
  /** What it costs by the published files; without it the school is asked in any case. */
  published?: () => Quote | undefined
}

/** What a basket costs, in the currency and with the coupon of whoever is here. */
export const useQuote = ({ basket, published }: Asked) => {
  const thing = computed(() => {
    const asked = basket()
    return asked && nameOf(asked.item)
  })
  const query = useQuery({
    queryKey: ['payments', 'quote', thing, () => basket()?.recipient, chosenCurrency, coupon, isSignedIn],
    queryFn: () => {
      const asked = basket()
      if (!asked) throw new Error('Asked for the price of nothing.')
      return priced(asked, { currency: chosenCurrency.value, coupon: coupon.value })
    },
    enabled: () => basket() !== undefined && isSignedIn.value !== undefined && (published === undefined || isWorthAsking()),
    // While the same is asked for with another coupon, or for more people, its last price stays; never another thing's.
    placeholderData: (last, query) => (query?.queryKey[2] === thing.value ? last : undefined),
  })
  return {
    query,
    quote: computed(() => query.data.value?.quote ?? published?.()),
    refusedBecause: computed(() => query.data.value?.refusedBecause),
    /** What is shown is of what was asked for before. A school that does not answer keeps nobody waiting: the order asks it again. */
    isStale: computed(() => query.isPlaceholderData.value || (query.isLoading.value && query.failureCount.value === 0)),
  }
}
