import * as z from 'zod/mini'
import { done, endpoint, id, nothing, when } from './base.ts'

/** What is wrong with a file of the repository, so that whoever wrote it can mend it. */
export const FileFinding = z.object({ path: z.string(), line: z.optional(z.int()), says: z.string() })
export type FileFinding = z.infer<typeof FileFinding>

/** The file that something is kept in; `url` is where people look at it, absent where no repository is set up any more. */
export const KeptIn = z.object({ path: z.string(), url: z.optional(z.string()) })
export type KeptIn = z.infer<typeof KeptIn>

/** The school's courses as the repository has them. */
export const ContentState = z.object({
  /** Absent where no repository is set up. */
  repository: z.optional(z.object({ name: z.string(), url: z.string(), branch: z.string(), folder: z.string(), isStandIn: z.boolean() })),
  /** The commit that the school shows. */
  applied: z.optional(z.object({ commit: z.string(), at: when, lessons: z.int() })),
  /** A later commit that is unsound: the school goes on showing the one before. */
  refused: z.optional(
    z.object({
      commit: z.string(),
      at: when,
      findings: z.array(FileFinding),
      /** Nothing is unsound, but so much would go at once that somebody has to say that it is meant: `look` with this commit as `anyway`. */
      needsWord: z.boolean(),
    }),
  ),
  lookedAt: z.optional(when),
  /** Why looking failed, when it did the last time. */
  fault: z.optional(z.string()),
})
export type ContentState = z.infer<typeof ContentState>

export const content = {
  state: endpoint({
    method: 'GET',
    path: '/content',
    access: 'instructor',
    summary: 'What the school shows of its repository',
    input: nothing,
    output: ContentState,
  }),
  look: endpoint({
    method: 'POST',
    path: '/content/look',
    access: 'admin',
    summary: 'Look at the repository now; `anyway` names a commit that may remove more lessons than go at once otherwise',
    input: z.object({ anyway: z.optional(z.string().check(z.regex(/^[0-9a-f]{7,64}$/))) }),
    output: ContentState,
  }),
  release: endpoint({
    method: 'POST',
    path: '/teach/lessons/{lesson}/release',
    access: 'teaching',
    summary: 'Go on with a lesson here that has been kept in Git; its file no longer counts',
    input: z.object({ lesson: id('les') }),
    output: done,
  }),
}
