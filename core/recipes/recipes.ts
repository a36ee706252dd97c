import type { recipes as contract, Estimate, MediaPolicy, RecipeSummary } from '#contract/recipes.ts'
import { event } from '#core/events.ts'
import type { Feature } from '#core/handlers.ts'
import { heldRecords } from '#core/media/records.ts'
import type { World } from '#ports/world.ts'
import { monthOf, overBudget, policyOf, policyRecords, spentIn } from './budget.ts'
import { estimateOf } from './estimate.ts'
import { laddersOf } from './ladder.ts'
import { listRecipes, type Recipe, readRecipe } from './recipe.ts'

const summaryOf = ({ name, title, says, families }: Recipe): RecipeSummary => ({
  ...{ name, title, says },
  rungs: families.flatMap(({ codec, when, rungs }) =>
    rungs.map(({ name: rung, shortSide, maxrateKbps }) => ({ name: rung, codec, shortSide, maxrateKbps, isLater: when === 'later' })),
  ),
})

const all = async (world: World): Promise<{ recipes: RecipeSummary[]; chosen: string }> => ({
  recipes: (await listRecipes(world)).map(summaryOf),
  chosen: (await policyOf(world.tables)).recipe,
})

type Wanted = { durationSeconds: number; width: number; height: number; fps?: number | undefined; recipe?: string | undefined }

const TAKEN_FPS = 30

/** Before a file is sent, from what the browser can tell of it. */
const estimate = async (world: World, { durationSeconds, width, height, fps = TAKEN_FPS, recipe }: Wanted): Promise<Estimate> => {
  const policy = await policyOf(world.tables)
  const chosen = await readRecipe(world, recipe ?? policy.recipe)
  const ladders = laddersOf({ width, height, fps: { num: Math.round(Math.min(60, fps) * 1000), den: 1000 } }, chosen)
  const found = estimateOf({ durationSeconds, width, height }, { recipe: chosen.name, ladders: Object.values(ladders), encoders: world.settings.encoders })
  const over = overBudget(world.settings.home, policy, await spentIn(world.tables, monthOf(world.clock)), found)
  return { ...found, ...(over !== undefined && { over }) }
}

const policy = async ({ tables, clock }: World) => {
  const { id: _, ...stored } = await policyOf(tables)
  const { items } = await heldRecords.listIndex(tables, 'held', { limit: 1000 })
  return { policy: stored, spending: { ...(await spentIn(tables, monthOf(clock))), held: items.length } }
}

const putPolicy = async (world: World, wanted: MediaPolicy) => {
  const { name } = await readRecipe(world, wanted.recipe)
  const told = event(world, 'media-policy.changed', { recipe: name })
  await world.tables.commit([policyRecords.put({ id: 'media', ...wanted })], [told])
  return policy(world)
}

/** How videos are made, and what a month of them may take. */
export const recipes: Feature<typeof contract> = {
  handlers: { all, estimate: (world, _, wanted) => estimate(world, wanted), policy, putPolicy: (world, _, wanted) => putPolicy(world, wanted) },
  hearings: [],
  timers: [],
}
