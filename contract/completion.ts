import * as z from 'zod/mini'

/** When a video lesson is completed: by so many percent of it watched, or when the learner says so. Other lessons always go by the learner’s word. */
export const CompletionRule = z.discriminatedUnion('by', [
  z.object({ by: z.literal('watching'), percent: z.int().check(z.minimum(10), z.maximum(100)) }),
  z.object({ by: z.literal('learner') }),
])
export type CompletionRule = z.infer<typeof CompletionRule>
