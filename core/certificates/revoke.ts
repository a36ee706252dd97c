import type { CertificateLine } from '#contract/certificates.ts'
import { hasRole } from '#contract/roles.ts'
import { mayDo } from '#core/courses/policy.ts'
import { courseRecords } from '#core/courses/records.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Event, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { certificateRecords, lineOf, type StoredCertificate } from './records.ts'

/** One of a course of the actor's own, or any for an admin: also where the course is gone. */
const ownCertificate = async (tables: Tables, actor: Actor, id: string): Promise<Stored<StoredCertificate>> => {
  const stored = await certificateRecords.get(tables, { id })
  const course = stored && (await courseRecords.get(tables, { id: stored.value.course.id }))?.value
  const mayRevoke = course ? await mayDo(tables, actor, { id: course.id, teacherId: course.teacher.id }, 'teach') : hasRole(actor, 'admin')
  if (!stored || !mayRevoke) throw missing('certificate')
  return stored
}

type Written = { before: Stored<StoredCertificate>; after: StoredCertificate; told: Event }

const write = async ({ tables }: World, { before, after, told }: Written): Promise<CertificateLine> => {
  if ((await tables.commit([certificateRecords.replace(before, after)], [told])) !== 'done') {
    throw new Refusal('conflict', 'Somebody else has changed this certificate meanwhile.')
  }
  return lineOf(after)
}

export const revoke = async (world: World, actor: Actor, { certificate, reason }: { certificate: string; reason: string }): Promise<CertificateLine> => {
  const before = await ownCertificate(world.tables, actor, certificate)
  const at = world.clock.now().toISOString()
  // The first moment stays, whatever reason is given later.
  const after = { ...before.value, revoked: { at: before.value.revoked?.at ?? at, reason } }
  return write(world, { before, after, told: event(world, 'certificate.revoked', { certificate, at }) })
}

export const reinstate = async (world: World, actor: Actor, { certificate }: { certificate: string }): Promise<CertificateLine> => {
  const before = await ownCertificate(world.tables, actor, certificate)
  const { revoked, ...after } = before.value
  if (!revoked) return lineOf(before.value)
  return write(world, { before, after, told: event(world, 'certificate.reinstated', { certificate }) })
}
