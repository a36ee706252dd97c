import type { Certificate, CertificateLine, CertificateRules, certificates as contract } from '#contract/certificates.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { hearing } from '#core/events.ts'
import { completedCourses } from '#core/grants/learned.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { wordsFor } from '#core/notifications/language.ts'
import { notify } from '#core/notifications/notify.ts'
import { all } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { shownSchool } from '#core/storefront/brand.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { addressOf, credentialOf, statusOf } from './credential.ts'
import { type Denied, denied, issue } from './issue.ts'
import { publicKey, publicKeys, signingKey } from './keys.ts'
import { certificateRecords, certificatesOf, claimRecords, lineOf, NO_RULES, rulesRecords, type StoredCertificate } from './records.ts'
import { reinstate, revoke } from './revoke.ts'

const PAGE = 50

const certificateNamed = async (tables: Tables, id: string): Promise<StoredCertificate> => {
  const stored = (await certificateRecords.get(tables, { id }))?.value
  if (!stored) throw missing('certificate')
  return stored
}

/** What of it is everybody's: made by naming, so that nothing of the learner's goes along. */
const shown = async (world: World, id: string): Promise<Certificate> => {
  const stored = await certificateNamed(world.tables, id)
  const { learner: _, course, ...rest } = stored
  const { schoolName: name, url } = await shownSchool(world)
  const { slug, title, teacher, summary } = course
  return { ...rest, school: { name, url }, course: { slug, title, teacher, summary } }
}

/** Completed before its teacher switched certificates on. */
const dueOf = async (world: World, learner: string, claimed: ReadonlySet<string>): Promise<Mine['due']> => {
  const { tables } = world
  const completed = (await completedCourses(tables, learner)).filter((course) => !claimed.has(course))
  const found = await Promise.all(
    completed.map(async (course) => {
      const publication = (await publicationRecords.get(tables, { id: course }))?.value
      return publication && (await denied(world, { learner, course }, publication)) === undefined ? [{ id: course, title: publication.title }] : []
    }),
  )
  return found.flat()
}

type Mine = { certificates: CertificateLine[]; due: { id: string; title: string }[] }

const mine = async (world: World, { id }: Actor): Promise<Mine> => {
  const { tables } = world
  const claims = await all((page) => claimRecords.list(tables, `learner#${id}`, { prefix: 'certificate#', limit: 1000, ...(page !== undefined && { page }) }))
  const found = await Promise.all(claims.map(({ certificate }) => certificateRecords.get(tables, { id: certificate })))
  const lines = found.flatMap((each) => (each ? [lineOf(each.value)] : []))
  const due = await dueOf(world, id, new Set(claims.map(({ course }) => course)))
  return { certificates: lines.toSorted((a, b) => b.issuedAt.localeCompare(a.issuedAt)), due }
}

const refusal = (because: Denied): Refusal => {
  if (because === 'off') return missing('certificate')
  if (because === 'no-right') return new Refusal('not-enrolled', 'A certificate is for those who are enrolled in the course.')
  return new Refusal('not-ready', 'Complete every lesson of the course first.')
}

/** Signed anew each time it is asked for: by the key of that day, and whatever signed before stays readable. */
const credential = async (world: World, id: string): Promise<{ jwt: string }> => {
  const certificate = await certificateNamed(world.tables, id)
  if (certificate.revoked) throw new Refusal('conflict', 'This certificate was revoked.')
  const [school, key] = await Promise.all([shownSchool(world), signingKey(world)])
  return { jwt: credentialOf(certificate, { school, key }) }
}

/** A certificate that there is not is refused: what somebody else has signed has no status here. */
const status = async ({ tables, settings: { url } }: World, id: string) => {
  const { revoked } = await certificateNamed(tables, id)
  const revokedCredential = revoked ? [{ id: addressOf(url, id), revoked: true as const, revocationReason: revoked.reason }] : []
  return { id: statusOf(url, id), issuer: url, revokedCredential }
}

const putRules = async ({ tables }: World, actor: Actor, { course, ...rules }: CertificateRules & { course: string }): Promise<CertificateRules> => {
  await ownCourse(tables, actor, course, { to: 'teach' })
  await tables.commit([rulesRecords.put({ course, ...rules })])
  return rules
}

export const certificates: Feature<typeof contract> = {
  handlers: {
    mine,
    certificate: (world, _actor, { certificate }) => shown(world, certificate),
    claim: async (world, { id: learner }, { course }) => {
      const outcome = await issue(world, { learner, course })
      if ('denied' in outcome) throw refusal(outcome.denied)
      return outcome
    },
    rules: async ({ tables }, actor, { course }) => {
      await ownCourse(tables, actor, course, { to: 'teach' })
      return (await rulesRecords.get(tables, { course }))?.value ?? NO_RULES
    },
    putRules,
    issued: async ({ tables }, actor, { course, page }) => {
      await ownCourse(tables, actor, course, { to: 'teach' })
      const found = await certificateRecords.listIndex(tables, certificatesOf(course), { descending: true, limit: PAGE, ...(page !== undefined && { page }) })
      return { certificates: found.items.map(lineOf), ...(found.next !== undefined && { next: found.next }) }
    },
    revoke,
    reinstate,
    credential: (world, _actor, { certificate }) => credential(world, certificate),
    status: (world, _actor, { certificate }) => status(world, certificate),
    keys: async (world) => ({ keys: await publicKeys(world) }),
    key: (world, _actor, { key }) => publicKey(world, key),
  },
  hearings: [
    hearing('certificates.issue', 'lesson.completed', async (world, { learner, course }) => {
      await issue(world, { learner, course })
    }),
    hearing('certificates.tell', 'certificate.issued', async (world, { certificate: id, learner }) => {
      const issued = (await certificateRecords.get(world.tables, { id }))?.value
      if (!issued) return
      const { certificate } = await wordsFor(world, learner)
      const [subject, text] = [certificate.issued(issued.course.title), certificate.issuedText(issued.course.title)]
      await notify(world, { id: `certificate.${id}`, person: learner, kind: 'certificate', subject, text, path: `/certificates/${id}` })
    }),
    hearing('certificates.tell-revoked', 'certificate.revoked', async (world, { certificate: id, at }) => {
      const issued = (await certificateRecords.get(world.tables, { id }))?.value
      // Taken back meanwhile.
      if (!issued?.revoked) return
      const subject = (await wordsFor(world, issued.learner)).certificate.revoked(issued.course.title)
      const { reason: text } = issued.revoked
      await notify(world, { id: `certificate.${id}.${at}`, person: issued.learner, kind: 'moderation', subject, text, path: `/certificates/${id}` })
    }),
  ],
  timers: [],
}
