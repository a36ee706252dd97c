import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useSession } from '../../lib/session.ts'

export type GoTo = { to: string; label: string; icon: string }

/** Pages that somebody may want to go to from anywhere, by what they are to the school. */
export const usePlaces = () => {
  const { t } = useI18n()
  const { isSignedIn, isInstructor, isTeaching, isSupport, isAdmin } = useSession()
  return computed<GoTo[]>(() => [
    { to: '/', label: t('shell.catalogue'), icon: 'i-lucide-library' },
    ...(isSignedIn.value
      ? [
          { to: '/learning', label: t('shell.learning'), icon: 'i-lucide-book-open' },
          { to: '/learning/notes', label: t('notes.mine'), icon: 'i-lucide-notebook-pen' },
          { to: '/calendar', label: t('calendar.title'), icon: 'i-lucide-calendar' },
          { to: '/purchases', label: t('shell.purchases'), icon: 'i-lucide-receipt-text' },
        ]
      : []),
    ...(isTeaching.value ? [{ to: '/teach', label: t('shell.teach'), icon: 'i-lucide-presentation' }] : []),
    ...(isInstructor.value
      ? [
          { to: '/teach/videos', label: t('shell.videos'), icon: 'i-lucide-clapperboard' },
          { to: '/teach/series', label: t('shell.series'), icon: 'i-lucide-calendar-clock' },
        ]
      : []),
    ...(isSupport.value
      ? [
          { to: '/school/people', label: t('people.title'), icon: 'i-lucide-contact-round' },
          { to: '/school/access', label: t('shell.schoolAccess'), icon: 'i-lucide-key-round' },
        ]
      : []),
    ...(isAdmin.value
      ? [
          { to: '/school/money', label: t('money.title'), icon: 'i-lucide-banknote' },
          { to: '/school/offers', label: t('selling.menu'), icon: 'i-lucide-tag' },
          { to: '/school/settings', label: t('storefront.menu'), icon: 'i-lucide-palette' },
        ]
      : []),
  ])
}

/** Those whose name has words that begin so. */
export const placesFor = (places: readonly GoTo[], typed: string): GoTo[] => {
  const words = typed.toLowerCase().split(/\s+/)
  return places.filter(({ label }) =>
    words.every((word) =>
      label
        .toLowerCase()
        .split(/[\s-]+/)
        .some((part) => part.startsWith(word)),
    ),
  )
}
