import * as z from 'zod/mini'
import { SCOPES } from '#contract/scopes.ts'
import { records } from '#core/records.ts'

const Token = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  hint: z.string(),
  /** SHA-256 of what its program shows: 256 random bits need no slower one. */
  hash: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  usedAt: z.optional(z.string()),
  /** Made in a sign-in that showed a second factor; of one of before nobody knows. */
  isTwoFactor: z._default(z.boolean(), false),
})
export type Token = z.infer<typeof Token>

export const tokensOf = (person: string): string => `tokens#${person}`

export const tokenRecords = records<{ person: string; id: string }, Token>({
  schema: Token,
  key: ({ person, id }) => ({ pk: tokensOf(person), sk: id }),
  people: { what: 'goes', says: 'Access tokens for your programs', whose: ({ person }) => person, shows: ({ hash: _, ...token }) => token },
})

const Shown = z.object({ hash: z.string(), person: z.string(), id: z.string() })

/** Where to look for a token that is shown: by its hash, which no listing is needed for. */
export const shownRecords = records<{ hash: string }, z.infer<typeof Shown>>({
  schema: Shown,
  key: ({ hash }) => ({ pk: `token#${hash}`, sk: 'token' }),
  people: { what: 'goes', says: 'Whose a token is', whose: ({ person }) => person, shows: () => ({}) },
})

const Made = z.object({ person: z.string(), since: z.string(), count: z.int() })

/** How many somebody has made within this hour, revoked ones with them. */
export const madeRecords = records<{ person: string }, z.infer<typeof Made>>({
  schema: Made,
  key: ({ person }) => ({ pk: `tokens-made#${person}`, sk: 'made' }),
  people: { what: 'goes', says: 'How many access tokens you made within an hour', whose: ({ person }) => person },
})
