import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useSession } from './session.ts'

export type Place = { to: string; label: string; icon: string }

/** The pages that somebody has besides those of single courses, by what they are to the school: the one list, for the menu, the palette and the school's own bar. */
export const useOwnPlaces = () => {
  const { t } = useI18n()
  const { isSignedIn, isInstructor, isTeaching, isSupport, isAdmin } = useSession()
  const learning = computed((): Place[] =>
    isSignedIn.value
      ? [
          { to: '/learning', label: t('shell.learning'), icon: 'i-lucide-book-open' },
          { to: '/learning/notes', label: t('notes.mine'), icon: 'i-lucide-notebook-pen' },
          { to: '/calendar', label: t('calendar.title'), icon: 'i-lucide-calendar' },
          { to: '/purchases', label: t('shell.purchases'), icon: 'i-lucide-receipt-text' },
          { to: '/account', label: t('account.title'), icon: 'i-lucide-user-cog' },
        ]
      : [],
  )
  const teaching = computed((): Place[] => [
    ...(isTeaching.value ? [{ to: '/teach', label: t('shell.teach'), icon: 'i-lucide-presentation' }] : []),
    ...(isInstructor.value
      ? [
          { to: '/teach/videos', label: t('shell.videos'), icon: 'i-lucide-clapperboard' },
          { to: '/teach/series', label: t('shell.series'), icon: 'i-lucide-calendar-clock' },
          { to: '/school/content', label: t('shell.content'), icon: 'i-lucide-git-branch' },
        ]
      : []),
  ])
  const people = computed((): Place => ({ to: '/school/people', label: t('people.title'), icon: 'i-lucide-contact-round' }))
  const access = computed((): Place => ({ to: '/school/access', label: t('shell.schoolAccess'), icon: 'i-lucide-key-round' }))
  const forSupport = computed((): Place[] =>
    isSupport.value ? [people.value, { to: '/school/money/orders', label: t('people.orders'), icon: 'i-lucide-receipt-text' }, access.value] : [],
  )
  const school = computed((): Place[] =>
    isAdmin.value
      ? [
          { to: '/school/money', label: t('money.title'), icon: 'i-lucide-banknote' },
          people.value,
          { to: '/school/offers', label: t('selling.menu'), icon: 'i-lucide-tag' },
          { to: '/school/coupons', label: t('selling.coupons.title'), icon: 'i-lucide-ticket-percent' },
          { to: '/school/staff', label: t('staff.title'), icon: 'i-lucide-users-round' },
          access.value,
          { to: '/school/settings', label: t('storefront.menu'), icon: 'i-lucide-palette' },
          { to: '/school/videos', label: t('shell.schoolVideos'), icon: 'i-lucide-gauge' },
          { to: '/school/watching', label: t('shell.schoolWatching'), icon: 'i-lucide-monitor-play' },
          { to: '/school/webhooks', label: t('webhooks.title'), icon: 'i-lucide-webhook' },
          { to: '/school/alerts', label: t('running.alerts.menu'), icon: 'i-lucide-bell-ring' },
          { to: '/school/events', label: t('running.events.menu'), icon: 'i-lucide-mail-x' },
          { to: '/school/leaving', label: t('running.leaving.menu'), icon: 'i-lucide-user-x' },
          { to: '/school/audit', label: t('shell.schoolAudit'), icon: 'i-lucide-scroll-text' },
        ]
      : forSupport.value,
  )
  return { learning, teaching, school }
}
