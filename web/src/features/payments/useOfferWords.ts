import { useI18n } from 'vue-i18n'
import type { Money } from '#contract/base.ts'
import type { Offer, OfferPrice } from '#contract/offers.ts'
import { formatMoney } from '../../lib/money.ts'
import { pricesIn } from './offering.ts'

/** What is due how often, in words. */
export const useOfferWords = () => {
  const { t } = useI18n()

  const per = (price: Money, every: OfferPrice['every']): string => {
    if (every === 'once') return formatMoney(price)
    return every === 'month' ? t('offers.perMonth', { price: formatMoney(price) }) : t('offers.perYear', { price: formatMoney(price) })
  }

  /** `3 × €20` · `€15 a month` · `€99`. */
  const priceOf = (offer: Offer, currency: string | undefined): string => {
    const [first] = pricesIn(offer, currency)
    if (!first) return ''
    return offer.terms.kind === 'instalments' ? t('offers.parts', { count: offer.terms.count, price: formatMoney(first.price) }) : per(first.price, first.every)
  }

  const trialOf = ({ terms }: Pick<Offer, 'terms'>): string | undefined =>
    terms.kind === 'membership' && terms.trialDays > 0 ? t('offers.trial', terms.trialDays) : undefined

  /** How the school calls it: a membership, an instalment plan, a bundle. */
  const kindOf = ({ terms }: Pick<Offer, 'terms'>): string =>
    ({ membership: t('offers.membership'), instalments: t('offers.instalments'), once: t('offers.bundle') })[terms.kind]

  return { per, priceOf, trialOf, kindOf }
}
