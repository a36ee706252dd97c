import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Attention } from '#contract/desks.ts'
import { client } from '../../lib/api.ts'
import { bytesText } from '../media/amounts.ts'
import { WORRIES } from '../money/worries.ts'

const AGAIN_MS = 60_000

/** What was given up is told of everything here, and by other words. */
const MONEY = WORRIES.filter((worry) => worry.key !== 'deadLetters')

const LATE_TO = { films: '/school/films', letters: '/school/letters', payments: '/school/money' } as const

/** What waits for a person, of everything, in the order in which it wants one. */
export const useAttention = () => {
  const { t, d, locale } = useI18n()
  const query = useQuery({ queryKey: ['operations', 'attention'], queryFn: () => client.operations.attention({}), staleTime: 0, refetchInterval: AGAIN_MS })
  const counted = (key: string, count: number, icon: string, to: string) =>
    count > 0 ? [{ key, title: t(`desks.attention.${key}`, count), text: t(`desks.attention.${key}Text`), icon, to }] : []
  const late = ({ delayed }: Attention) =>
    delayed.map(({ part, since }) => ({
      key: `late.${part}`,
      title: t(`desks.attention.late.${part}`),
      text: t('desks.attention.since', { at: d(since ?? 0, { dateStyle: 'medium', timeStyle: 'short' }) }),
      icon: 'i-lucide-hourglass',
      to: LATE_TO[part],
    }))
  const room = ({ disk }: Attention) =>
    disk.isLow
      ? [
          {
            key: 'disk',
            title: t('desks.attention.disk', { free: bytesText(disk.freeBytes ?? 0, locale.value) }),
            text: t('desks.attention.diskText'),
            icon: 'i-lucide-hard-drive',
            to: '/school/storage',
          },
        ]
      : []
  const waiting = computed(() => {
    const found = query.data.value
    if (!found) return []
    return [
      ...late(found),
      ...room(found),
      ...MONEY.flatMap(({ key, icon, to }) => {
        const count = found.money[key]
        return count > 0 ? [{ key, title: t(`money.attention.${key}`, count), text: t(`money.attention.${key}Text`), icon, to }] : []
      }),
      ...counted('deadLetters', found.deadLetters, 'i-lucide-mail-x', '/school/events'),
      ...counted('failedFilms', found.failedFilms, 'i-lucide-clapperboard', '/school/films?show=trouble'),
      ...counted('heldFilms', found.heldFilms, 'i-lucide-circle-pause', '/school/films?show=trouble'),
      ...counted('failedLetters', found.failedLetters, 'i-lucide-mail-warning', '/school/letters?show=failed'),
      ...counted('leaving', found.leaving, 'i-lucide-user-x', '/school/people/leaving'),
    ]
  })
  return { query, waiting }
}
