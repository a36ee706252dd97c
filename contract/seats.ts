import * as z from 'zod/mini'
import { done, endpoint, id, when } from './base.ts'
import { CourseName } from './offers.ts'

const token = z.string().check(z.regex(/^inv_[0-9a-z]{20,64}$/))

export const Invitation = z.object({
  title: z.string(),
  courses: z.array(CourseName),
  from: z.string(),
  message: z.optional(z.string()),
  kind: z.enum(['gift', 'team']),
  /** `open`: it can be accepted · `yours`: you have · `taken`: by others · `ended`: refunded, or taken back. */
  state: z.enum(['open', 'yours', 'taken', 'ended']),
})
export type Invitation = z.infer<typeof Invitation>

export const Seats = z.object({
  order: id('ord'),
  title: z.string(),
  kind: z.enum(['gift', 'team']),
  /** To pass on. */
  url: z.string(),
  seats: z.int(),
  isEnded: z.boolean(),
  /** Of a gift: to whom the link was sent last. */
  to: z.optional(z.string()),
  taken: z.array(z.object({ id: z.string(), name: z.string(), email: z.string(), at: when })),
})
export type Seats = z.infer<typeof Seats>

export const seats = {
  invitation: endpoint({
    method: 'GET',
    path: '/invitations/{token}',
    access: 'anyone',
    summary: 'What an invitation invites to',
    input: z.object({ token }),
    output: Invitation,
  }),
  accept: endpoint({
    method: 'POST',
    path: '/invitations/{token}/accept',
    access: 'person',
    summary: 'Take up an invitation',
    input: z.object({ token }),
    output: Invitation,
  }),
  ofOrder: endpoint({
    method: 'GET',
    path: '/orders/{order}/seats',
    access: 'person',
    summary: 'The invitation link of a gift or team order of mine, and who has taken it up',
    input: z.object({ order: id('ord') }),
    output: Seats,
  }),
  renew: endpoint({
    method: 'POST',
    path: '/orders/{order}/seats/link',
    access: 'person',
    summary: 'A new link; the old one opens nothing any more',
    input: z.object({ order: id('ord') }),
    output: Seats,
  }),
  free: endpoint({
    method: 'POST',
    path: '/orders/{order}/seats/{person}/free',
    access: 'person',
    summary: 'Take a seat of my team back from somebody, for somebody else',
    input: z.object({ order: id('ord'), person: z.string() }),
    output: Seats,
  }),
  remind: endpoint({
    method: 'POST',
    path: '/orders/{order}/seats/letter',
    access: 'person',
    summary: 'Send the link by mail, to the recipient of a gift or to somebody of the team',
    input: z.object({ order: id('ord'), to: z.email() }),
    output: done,
  }),
}
