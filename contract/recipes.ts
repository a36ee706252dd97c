import * as z from 'zod/mini'
import { endpoint, nothing } from './base.ts'

/** A recipe's name. */
export const recipe: z.ZodMiniString<string> = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/))

const Amounts = z.object({
  name: z.string(),
  codec: z.string(),
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  machineSeconds: z.int(),
  microUsd: z.optional(z.int()),
})

/** What making a video watchable will take. `microUsd`: millionths of a US dollar, by the price table of `pricesOf`. */
export const Estimate = z.object({
  recipe: z.string(),
  durationSeconds: z.number(),
  rungs: z.array(Amounts),
  /** On the school’s own machine: processor seconds, and how long that lasts with all its encoders. */
  machineSeconds: z.int(),
  wallSeconds: z.int(),
  /** What learners are served from. */
  bytes: z.int(),
  microUsd: z.int(),
  /** False when the table lacks a price of some rung: the sum is without it. */
  isPriced: z.boolean(),
  /** The day the prices were read, and where they hold. */
  pricesOf: z.object({ date: z.string(), region: z.string() }),
  /** Why the school’s budget does not allow it; absent when it does. */
  over: z.optional(z.string()),
})
export type Estimate = z.infer<typeof Estimate>

/** A ladder a school can choose. Rungs above a source are never made. */
export const RecipeSummary = z.object({
  name: z.string(),
  title: z.string(),
  says: z.string(),
  rungs: z.array(z.object({ name: z.string(), codec: z.string(), shortSide: z.int(), maxrateKbps: z.int(), isLater: z.boolean() })),
})
export type RecipeSummary = z.infer<typeof RecipeSummary>

/** How videos are made, and how much a month of them may take; a limit left out does not bind. */
export const MediaPolicy = z.object({
  recipe: z.string(),
  budget: z.object({
    machineMinutes: z.optional(z.int().check(z.minimum(0))),
    usdCents: z.optional(z.int().check(z.minimum(0))),
  }),
})
export type MediaPolicy = z.infer<typeof MediaPolicy>

const MediaSpending = z.object({ month: z.string(), machineSeconds: z.int(), microUsd: z.int(), held: z.int() })

export const recipes = {
  all: endpoint({
    method: 'GET',
    path: '/teach/recipes',
    access: 'teaching',
    summary: 'The ladders a video can be made in',
    input: nothing,
    output: z.object({ recipes: z.array(RecipeSummary), chosen: z.string() }),
  }),
  estimate: endpoint({
    method: 'POST',
    path: '/teach/estimates',
    access: 'teaching',
    summary: 'What a video would take, before it is sent',
    input: z.object({
      durationSeconds: z.number().check(z.positive(), z.maximum(86_400)),
      width: z.int().check(z.positive(), z.maximum(16_384)),
      height: z.int().check(z.positive(), z.maximum(16_384)),
      fps: z.optional(z.number().check(z.positive(), z.maximum(1000))),
      recipe: z.optional(recipe),
    }),
    output: Estimate,
  }),
  policy: endpoint({
    method: 'GET',
    path: '/school/media',
    access: 'admin',
    summary: 'How videos are made, the budget, and what this month has taken of it',
    input: nothing,
    output: z.object({ policy: MediaPolicy, spending: MediaSpending }),
  }),
  putPolicy: endpoint({
    method: 'PUT',
    path: '/school/media',
    access: 'admin',
    summary: 'Choose the recipe and the budget; what was held goes on if it fits now',
    input: MediaPolicy,
    output: z.object({ policy: MediaPolicy, spending: MediaSpending }),
  }),
}
