import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** A word of the address, so that what one looks at can be sent on; undefined where it is not said. */
export const useSaid = <T extends string>(key: string, known?: readonly T[]): WritableComputedRef<T | undefined> => {
  const [route, router] = [useRoute(), useRouter()]
  return computed({
    get: () => {
      const value = route.query[key]
      if (typeof value !== 'string' || value === '') return undefined
      // Of the known ones, or any text where none are named and T is string.
      return known ? known.find((each) => each === value) : (value as T)
    },
    set: (to) => {
      const { [key]: _, ...rest } = route.query
      void router.replace({ query: to === undefined ? rest : { ...rest, [key]: to } })
    },
  })
}
