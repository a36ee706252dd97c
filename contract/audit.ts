import * as z from 'zod/mini'
import { endpoint, when } from './base.ts'

/** One field of what was changed, in words; `of` names what it belongs to. Left out: it was not there, or is not any more. */
const AuditChange = z.object({ of: z.string(), field: z.string(), before: z.optional(z.string()), after: z.optional(z.string()) })
export type AuditChange = z.infer<typeof AuditChange>

/** What somebody of the staff has done. */
export const Audited = z.object({
  id: z.string(),
  at: z.string(),
  /** `grants.give`, as the contract names it, and its one line there. */
  act: z.string(),
  says: z.string(),
  by: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  /** What was asked for, as far as it is short and no secret. */
  asked: z.record(z.string(), z.string()),
  /** Names of what it was about: a course, a coupon, an offer. */
  about: z.array(z.string()),
  changes: z.array(AuditChange),
  /** The request it came by, as the log and the answer name it. */
  request: z.string(),
})
export type Audited = z.infer<typeof Audited>

const Wanted = z.object({
  from: z.optional(when),
  to: z.optional(when),
  act: z.optional(z.string().check(z.maxLength(60))),
  /** An address, a name or an id, of who did it or of whom it was about. */
  person: z.optional(z.string().check(z.maxLength(254))),
})
export type AuditWanted = z.infer<typeof Wanted>

export const audit = {
  list: endpoint({
    method: 'GET',
    path: '/school/audit',
    access: 'admin',
    summary: 'What the staff have done, newest first',
    input: z.extend(Wanted, { page: z.optional(z.string().check(z.maxLength(2000))) }),
    output: z.object({ acts: z.array(Audited), next: z.optional(z.string()) }),
  }),
  kinds: endpoint({
    method: 'GET',
    path: '/school/audit/kinds',
    access: 'admin',
    summary: 'The acts that are written down',
    input: z.object({}),
    output: z.object({ kinds: z.array(z.object({ act: z.string(), says: z.string() })) }),
  }),
  table: endpoint({
    method: 'GET',
    path: '/school/audit/table',
    access: 'admin',
    summary: 'What the staff have done, as CSV',
    input: Wanted,
    output: z.object({ fileName: z.string(), csv: z.string() }),
  }),
}
