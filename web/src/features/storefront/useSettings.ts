import { useQuery, useQueryClient } from '@tanstack/vue-query'
import type { Brand, Home, Settings } from '#contract/storefront.ts'
import { client } from '../../lib/api.ts'
import { type Draft, useDraft } from './useDraft.ts'

const KEY = ['storefront', 'settings']

/** What the school says of itself, and its home page. */
export const useSettings = () => {
  const cache = useQueryClient()
  const query = useQuery({ queryKey: KEY, queryFn: () => client.storefront.settings({}) })
  const settle = async (settings: Settings): Promise<Settings> => {
    await cache.cancelQueries({ queryKey: KEY })
    cache.setQueryData(KEY, settings)
    return settings
  }
  return { query, settle }
}

export const useBrand = () => {
  const cache = useQueryClient()
  const { query, settle } = useSettings()
  const draft: Draft<Brand> = useDraft({
    stored: () => query.data.value?.brand,
    send: async (writing) => {
      const { brand } = await settle(await client.storefront.putBrand(writing))
      // The header and the footer of this very page.
      cache.setQueryData(['school'], await client.accounts.school({}))
      return brand
    },
  })
  return { query, ...draft }
}

export const useHomeDraft = () => {
  const cache = useQueryClient()
  const { query, settle } = useSettings()
  const draft: Draft<Home> = useDraft({
    stored: () => query.data.value?.home,
    send: async (writing) => {
      const { home } = await settle(await client.storefront.putHome(writing))
      cache.setQueryData(['catalogue-home'], home.value)
      return home
    },
  })
  return { query, ...draft }
}
