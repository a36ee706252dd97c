import * as z from 'zod/mini'
import { endpoint, id, nothing, when } from './base.ts'

const line = (most: number) => z.string().check(z.trim(), z.maxLength(most))

/** Whether those who complete a course get a certificate, and what its teacher adds to it. */
export const CertificateRules = z.object({
  isOn: z.boolean(),
  /** Who signs, as it stands below the line; left empty, the teacher’s name. */
  signature: line(80),
  /** A sentence of the teacher’s own. */
  text: line(300),
})
export type CertificateRules = z.infer<typeof CertificateRules>

/** What anybody who has its address may read: no e-mail address, and nobody’s id. */
export const Certificate = z.object({
  id: id('cer'),
  name: z.string(),
  issuedAt: when,
  school: z.object({ name: z.string(), url: z.string() }),
  course: z.object({ slug: z.string(), title: z.string(), teacher: z.string(), summary: z.string() }),
  /** As the course was when it was completed. */
  outcomes: z.array(z.string()),
  sections: z.array(z.object({ title: z.string(), lessons: z.array(z.string()) })),
  /** Of its videos. */
  durationSeconds: z.number(),
  signature: z.string(),
  text: z.string(),
  revoked: z.optional(z.object({ at: when, reason: z.string() })),
})
export type Certificate = z.infer<typeof Certificate>

/** A line of a list. */
export const CertificateLine = z.object({
  id: id('cer'),
  name: z.string(),
  course: z.object({ id: id('crs'), title: z.string() }),
  issuedAt: when,
  revoked: z.optional(z.object({ at: when, reason: z.string() })),
})
export type CertificateLine = z.infer<typeof CertificateLine>

/** RFC 8037: the public half of an Ed25519 key. */
const PublicKey = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string(), alg: z.literal('EdDSA'), use: z.literal('sig') })
export type PublicKey = z.infer<typeof PublicKey>

/** A credential’s status as https://purl.imsglobal.org/spec/vcrl/v1p0 has it. */
const RevocationList = z.object({
  id: z.string(),
  issuer: z.string(),
  revokedCredential: z.array(z.object({ id: z.string(), revoked: z.literal(true), revocationReason: z.string() })),
})

const certificate = z.object({ certificate: id('cer') })
const course = id('crs')

export const certificates = {
  mine: endpoint({
    method: 'GET',
    path: '/certificates',
    access: 'person',
    summary: 'My certificates, newest first, and the courses I may claim one of',
    input: nothing,
    output: z.object({ certificates: z.array(CertificateLine), due: z.array(z.object({ id: course, title: z.string() })) }),
  }),
  certificate: endpoint({
    method: 'GET',
    path: '/certificates/{certificate}',
    access: 'anyone',
    summary: 'A certificate, for whoever wants to verify it',
    input: certificate,
    output: Certificate,
  }),
  claim: endpoint({
    method: 'POST',
    path: '/courses/{course}/certificate',
    access: 'person',
    summary: 'My certificate of a course I have completed, issued now where it was not yet',
    input: z.object({ course }),
    output: z.object({ certificate: id('cer') }),
  }),
  rules: endpoint({
    method: 'GET',
    path: '/courses/{course}/certificate-rules',
    access: 'teaching',
    summary: 'Whether a course of mine gives certificates',
    input: z.object({ course }),
    output: CertificateRules,
  }),
  putRules: endpoint({
    method: 'PUT',
    path: '/courses/{course}/certificate-rules',
    access: 'teaching',
    summary: 'Switch certificates of a course on or off; those issued stay',
    input: z.object({ course, ...CertificateRules.shape }),
    output: CertificateRules,
  }),
  issued: endpoint({
    method: 'GET',
    path: '/courses/{course}/certificates',
    access: 'teaching',
    summary: 'Certificates of a course of mine, newest first',
    input: z.object({ course, page: z.optional(z.string().check(z.maxLength(500))) }),
    output: z.object({ certificates: z.array(CertificateLine), next: z.optional(z.string()) }),
  }),
  revoke: endpoint({
    method: 'POST',
    path: '/certificates/{certificate}/revocation',
    access: 'teaching',
    summary: 'Revoke a certificate of a course of mine; whoever verifies it reads why',
    input: z.object({ ...certificate.shape, reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(300)) }),
    output: CertificateLine,
  }),
  reinstate: endpoint({
    method: 'DELETE',
    path: '/certificates/{certificate}/revocation',
    access: 'teaching',
    summary: 'Take back that a certificate was revoked',
    input: certificate,
    output: CertificateLine,
  }),
  credential: endpoint({
    method: 'GET',
    path: '/certificates/{certificate}/credential',
    access: 'anyone',
    summary: 'A certificate as an Open Badges 3.0 credential: a JWT signed by the school',
    input: certificate,
    output: z.object({ jwt: z.string() }),
  }),
  status: endpoint({
    method: 'GET',
    path: '/certificates/{certificate}/status',
    access: 'anyone',
    summary: 'Whether a credential was revoked; its `credentialStatus` leads here',
    input: certificate,
    output: RevocationList,
  }),
  keys: endpoint({
    method: 'GET',
    path: '/credential-keys',
    access: 'anyone',
    summary: 'Every key that has signed credentials, a JSON Web Key Set',
    input: nothing,
    output: z.object({ keys: z.array(PublicKey) }),
  }),
  key: endpoint({
    method: 'GET',
    path: '/credential-keys/{key}',
    access: 'anyone',
    summary: 'One of them; the `kid` of a credential is its address',
    input: z.object({ key: z.string().check(z.regex(/^[\w-]{43}$/)) }),
    output: PublicKey,
  }),
}
