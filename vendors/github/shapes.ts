import * as z from 'zod/mini'

/** What is read of GitHub's answers. */
const Oid = z.string().check(z.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/))

export const Ref = z.object({ object: z.object({ sha: Oid, type: z.string() }) })
export const Tree = z.object({
  sha: Oid,
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: Oid, size: z.optional(z.number()) })),
})
export const MadeTree = z.object({ sha: Oid })
export const Blob = z.object({ encoding: z.string(), content: z.string() })
export const Commit = z.object({ sha: Oid, message: z.string(), tree: z.object({ sha: Oid }), parents: z.array(z.object({ sha: Oid })) })

export const PullShape = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  title: z.string(),
  body: z.nullable(z.string()),
  created_at: z.string(),
  merged_at: z.nullish(z.string()),
  head: z.object({ ref: z.string(), sha: Oid, repo: z.nullish(z.object({ full_name: z.string() })) }),
})
export type PullShape = z.infer<typeof PullShape>
export const Pulls = z.array(PullShape)

export const CommentShape = z.object({
  id: z.number(),
  body: z.nullish(z.string()),
  author_association: z.optional(z.string()),
  user: z.nullish(z.object({ type: z.optional(z.string()) })),
})
export type CommentShape = z.infer<typeof CommentShape>
export const Comments = z.array(CommentShape)

/** Of answers that nothing is read of. */
export const Anything = z.unknown()
