import * as z from 'zod/mini'
import { id } from './base.ts'

const line = (most: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(most))

export const SalesQuestion = z.object({
  question: line(200),
  /** Markdown. */
  answer: z.string().check(z.minLength(1), z.maxLength(4000)),
})
export type SalesQuestion = z.infer<typeof SalesQuestion>

/** What the page that sells a course says beside the course's own words; everything may be left out. */
export const SalesPage = z.object({
  /** For whom it is. */
  audience: z.array(line(160)).check(z.maxLength(8)),
  /** What one needs first. */
  needs: z.array(line(160)).check(z.maxLength(8)),
  /** A video lesson that everybody may watch. */
  trailer: z.optional(id('les')),
  teacher: z.object({
    /** Markdown. */
    text: z.string().check(z.maxLength(4000)),
    /** A public picture of this school. */
    photo: z.optional(z.string().check(z.regex(/^\/catalogue\/pictures\/pic_[0-9a-z]{8,32}\/\d{1,5}x\d{1,5}\.(png|jpg|webp|avif|gif)$/))),
  }),
  questions: z.array(SalesQuestion).check(z.maxLength(20)),
  /** What happens when somebody wants their money back; one line under the price. */
  refunds: z.string().check(z.maxLength(240)),
})
export type SalesPage = z.infer<typeof SalesPage>
