import * as z from 'zod/mini'
import { endpoint, when } from './base.ts'
import { ROLES } from './roles.ts'

const Role = z.enum(ROLES)

/** Somebody who has an account, as those see them who run the school. */
export const SchoolPerson = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(Role),
  isVerified: z.boolean(),
  isDisabled: z.boolean(),
  /** With how many courses of others they help. */
  helps: z.int(),
})
export type SchoolPerson = z.infer<typeof SchoolPerson>

/** What those who run the school did with somebody's account, and why. */
export const PersonAct = z.object({
  at: when,
  what: z.enum(['roles', 'disabled', 'enabled', 'signed-out']),
  /** Of `roles`: those they had and those they have since. */
  before: z.optional(z.array(Role)),
  after: z.optional(z.array(Role)),
  by: z.object({ id: z.string(), name: z.string() }),
  reason: z.string(),
})
export type PersonAct = z.infer<typeof PersonAct>

/** What whoever asks may do with somebody. */
export const PersonLeave = z.object({
  /** Roles that they may give or take. */
  roles: z.array(Role),
  /** Keep them out, or sign them out. */
  mayDisable: z.boolean(),
})
export type PersonLeave = z.infer<typeof PersonLeave>

export const WholePerson = z.object({
  person: SchoolPerson,
  may: PersonLeave,
  /** The courses they follow now, the newest first, a hundred at most. */
  learns: z.array(z.object({ id: z.string(), title: z.string(), since: when, lessons: z.int(), completed: z.int() })),
  teaches: z.array(z.object({ id: z.string(), title: z.string(), as: z.enum(['teacher', 'co-teacher', 'assistant']) })),
  /** The newest first, fifty at most. */
  acts: z.array(PersonAct),
})
export type WholePerson = z.infer<typeof WholePerson>

const person = z.string().check(z.minLength(1), z.maxLength(100))
const reason = z.string().check(z.trim(), z.minLength(3), z.maxLength(500))

export const people = {
  list: endpoint({
    method: 'GET',
    path: '/school/people',
    access: 'support',
    summary: 'People of the school: everybody, those with a role, or those whose name or address has words that begin so',
    input: z.object({
      search: z.optional(z.string().check(z.maxLength(200))),
      role: z.optional(z.enum(['instructor', 'support', 'admin', 'owner'])),
      page: z.optional(z.string().check(z.maxLength(2000))),
    }),
    output: z.object({ people: z.array(SchoolPerson), next: z.optional(z.string()) }),
  }),
  person: endpoint({
    method: 'GET',
    path: '/school/people/{person}',
    access: 'support',
    summary: 'Somebody, what they learn and teach, and what was done with their account',
    input: z.object({ person }),
    output: WholePerson,
  }),
  setRoles: endpoint({
    method: 'PUT',
    path: '/school/people/{person}/roles',
    access: 'admin',
    summary: 'Say anew what somebody is in the school; admins and owners are made by owners',
    input: z.object({ person, roles: z.array(Role).check(z.maxLength(ROLES.length)), reason }),
    output: WholePerson,
  }),
  disable: endpoint({
    method: 'PUT',
    path: '/school/people/{person}/disabled',
    access: 'support',
    summary: 'Keep somebody from signing in, or let them in again',
    input: z.object({ person, isDisabled: z.boolean(), reason }),
    output: WholePerson,
  }),
  signOut: endpoint({
    method: 'POST',
    path: '/school/people/{person}/sign-out',
    access: 'support',
    summary: 'Sign somebody out everywhere, for a device of theirs that is lost; they can sign in again',
    input: z.object({ person, reason }),
    output: WholePerson,
  }),
}
