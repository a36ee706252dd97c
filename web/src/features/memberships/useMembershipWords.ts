import { useI18n } from 'vue-i18n'
import type { Membership } from '#contract/memberships.ts'
import { formatDay } from '../../lib/dates.ts'
import { formatMoney } from '../../lib/money.ts'

type Badge = { label: string; color: 'success' | 'warning' | 'error' | 'neutral' | 'primary' }

/** How a membership or a plan stands, in a word and in a sentence. */
export const useMembershipWords = () => {
  const { t } = useI18n()

  const badgeOf = ({ state, endsAt }: Membership): Badge => {
    if (endsAt !== undefined && (state === 'active' || state === 'trial')) return { label: t('memberships.badges.cancelled'), color: 'neutral' }
    const badges: Record<Membership['state'], Badge> = {
      trial: { label: t('memberships.badges.trial'), color: 'primary' },
      active: { label: t('memberships.badges.active'), color: 'success' },
      grace: { label: t('memberships.badges.grace'), color: 'warning' },
      lapsed: { label: t('memberships.badges.lapsed'), color: 'error' },
      paused: { label: t('memberships.badges.paused'), color: 'warning' },
      ended: { label: t('memberships.badges.ended'), color: 'neutral' },
      complete: { label: t('memberships.badges.complete'), color: 'success' },
    }
    return badges[state]
  }

  const running = ({ kind, price, paidUntil }: Membership): string =>
    kind === 'instalments'
      ? t('memberships.says.nextPart', { price: formatMoney(price), day: formatDay(paidUntil) })
      : t('memberships.says.renews', { price: formatMoney(price), day: formatDay(paidUntil) })

  const inGrace = ({ price, graceUntil, retryAt, payUrl }: Membership): string => {
    const failed = t('memberships.says.failed', { price: formatMoney(price) })
    const open = graceUntil === undefined ? '' : t('memberships.says.graceUntil', { day: formatDay(graceUntil) })
    const last = payUrl === undefined ? '' : t('memberships.says.notRetried')
    const again = retryAt === undefined ? last : t('memberships.says.retried', { day: formatDay(retryAt) })
    return [failed, open, again].filter(Boolean).join(' ')
  }

  const sentenceOf = (membership: Membership): string => {
    const { state, price, paidUntil, endsAt } = membership
    switch (state) {
      case 'trial':
        return endsAt === undefined
          ? t('memberships.says.trial', { price: formatMoney(price), day: formatDay(paidUntil) })
          : t('memberships.says.trialEnds', { day: formatDay(endsAt) })
      case 'active':
        return endsAt === undefined ? running(membership) : t('memberships.says.runsOut', { day: formatDay(endsAt) })
      case 'grace':
        return inGrace(membership)
      case 'lapsed':
        return t('memberships.says.lapsed')
      case 'paused':
        return t('memberships.says.paused')
      case 'ended':
        return t('memberships.says.ended', { day: formatDay(endsAt ?? paidUntil) })
      case 'complete':
        return t('memberships.says.complete')
    }
  }

  return { badgeOf, sentenceOf }
}
