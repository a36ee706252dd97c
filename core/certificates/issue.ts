import { publicationRecords, type StoredPublication } from '#core/courses/records.ts'
import { event } from '#core/events.ts'
import { ledgerOf } from '#core/grants/access.ts'
import { isRunning } from '#core/grants/decide.ts'
import { hasCompleted } from '#core/grants/learned.ts'
import type { World } from '#ports/world.ts'
import { certificateRecords, claimRecords, rulesRecords, type StoredCertificate } from './records.ts'

/** Why there is none; `off`: its teacher has not switched them on. */
export type Denied = 'off' | 'no-right' | 'not-completed'

type Due = { learner: string; course: string }

/** Whoever signs up may leave an address where a name is asked for: it is nobody else's to read. */
const shownName = (name: string): string => name.replace(/@.*$/s, '').trim() || 'A learner'

const drawn = async (
  world: World,
  { learner, publication, name }: { learner: string; publication: StoredPublication; name: string },
): Promise<StoredCertificate> => {
  const { tables, ids, clock } = world
  const rules = (await rulesRecords.get(tables, { course: publication.id }))?.value
  const { id, slug, title, teacher, summary, outcomes, sections, durationSeconds } = publication
  return {
    ...{ id: ids.make('cer'), learner, name: shownName(name), issuedAt: clock.now().toISOString() },
    course: { id, slug, title, teacher, summary },
    ...{ outcomes, durationSeconds, signature: rules?.signature || teacher, text: rules?.text ?? '' },
    sections: sections.map((section) => ({ title: section.title, lessons: section.lessons.map((lesson) => lesson.title) })),
  }
}

/** Why somebody gets none now; undefined where it is due. */
export const denied = async (world: World, { learner, course }: Due, publication: StoredPublication): Promise<Denied | undefined> => {
  const { tables, clock } = world
  if (!(await rulesRecords.get(tables, { course }))?.value.isOn) return 'off'
  const facts = await ledgerOf(tables, { id: learner }, course)
  // A teacher trying their own lessons has learned nothing; nor has a visitor of the previews.
  if (publication.teacherId === learner || !isRunning(facts, clock.now().toISOString())) return 'no-right'
  return (await hasCompleted(tables, learner, publication)) ? undefined : 'not-completed'
}

/** The learner's certificate of a course, issued now where it is due and was not yet. */
export const issue = async (world: World, due: Due): Promise<{ certificate: string } | { denied: Denied }> => {
  const { tables, identity } = world
  const claimed = async () => (await claimRecords.get(tables, due))?.value.certificate
  const before = await claimed()
  if (before !== undefined) return { certificate: before }
  const publication = (await publicationRecords.get(tables, { id: due.course }))?.value
  if (!publication) return { denied: 'off' }
  const because = await denied(world, due, publication)
  if (because) return { denied: because }
  // Asked last: every lesson that somebody completes comes by here, and the directory may be another company's.
  const person = await identity.find(due.learner)
  if (!person || person.isDisabled) return { denied: 'no-right' }
  const certificate = await drawn(world, { learner: due.learner, publication, name: person.name })
  const changes = [claimRecords.add({ ...due, certificate: certificate.id }), certificateRecords.add(certificate)]
  const told = event(world, 'certificate.issued', { certificate: certificate.id, ...due })
  if ((await tables.commit(changes, [told])) === 'done') return { certificate: certificate.id }
  // Another tab, or the listener, was quicker.
  const other = await claimed()
  if (other === undefined) throw new Error(`A certificate of ${due.course} was refused, and there is none.`)
  return { certificate: other }
}
