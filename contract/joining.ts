import * as z from 'zod/mini'
import { done, endpoint, id, nothing, when } from './base.ts'

const token = z.string().check(z.regex(/^stf_[0-9a-z]{20,64}$/))

/** What somebody can be invited to be; an admin by owners alone. Owners are made of those who have an account. */
export const InvitedRole = z.enum(['instructor', 'support', 'admin'])
export type InvitedRole = z.infer<typeof InvitedRole>

export const StaffInvitation = z.object({ id: id('ivt'), email: z.string(), role: InvitedRole, by: z.string(), sentAt: when, expiresAt: when })
export type StaffInvitation = z.infer<typeof StaffInvitation>

export const Joining = z.object({
  role: InvitedRole,
  /** Whose mailbox it was sent to, whole for them alone: they sign in with that address. */
  email: z.string(),
  by: z.string(),
  /** `open`: it can be taken up · `yours`: you have · `over`: taken up by then, withdrawn, or older than a week. */
  state: z.enum(['open', 'yours', 'over']),
})
export type Joining = z.infer<typeof Joining>

/** Invitations into the school's staff. */
export const joining = {
  staffInvitations: endpoint({
    method: 'GET',
    path: '/school/staff/invitations',
    access: 'admin',
    summary: 'Invitations into the staff that nobody has taken up yet',
    input: nothing,
    output: z.object({ invitations: z.array(StaffInvitation) }),
  }),
  inviteStaff: endpoint({
    method: 'POST',
    path: '/school/staff/invitations',
    access: 'admin',
    summary: 'Invite somebody into the staff by mail; the link holds for a week',
    input: z.object({ email: z.email().check(z.maxLength(254)), role: InvitedRole }),
    output: StaffInvitation,
  }),
  withdrawStaffInvitation: endpoint({
    method: 'DELETE',
    path: '/school/staff/invitations/{invitation}',
    access: 'admin',
    summary: 'Withdraw an invitation',
    input: z.object({ invitation: id('ivt') }),
    output: done,
  }),
  joining: endpoint({
    method: 'GET',
    path: '/joining/{token}',
    access: 'anyone',
    summary: 'What an invitation into the staff says',
    input: z.object({ token }),
    output: Joining,
  }),
  join: endpoint({
    method: 'POST',
    path: '/joining/{token}',
    access: 'person',
    summary: 'Take up an invitation into the staff',
    input: z.object({ token }),
    output: Joining,
  }),
}
