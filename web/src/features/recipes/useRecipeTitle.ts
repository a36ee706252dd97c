import { useQuery } from '@tanstack/vue-query'
import { client } from '../../lib/api.ts'

/** What a recipe is called for people; its name until that is known, and where the school has it no longer. */
export const useRecipeTitle = (): ((name: string) => string) => {
  const { data } = useQuery({ queryKey: ['recipes', 'all'], queryFn: () => client.recipes.all({}) })
  return (name) => data.value?.recipes.find((recipe) => recipe.name === name)?.title ?? name
}
