import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useSession } from './session.ts'

export type Place = { to: string; label: string; icon: string }
/** A desk of the school, and in a line what is done at it. */
export type Desk = Place & { says: string }
export type DeskGroup = { key: 'people' | 'money' | 'content' | 'running'; label: string; desks: Desk[] }

/** Support sees these; admins see all. */
const DESKS = [
  { key: 'people', group: 'people', to: '/school/people', icon: 'i-lucide-contact-round', isSupports: true },
  { key: 'access', group: 'people', to: '/school/access', icon: 'i-lucide-key-round', isSupports: true },
  { key: 'money', group: 'money', to: '/school/money', icon: 'i-lucide-banknote', isSupports: false },
  { key: 'orders', group: 'money', to: '/school/money/orders', icon: 'i-lucide-receipt-text', isSupports: true },
  { key: 'offers', group: 'money', to: '/school/offers', icon: 'i-lucide-tag', isSupports: false },
  { key: 'coupons', group: 'money', to: '/school/coupons', icon: 'i-lucide-ticket-percent', isSupports: false },
  { key: 'films', group: 'content', to: '/school/films', icon: 'i-lucide-clapperboard', isSupports: false },
  { key: 'videos', group: 'content', to: '/school/videos', icon: 'i-lucide-gauge', isSupports: false },
  { key: 'watching', group: 'content', to: '/school/watching', icon: 'i-lucide-monitor-play', isSupports: false },
  { key: 'content', group: 'content', to: '/school/content', icon: 'i-lucide-git-branch', isSupports: false },
  { key: 'settings', group: 'running', to: '/school/settings', icon: 'i-lucide-palette', isSupports: false },
  { key: 'health', group: 'running', to: '/school/health', icon: 'i-lucide-heart-pulse', isSupports: false },
  { key: 'storage', group: 'running', to: '/school/storage', icon: 'i-lucide-hard-drive', isSupports: false },
  { key: 'letters', group: 'running', to: '/school/letters', icon: 'i-lucide-mails', isSupports: false },
  { key: 'alerts', group: 'running', to: '/school/alerts', icon: 'i-lucide-bell-ring', isSupports: false },
  { key: 'events', group: 'running', to: '/school/events', icon: 'i-lucide-mail-x', isSupports: false },
  { key: 'webhooks', group: 'running', to: '/school/webhooks', icon: 'i-lucide-webhook', isSupports: false },
  { key: 'audit', group: 'running', to: '/school/audit', icon: 'i-lucide-scroll-text', isSupports: false },
] as const
const GROUPS = ['people', 'money', 'content', 'running'] as const

/** The desk a page belongs to: the one whose address is the longest beginning of its own. */
export const deskAt = (groups: readonly DeskGroup[], path: string): Desk | undefined =>
  groups
    .flatMap(({ desks }) => desks)
    .filter(({ to }) => path === to || path.startsWith(`${to}/`))
    .toSorted((one, other) => other.to.length - one.to.length)[0]

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
          ...(isAdmin.value ? [] : [{ to: '/school/content', label: t('shell.content'), icon: 'i-lucide-git-branch' }]),
        ]
      : []),
  ])
  const groups = computed((): DeskGroup[] => {
    const shown = DESKS.filter(({ isSupports, key }) => (isAdmin.value ? key !== 'orders' : isSupports && isSupport.value))
    return GROUPS.map((group) => ({
      key: group,
      label: t(`desks.groups.${group}`),
      desks: shown.flatMap((desk) =>
        desk.group === group ? [{ to: desk.to, icon: desk.icon, label: t(`desks.names.${desk.key}`), says: t(`desks.says.${desk.key}`) }] : [],
      ),
    })).filter(({ desks }) => desks.length > 0)
  })
  /** Where all of them stand together. */
  const overview = computed((): Place[] => (isSupport.value ? [{ to: '/school', label: t('shell.school'), icon: 'i-lucide-school' }] : []))
  const school = computed((): Place[] => groups.value.flatMap(({ desks }) => desks))
  return { learning, teaching, overview, groups, school }
}
