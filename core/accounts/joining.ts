import * as z from 'zod/mini'
import { type joining as contract, InvitedRole, type Joining, type StaffInvitation } from '#contract/joining.ts'
import { hasRole, isForOwners, rolesWith } from '#contract/roles.ts'
import { normalEmail } from '#core/addresses.ts'
import { event } from '#core/events.ts'
import type { Actor, Handlers } from '#core/handlers.ts'
import { remember } from '#core/people/remembering.ts'
import { ofNobody } from '#core/personal.ts'
import { all, records } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'

const DAYS = 7
const MOST_OPEN = 100

const StoredInvitation = z.object({
  id: z.string(),
  token: z.string(),
  email: z.string(),
  role: InvitedRole,
  /** Who invites: an id, and a name as it was. */
  by: z.string(),
  byName: z.string(),
  sentAt: z.string(),
  expiresAt: z.string(),
  /** Whoever has begun to take it up, and whether they are done: a role is given once, and not again when it was taken away since. */
  taken: z.optional(z.object({ by: z.string(), isGiven: z.boolean() })),
})
type StoredInvitation = z.infer<typeof StoredInvitation>

const PARTITION = 'staff-invitations'
export const staffInvitations = records({
  schema: StoredInvitation,
  key: ({ id }: { id: string }) => ({ pk: PARTITION, sk: id }),
  people: {
    ...{ what: 'stays', says: 'Invitations into the staff that you sent, or were sent', because: 'They say who let whom in.' },
    mend: (invitation, { alias }) => ({
      ...invitation,
      byName: invitation.by === alias.id ? alias.name : invitation.byName,
      email: invitation.taken?.by === alias.id ? alias.email : invitation.email,
    }),
    shows: ({ token: _, ...invitation }) => invitation,
  },
})
const joiningRecords = records({
  schema: z.object({ token: z.string(), id: z.string() }),
  key: ({ token }: { token: string }) => ({ pk: `joining#${token}`, sk: 'staff' }),
  people: ofNobody,
})

const isOpen = ({ clock }: World, { taken, expiresAt }: StoredInvitation): boolean => !taken?.isGiven && expiresAt > clock.now().toISOString()

const open = async (world: World): Promise<StoredInvitation[]> => {
  const sent = await all((page) => staffInvitations.list(world.tables, PARTITION, { ...(page !== undefined && { page }) }), Number.POSITIVE_INFINITY)
  return sent.filter((each) => isOpen(world, each)).toSorted((a, b) => b.sentAt.localeCompare(a.sentAt))
}

const shown = ({ id, email, role, byName, sentAt, expiresAt }: StoredInvitation): StaffInvitation => ({ id, email, role, by: byName, sentAt, expiresAt })

const invite = async (world: World, actor: Actor, { email, role }: { email: string; role: InvitedRole }): Promise<StaffInvitation> => {
  const { ids, clock, tables } = world
  if (isForOwners(role) && !hasRole(actor, 'owner')) throw new Refusal('not-allowed', 'Admins are made by the school’s owners.', 'for-owners')
  const earlier = await open(world)
  if (earlier.length >= MOST_OPEN) throw new Refusal('too-many', 'There are a hundred open invitations. Withdraw some first.')
  const now = clock.now()
  const invitation: StoredInvitation = {
    id: ids.make('ivt'),
    token: `stf_${[ids.make('stf'), ids.make('stf')].map((id) => id.slice(4)).join('')}`,
    ...{ email: normalEmail(email), role, by: actor.id, byName: actor.name },
    ...{ sentAt: now.toISOString(), expiresAt: new Date(now.getTime() + DAYS * 24 * 3_600_000).toISOString() },
  }
  const { id, token } = invitation
  // One for an address: whoever is invited anew uses the new link.
  const replaced = earlier.filter((each) => each.email === invitation.email).map((each) => staffInvitations.remove({ id: each.id }))
  const told = event(world, 'staff.invited', { invitation: id }, `${id}.invited`)
  await tables.commit([staffInvitations.add(invitation), joiningRecords.add({ token, id }), ...replaced], [told])
  return shown(invitation)
}

const find = async (world: World, token: string) => {
  const pointer = await joiningRecords.get(world.tables, { token })
  const stored = pointer && (await staffInvitations.get(world.tables, { id: pointer.value.id }))
  if (!stored) throw missing('invitation')
  return stored
}

const said = (world: World, actor: Actor | undefined, invitation: StoredInvitation): Joining => {
  const { role, email, byName, taken } = invitation
  const isYours = taken?.isGiven === true && taken.by === actor?.id
  const isKnown = actor !== undefined && normalEmail(actor.email) === email
  return { role, email: isKnown ? email : hinted(email), by: byName, state: isYours ? 'yours' : isOpen(world, invitation) ? 'open' : 'over' }
}

/** Enough for its owner to know which of theirs it is. */
const hinted = (email: string): string => `${email.slice(0, 1)}…${email.slice(email.indexOf('@'))}`

/** The mailbox it was sent to has to be theirs: a link that was passed on, or read over a shoulder, makes nobody staff. */
const join = async (world: World, actor: Actor, token: string): Promise<Joining> => {
  const { tables, identity } = world
  const stored = await find(world, token)
  const invitation = stored.value
  const { email, role, taken } = invitation
  if (!isOpen(world, invitation)) return said(world, actor, invitation)
  if (normalEmail(actor.email) !== email) throw new Refusal('not-allowed', 'Sign in with the address that the invitation was sent to.', 'other-address')
  // Whoever invited them may have been unmade or kept out since.
  const inviter = await identity.find(invitation.by)
  if (!inviter || inviter.isDisabled || !hasRole(inviter, isForOwners(role) ? 'owner' : 'admin'))
    throw new Refusal('not-allowed', 'Whoever invited you may not do so any more.', 'for-owners')
  const begun: StoredInvitation = { ...invitation, taken: { by: actor.id, isGiven: false } }
  if (!taken && (await tables.commit([staffInvitations.replace(stored, begun)], [])) === 'conflict') throw new Refusal('conflict', 'Try again.')
  const [before, after] = [rolesWith(...actor.roles), rolesWith(...actor.roles, role)]
  await identity.setRoles(actor.id, after)
  await remember(world, { id: invitation.by, name: invitation.byName }, actor, { what: 'roles', before, after, reason: 'An invitation, taken up.' })
  const given: StoredInvitation = { ...invitation, taken: { by: actor.id, isGiven: true } }
  await tables.commit([staffInvitations.put(given)], [])
  return said(world, actor, given)
}

export const joiningHandlers: Handlers<typeof contract> = {
  staffInvitations: async (world) => ({ invitations: (await open(world)).map(shown) }),
  inviteStaff: invite,
  withdrawStaffInvitation: async (world, _admin, { invitation: id }) => {
    const stored = await staffInvitations.get(world.tables, { id })
    if (!stored || !isOpen(world, stored.value)) throw missing('invitation')
    // The role is on its way to whoever took it up: it is taken from them on their own page.
    if (stored.value.taken) throw new Refusal('conflict', 'Somebody took it up at this moment.')
    const outcome = await world.tables.commit([staffInvitations.remove({ id }, stored)], [])
    if (outcome === 'conflict') throw new Refusal('conflict', 'Somebody took it up at this moment.')
    return { done: true }
  },
  joining: async (world, actor, { token }) => said(world, actor, (await find(world, token)).value),
  join: (world, actor, { token }) => join(world, actor, token),
}
