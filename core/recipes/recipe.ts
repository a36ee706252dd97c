import * as z from 'zod/mini'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'

const Rung = z.object({
  name: z.string().check(z.regex(/^[a-z0-9]{1,12}$/)),
  /** The height of a landscape picture and the width of a portrait one. */
  shortSide: z.int().check(z.minimum(16), z.maximum(4320)),
  /** The encoder's constant quality: 0 … 51 of H.264, 0 … 63 of AV1. */
  crf: z.int().check(z.minimum(0), z.maximum(63)),
  /** Never more than this, whatever the picture asks; half as much again from 48 frames a second on. */
  maxrateKbps: z.int().check(z.minimum(50), z.maximum(50_000)),
})

/**
 * Rungs of one codec. `effort` is the encoder's own word (x264's preset, SVT-AV1's number). `when`: before the video is
 * ready, or afterwards, while nothing else is waiting.
 */
const Family = z.object({
  codec: z.enum(['h264', 'av1']),
  effort: z.string().check(z.regex(/^[a-z0-9]{1,12}$/)),
  tune: z.optional(z.string().check(z.regex(/^[a-z]{1,16}$/))),
  when: z.enum(['first', 'later']),
  rungs: z.array(Rung).check(z.minLength(1), z.maxLength(8)),
})

/** A ladder as a school keeps it: one JSON object under `recipes/`. Both homes make their settings of it. */
export const Recipe = z.object({
  name: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/)),
  title: z.string().check(z.minLength(1), z.maxLength(60)),
  says: z.string().check(z.maxLength(300)),
  segmentSeconds: z.int().check(z.minimum(2), z.maximum(10)),
  audioKbps: z.int().check(z.minimum(48), z.maximum(320)),
  families: z.array(Family).check(
    z.minLength(1),
    z.maxLength(2),
    // Every browser plays H.264; what plays nowhere is no recipe.
    z.refine((families) => families[0]?.codec === 'h264' && families[0].when === 'first' && families.slice(1).every(({ when }) => when === 'later')),
    z.refine((families) => {
      const names = families.flatMap(({ rungs }) => rungs.map(({ name }) => name))
      return new Set(names).size === names.length
    }),
  ),
})
export type Recipe = z.infer<typeof Recipe>

const standardRungs = [
  { name: '1080p', shortSide: 1080, crf: 21, maxrateKbps: 3500 },
  { name: '720p', shortSide: 720, crf: 22, maxrateKbps: 1800 },
  { name: '480p', shortSide: 480, crf: 23, maxrateKbps: 900 },
  { name: '270p', shortSide: 270, crf: 24, maxrateKbps: 350 },
]
const standardFamily = { codec: 'h264', effort: 'veryfast', tune: 'animation', when: 'first', rungs: standardRungs } as const
const shared = { segmentSeconds: 4, audioKbps: 128 }

/** What every school begins with. docs/recipes.md has their sizes and qualities as measured. */
export const SHIPPED: readonly Recipe[] = [
  {
    ...{ name: 'standard', title: 'Standard', says: 'Up to 1080p. What most lectures are well served by.', ...shared },
    families: [{ ...standardFamily, rungs: [...standardRungs] }],
  },
  {
    ...{ name: 'quality', title: 'Quality', says: 'Up to 4K, and finer at every size. Takes half as long again at the same sizes.', ...shared, audioKbps: 192 },
    families: [
      {
        ...{ codec: 'h264', effort: 'faster', tune: 'animation', when: 'first' },
        rungs: [
          { name: '2160p', shortSide: 2160, crf: 20, maxrateKbps: 12_000 },
          { name: '1440p', shortSide: 1440, crf: 20, maxrateKbps: 6500 },
          { name: '1080p', shortSide: 1080, crf: 19, maxrateKbps: 4500 },
          { name: '720p', shortSide: 720, crf: 20, maxrateKbps: 2400 },
          { name: '480p', shortSide: 480, crf: 21, maxrateKbps: 1200 },
          { name: '270p', shortSide: 270, crf: 23, maxrateKbps: 450 },
        ],
      },
    ],
  },
  {
    ...{ name: 'thrifty', title: 'Thrifty', ...shared },
    says: 'Standard first; then, while nothing else waits, AV1 beside it, which needs about two fifths of the data where it can be played.',
    families: [
      { ...standardFamily, rungs: [...standardRungs] },
      {
        ...{ codec: 'av1', effort: '10', when: 'later' },
        rungs: [
          { name: '1080a', shortSide: 1080, crf: 45, maxrateKbps: 1800 },
          { name: '720a', shortSide: 720, crf: 45, maxrateKbps: 900 },
        ],
      },
    ],
  },
]

const PREFIX = 'recipes/'
const keyOf = (name: string): string => `${PREFIX}${name}.json`

/** Writes the shipped recipes a school does not have; those it has changed stay as they are. */
export const ensureRecipes = async ({ objects }: Pick<World, 'objects'>): Promise<void> => {
  for (const recipe of SHIPPED) {
    if (await objects.head(keyOf(recipe.name))) continue
    await objects.put(keyOf(recipe.name), `${JSON.stringify(recipe, undefined, 2)}\n`, { type: 'application/json' })
  }
}

/** @throws Refusal `bad-input` when there is no such recipe; a fault when its object is none. */
export const readRecipe = async ({ objects }: Pick<World, 'objects'>, name: string): Promise<Recipe> => {
  const stored = await objects.get(keyOf(name))
  const text = stored && new TextDecoder().decode(stored.bytes)
  const shipped = SHIPPED.find((recipe) => recipe.name === name)
  if (text === undefined && !shipped) throw new Refusal('bad-input', `There is no recipe “${name}”.`)
  return text === undefined ? Recipe.parse(shipped) : Recipe.parse(JSON.parse(text))
}

export const listRecipes = async ({ objects }: Pick<World, 'objects'>): Promise<Recipe[]> => {
  const { items } = await objects.list(PREFIX)
  const names = new Set([...SHIPPED.map(({ name }) => name), ...items.flatMap(({ key }) => /^recipes\/([a-z0-9-]+)\.json$/.exec(key)?.[1] ?? [])])
  return Promise.all([...names].map((name) => readRecipe({ objects }, name)))
}
