import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { type Place, useOwnPlaces } from '../../lib/places.ts'

/** Pages that somebody may want to go to from anywhere. */
export const usePlaces = () => {
  const { t } = useI18n()
  const { learning, teaching, overview, school } = useOwnPlaces()
  return computed<Place[]>(() => [
    { to: '/', label: t('shell.catalogue'), icon: 'i-lucide-library' },
    ...learning.value,
    ...teaching.value,
    ...overview.value,
    ...school.value,
  ])
}

/** Those whose name has words that begin so. */
export const placesFor = (places: readonly Place[], typed: string): Place[] => {
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
