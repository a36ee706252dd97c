import * as z from 'zod/mini'
import { endpoint, id } from './base.ts'
import { LessonKind } from './lesson-kinds.ts'

/**
 * `course`, `section`, `lesson`: a title · `about`: what a course says of itself · `text`: what is written in a lesson, its files’ names too ·
 * `spoken`: what is said in its video · `note`: one of my own.
 */
export const HitKind = z.enum(['course', 'section', 'lesson', 'about', 'text', 'note', 'spoken'])
export type HitKind = z.infer<typeof HitKind>

/** Where something was found. `matches` are offsets into `text`, as JavaScript counts them. */
export const SearchHit = z.object({
  kind: HitKind,
  /** `isDraft`: it has never been published, or is out of the catalogue, and is shown to its staff. */
  course: z.object({ id: z.string(), title: z.string(), slug: z.optional(z.string()), isDraft: z.boolean() }),
  /** `isOpen`: I may see it now; of one that is closed nothing but its title is told. */
  lesson: z.optional(z.object({ id: z.string(), title: z.string(), kind: z.optional(LessonKind), isOpen: z.boolean() })),
  /** A title whole, or a piece of what is longer. */
  text: z.string(),
  matches: z.array(z.object({ start: z.int(), end: z.int() })),
  /** Seconds into the lesson’s video. */
  atSeconds: z.optional(z.number()),
  /** Of captions: BCP 47. */
  language: z.optional(z.string()),
})
export type SearchHit = z.infer<typeof SearchHit>

export const MOST_HITS = 50
export const MOST_SKIPPED = 1000

export const search = {
  find: endpoint({
    method: 'GET',
    path: '/search',
    access: 'anyone',
    summary:
      'What I may see that holds all these words, or a phrase between quotation marks: titles first, then texts and my notes, then what is said; with `course` within that course',
    input: z.object({
      words: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
      course: z.optional(id('crs')),
      only: z.optional(HitKind),
      limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(MOST_HITS)), 20),
      skip: z._default(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(MOST_SKIPPED)), 0),
    }),
    output: z.object({ hits: z.array(SearchHit), isMore: z.boolean() }),
  }),
}
