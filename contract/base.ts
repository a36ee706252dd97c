import { type ContractProcedureBuilderWithInputOutput, oc } from '@orpc/contract'
import * as z from 'zod/mini'
import type { Role } from './roles.ts'

/**
 * Who may call an endpoint at all. What they may touch is decided by its handler's first line.
 * `anyone`: no sign-in needed (a token, if sent, is honoured) · `person`: signed in · `teaching`: teachers, and whoever helps with a course ·
 * `instructor`, `support`, `admin`, `owner`: by role (`roles.ts` says which brings which).
 */
export type Access = 'anyone' | 'person' | 'teaching' | Exclude<Role, 'learner'>

/** Beside the code, where there is more than one case of it; of what opens by itself, when. */
export const RefusalData = z.object({ because: z.string(), opensAt: z.optional(z.iso.datetime()) })
export type RefusalData = z.infer<typeof RefusalData>

/** What is kept beside an endpoint: who may call it, whether its answer sets cookies, and how long anybody may keep that. */
export type EndpointMeta<A extends Access = Access, C extends boolean = boolean> = { access: A; setsCookies: C; keptSeconds?: number }

type Declaration<A extends Access, I extends z.ZodMiniType, O extends z.ZodMiniType, C extends boolean> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api`, with parameters in braces: `/courses/{course}`. */
  path: `/${string}`
  access: A
  /** One line for the generated documentation. */
  summary: string
  input: I
  output: O
  /** The handler answers `{ answer, cookies }`. */
  setsCookies?: C
  /** Of an answer that is the same for everybody: how long browsers and proxies may keep it. No other is kept at all. */
  keptSeconds?: number
}

/** Declares an endpoint once: server handlers, browser client and OpenAPI are all made from it. */
export const endpoint = <A extends Access, I extends z.ZodMiniType, O extends z.ZodMiniType, const C extends boolean = false>(
  declared: Declaration<A, I, O, C>,
): ContractProcedureBuilderWithInputOutput<I, O, Record<never, never>, EndpointMeta<A, C>> =>
  oc
    // `setsCookies` left out infers C as false, which is what the default writes.
    .$meta<EndpointMeta<A, C>>({
      access: declared.access,
      setsCookies: (declared.setsCookies ?? false) as C,
      ...(declared.keptSeconds !== undefined && { keptSeconds: declared.keptSeconds }),
    })
    .route({ method: declared.method, path: declared.path, summary: declared.summary })
    .input(declared.input)
    .output(declared.output)

export const nothing = z.object({})
export const done = z.object({ done: z.literal(true) })

/** An id with its kind, e.g. `id('crs')`: `crs_` and 26 characters of Crockford's base 32. */
export const id = (kind: string): z.ZodMiniString<string> => z.string().check(z.regex(new RegExp(`^${kind}_[0-9a-z]{8,32}$`)))

/** Integer minor units and an ISO 4217 code. */
export const Money = z.object({ amountMinor: z.int().check(z.minimum(0), z.maximum(100_000_000)), currency: z.string().check(z.regex(/^[A-Z]{3}$/)) })
export type Money = z.infer<typeof Money>

export const title = z.string().check(z.trim(), z.minLength(1), z.maxLength(120))
export const when = z.iso.datetime()
