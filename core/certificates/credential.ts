import { type KeyObject, sign } from 'node:crypto'
import type { Shown } from '#core/storefront/brand.ts'
import { keyAddress } from './keys.ts'
import type { StoredCertificate } from './records.ts'

const base64Url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export const addressOf = (url: string, id: string): string => `${url}/certificates/${id}`
export const statusOf = (url: string, id: string): string => `${url}/api/certificates/${id}/status`

/** https://www.imsglobal.org/spec/ob/v3p0: an AchievementCredential. The learner is known by the name on it, and by no address. */
const achievementOf = ({ id, name, issuedAt, course, outcomes }: StoredCertificate, { url, schoolName }: Shown) => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: addressOf(url, id),
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: { id: url, type: ['Profile'], name: schoolName, url },
  name: course.title,
  validFrom: issuedAt,
  credentialSubject: {
    id: `${addressOf(url, id)}#learner`,
    type: ['AchievementSubject'],
    identifier: [{ type: 'IdentityObject', identityHash: name, identityType: 'name', hashed: false }],
    achievement: {
      id: `${url}/courses/${course.slug}`,
      type: ['Achievement'],
      achievementType: 'Course',
      name: course.title,
      description: course.summary || course.title,
      criteria: { narrative: ['Every lesson of the course was completed.', ...outcomes].join('\n') },
    },
  },
  credentialStatus: { id: statusOf(url, id), type: '1EdTechRevocationList' },
})

type Signer = { id: string; privateKey: KeyObject }

/** The credential as Open Badges 3.0 §8.2 has it: the claims of RFC 7519 beside its own; signed by RFC 8037. */
export const credentialOf = (certificate: StoredCertificate, { school, key }: { school: Shown; key: Signer }): string => {
  const credential = achievementOf(certificate, school)
  const header = { alg: 'EdDSA', typ: 'JWT', kid: keyAddress(school.url, key.id) }
  const claims = { iss: school.url, jti: credential.id, sub: credential.credentialSubject.id, nbf: Math.floor(Date.parse(certificate.issuedAt) / 1000) }
  const signed = `${base64Url(header)}.${base64Url({ ...credential, ...claims })}`
  return `${signed}.${sign(null, Buffer.from(signed), key.privateKey).toString('base64url')}`
}
