import * as z from 'zod/mini'

/** A question at the end of a lesson, with its key: for teachers only. */
export const Question = z.object({
  /** Markdown. */
  prompt: z.string().check(z.trim(), z.minLength(1), z.maxLength(2000)),
  /** One of the options is right, or any number of them. */
  kind: z.enum(['single', 'multiple']),
  options: z
    .array(z.object({ text: z.string().check(z.trim(), z.minLength(1), z.maxLength(500)), isRight: z.boolean() }))
    .check(z.minLength(2), z.maxLength(8)),
  /** Shown once it is answered. Markdown. */
  explanation: z.string().check(z.maxLength(2000)),
})
export type Question = z.infer<typeof Question>

/** How many of its options are right. */
export const rightOptions = ({ options }: Pick<Question, 'options'>): number => options.filter(({ isRight }) => isRight).length

export const MOST_QUESTIONS = 20

/** A question as learners are asked it: without its key. */
export const AskedQuestion = z.object({ prompt: z.string(), kind: z.enum(['single', 'multiple']), options: z.array(z.string()) })
export type AskedQuestion = z.infer<typeof AskedQuestion>

/** What becomes of one answer; which options would have been right is not told. */
export const MarkedAnswer = z.object({ isRight: z.boolean(), explanation: z.string() })
export type MarkedAnswer = z.infer<typeof MarkedAnswer>
