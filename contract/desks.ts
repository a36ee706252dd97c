import * as z from 'zod/mini'
import { id, when } from './base.ts'
import { Video, VideoGroup } from './media.ts'

/** What of a school can be late, each by the same bounds that the owner is written to by. */
export const Part = z.enum(['films', 'letters', 'payments'])
export type Part = z.infer<typeof Part>

/** `since`: when what is late began to be so. */
export const PartState = z.object({ part: Part, state: z.enum(['normal', 'delayed']), since: z.optional(when) })
export type PartState = z.infer<typeof PartState>

/** What anybody may know of how the school is. Nobody is named in it, and no number of anything. */
export const Status = z.object({ state: z.enum(['normal', 'delayed']), at: when, parts: z.array(PartState) })
export type Status = z.infer<typeof Status>

/** `well` · `doubtful`: worth a look · `ill`: in the way of a school. `says` holds what to do, where something is to be done. */
export const Check = z.object({ name: z.string(), state: z.enum(['well', 'doubtful', 'ill']), says: z.string() })

export const FilmsShown = z.enum(['all', ...VideoGroup.options])
export type FilmsShown = z.infer<typeof FilmsShown>

/** A film, whose it is and where it belongs; what has been removed meanwhile is left out. */
export const Film = z.object({
  video: Video,
  lesson: z.optional(z.string()),
  course: z.optional(z.object({ id: id('crs'), title: z.string() })),
  teacher: z.optional(z.string()),
  /** When its upload began. */
  begunAt: z.optional(when),
})
export type Film = z.infer<typeof Film>

/** What takes room: `films` are what learners are shown, `sources` what teachers sent, `files` what lies beside lessons, `pages` what is published. */
export const StoreShare = z.object({ what: z.enum(['films', 'sources', 'files', 'pages', 'other']), objects: z.int(), bytes: z.int() })
export type StoreShare = z.infer<typeof StoreShare>

export const Storage = z.object({
  home: z.enum(['machine', 'aws']),
  /** As last weighed; left out where that has not happened yet. */
  weighed: z.optional(
    z.object({
      at: when,
      shares: z.array(StoreShare),
      /** The largest, what was sent and what was made of it together. */
      largest: z.array(
        z.object({ video: z.string(), bytes: z.int(), fileName: z.string(), course: z.optional(z.object({ id: id('crs'), title: z.string() })) }),
      ),
    }),
  ),
  isWeighing: z.boolean(),
  /** Left out where the cloud's own console tells it. */
  databaseBytes: z.optional(z.int()),
  /** Left out where nothing bounds the store. */
  freeBytes: z.optional(z.int()),
  isLow: z.boolean(),
  quotaBytes: z.optional(z.int()),
})
export type Storage = z.infer<typeof Storage>

export const LetterKind = z.enum(['account', 'alert', 'content', 'course', 'daily', 'membership', 'notice', 'order', 'seat', 'series', 'video', 'other'])
export type LetterKind = z.infer<typeof LetterKind>

/** That a letter was written, never what: to whom is told by the first letter of the address and its host. */
export const SentLetter = z.object({
  kind: LetterKind,
  to: z.string(),
  state: z.enum(['sent', 'failed']),
  at: when,
  attempts: z.int(),
  /** What the post said. */
  reason: z.optional(z.string()),
  /** The delivery that was given up over it: trying that again writes the letter. */
  givenUp: z.optional(z.object({ event: z.string(), listener: z.string() })),
})
export type SentLetter = z.infer<typeof SentLetter>

/** How many of each wait for a person, of the newest; and what is late. */
export const Attention = z.object({
  ...{ deadLetters: z.int(), failedFilms: z.int(), heldFilms: z.int(), failedLetters: z.int(), leaving: z.int() },
  money: z.object({ disputed: z.int(), warned: z.int(), held: z.int(), findings: z.int(), parked: z.int(), unreached: z.int() }),
  delayed: z.array(PartState),
  disk: z.object({ freeBytes: z.optional(z.int()), isLow: z.boolean() }),
})
export type Attention = z.infer<typeof Attention>
