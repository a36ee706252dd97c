import * as z from 'zod/mini'
import { Certificate, type CertificateLine, CertificateRules } from '#contract/certificates.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'

/** Of one course; none where its teacher has never looked. */
export const rulesRecords = records({
  schema: z.object({ course: z.string(), ...CertificateRules.shape }),
  key: ({ course }: { course: string }) => ({ pk: `course#${course}`, sk: 'certificate-rules' }),
  people: ofNobody,
})

export const NO_RULES: CertificateRules = { isOn: false, signature: '', text: '' }

/** What was learned is kept as it was: the course may change, or go. The school is named as it is called when somebody looks. */
const { school: _, course, ...stored } = Certificate.shape
export const StoredCertificate = z.object({
  ...stored,
  learner: z.string(),
  course: z.object({ ...course.shape, id: z.string() }),
})
export type StoredCertificate = z.infer<typeof StoredCertificate>

export const certificatesOf = (course: string): string => `certificates-of#${course}`

export const certificateRecords = records({
  schema: StoredCertificate,
  key: ({ id }: { id: string }) => ({ pk: `certificate#${id}`, sk: 'certificate' }),
  index: ({ id, course, issuedAt }) => ({ ipk: certificatesOf(course.id), isk: `${issuedAt}#${id}` }),
  people: {
    what: 'stays',
    says: 'Certificates you were given',
    because: 'Only where whoever leaves wants theirs to go on proving what they learned; else they go.',
    whose: ({ learner }) => learner,
    mend: (certificate, { keeps }, { name }) => (keeps.certificates ? { ...certificate, name } : 'goes'),
  },
})

/** One for each learner and course: what keeps a second from being issued. */
export const claimRecords = records({
  schema: z.object({ learner: z.string(), course: z.string(), certificate: z.string() }),
  key: ({ learner, course }: { learner: string; course: string }) => ({ pk: `learner#${learner}`, sk: `certificate#${course}` }),
  people: { what: 'goes', says: 'Which certificates are yours', whose: ({ learner }) => learner },
})

export const lineOf = ({ id, name, course, issuedAt, revoked }: StoredCertificate): CertificateLine => ({
  ...{ id, name, issuedAt, course: { id: course.id, title: course.title } },
  ...(revoked && { revoked }),
})
