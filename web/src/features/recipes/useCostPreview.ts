import { useLocalStorage } from '@vueuse/core'
import { shallowRef } from 'vue'
import type { Estimate, RecipeSummary } from '#contract/recipes.ts'
import { client } from '../../lib/api.ts'
import { type FilmFacts, filmFacts } from './film-facts.ts'

export type Offer = { recipe: RecipeSummary; estimate: Estimate }
export type Preview = { file: File; facts: FilmFacts; offers: Offer[]; chosen: string }

const offersFor = async (facts: FilmFacts): Promise<{ offers: Offer[]; chosen: string }> => {
  const { recipes, chosen } = await client.recipes.all({})
  const offers = await Promise.all(recipes.map(async (recipe) => ({ recipe, estimate: await client.recipes.estimate({ ...facts, recipe: recipe.name }) })))
  return { offers, chosen }
}

/** What sending a file will take, told before it is sent. `start` is called at once where there is nothing to tell or nobody wants to hear it. */
export const useCostPreview = (start: (file: File, recipe?: string) => void) => {
  const preview = shallowRef<Preview>()
  const isLooking = shallowRef(false)
  /** The recipe that someone does not want to be asked about any more. */
  const settled = useLocalStorage('lectern.recipe', '')

  const look = async (file: File): Promise<void> => {
    const facts = await filmFacts(file)
    if (!facts) return start(file)
    const { offers, chosen } = await offersFor(facts)
    const usual = offers.find(({ recipe }) => recipe.name === settled.value)
    // A budget that does not allow it is worth being asked about all the same.
    if (usual && usual.estimate.over === undefined) return start(file, usual.recipe.name)
    preview.value = { file, facts, offers, chosen: usual?.recipe.name ?? chosen }
  }
  const ask = async (file: File): Promise<void> => {
    isLooking.value = true
    // A preview is a courtesy: without one the file is sent as the school makes them.
    await look(file).catch(() => start(file))
    isLooking.value = false
  }
  const accept = ({ recipe, isSettled }: { recipe: string; isSettled: boolean }): void => {
    const file = preview.value?.file
    settled.value = isSettled ? recipe : ''
    preview.value = undefined
    if (file) start(file, recipe)
  }
  const cancel = (): void => {
    preview.value = undefined
  }
  const askAgain = (): void => {
    settled.value = ''
  }
  return { preview, isLooking, settled, ask, accept, cancel, askAgain }
}
