import { useI18n } from 'vue-i18n'
import type { Order } from '#contract/payments.ts'

type Look = { icon: string; title: string; text: string }

type Seen = {
  /** It is taking longer than usual. */
  isLong: boolean
  /** The checkout page has sent them back here: an open order is most likely one just paid. */
  isReturned: boolean
  /** Of a gift: who has taken it up. */
  takenBy: string | undefined
}

/** What an order's page says at each state. */
export const useOrderWords = () => {
  const { t } = useI18n()

  const giftLook = (title: string, { to, takenBy }: { to: string | undefined; takenBy: string | undefined }): Look => {
    if (takenBy !== undefined) return { icon: 'i-lucide-gift', title: t('order.giftTakenTitle'), text: t('order.giftTaken', { title, name: takenBy }) }
    return { icon: 'i-lucide-gift', title: t('order.giftTitle'), text: to ? t('order.giftSent', { title, to }) : t('order.giftText', { title }) }
  }

  const disputedLook = ({ recipient, title }: Order, dispute: NonNullable<Order['dispute']>): Look => {
    if (dispute === 'lost') return { icon: 'i-lucide-undo-2', title: t('order.disputeLostTitle'), text: t('order.disputeLostText', { course: title }) }
    const text = recipient.kind === 'me' ? t('order.onHoldText', { course: title }) : t('order.onHoldOthers', { course: title })
    return { icon: 'i-lucide-circle-pause', title: t('order.onHoldTitle'), text }
  }

  const paidLook = ({ recipient, terms, title }: Order, { takenBy }: Seen): Look => {
    if (recipient.kind === 'gift') return giftLook(title, { to: recipient.to, takenBy })
    if (recipient.kind === 'team') return { icon: 'i-lucide-users', title: t('order.teamTitle'), text: t('order.teamText', { title, seats: recipient.seats }) }
    const texts = { once: 'order.paidText', membership: 'order.memberText', instalments: 'order.planText' } as const
    return { icon: 'i-lucide-circle-check', title: t('order.paidTitle'), text: t(texts[terms.kind], { course: title }) }
  }

  const openText = ({ recipient }: Order, isLong: boolean): string => {
    if (isLong) return t('order.confirmingLong')
    return recipient.kind === 'me' ? t('order.confirmingText') : t('order.confirmingOthers')
  }

  const openLook = (order: Order, { isLong, isReturned }: Seen): Look =>
    isReturned
      ? { icon: 'i-lucide-loader-circle', title: t('order.confirmingTitle'), text: openText(order, isLong) }
      : { icon: 'i-lucide-credit-card', title: t('order.openTitle'), text: t('order.openText', { title: order.title }) }

  const lookOf = (order: Order, seen: Seen): Look => {
    switch (order.state) {
      case 'waiting':
        return { icon: 'i-lucide-hourglass', title: t('order.waitingTitle'), text: t('order.waitingText') }
      case 'open':
        return openLook(order, seen)
      case 'paid':
        return order.dispute ? disputedLook(order, order.dispute) : paidLook(order, seen)
      case 'expired':
        return { icon: 'i-lucide-timer-off', title: t('order.expiredTitle'), text: t('order.expiredText') }
      case 'refunded':
        return { icon: 'i-lucide-undo-2', title: t('order.refundedTitle'), text: t('order.refundedText', { course: order.title }) }
      case 'held':
        return { icon: 'i-lucide-user-search', title: t('order.heldTitle'), text: t('order.heldText') }
    }
  }

  /** The page it was ordered from. */
  const backTo = ({ item, courses: [course] }: Order): string => (item.kind === 'offer' ? `/offers/${item.offer}` : `/courses/${course?.slug ?? ''}`)

  return { lookOf, backTo }
}
