import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createLocalJWKSet, decodeProtectedHeader, importJWK, jwtVerify } from 'jose'
import * as z from 'zod'
import { newSigningKey } from '#core/delivery/rotation.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { certificates } from './certificates.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')
const rival = await school.person('Rita', 'instructor')
const owner = await school.person('Olive', 'admin')
const lena = await school.person('Lena')

const place = await aCourse(teacher, { title: 'Light' })
const lesson = await aLesson(teacher, place)
await teacher.client.courses.updateLesson({ lesson, text: 'Some words.' })
await teacher.client.courses.publish({ course: place.course })
await teacher.client.certificates.putRules({ course: place.course, isOn: true, signature: '', text: '' })
await school.settle()
await lena.client.learning.enrol({ course: place.course })
await lena.client.learning.complete({ lesson, isCompleted: true })
await school.settle()
const { certificate } = await lena.client.certificates.claim({ course: place.course })

const Claims = z.object({
  id: z.string(),
  type: z.array(z.string()),
  issuer: z.object({ id: z.string(), name: z.string() }),
  credentialSubject: z.object({ identifier: z.array(z.object({ identityHash: z.string() })), achievement: z.object({ name: z.string() }) }),
  credentialStatus: z.object({ id: z.string() }),
})

/** What somebody else makes of it, with nothing but the key set the school shows. */
const verified = async (jwt: string) => {
  const keys = createLocalJWKSet(await school.visitor.certificates.keys({}))
  return jwtVerify(jwt, keys, { algorithms: ['EdDSA'], issuer: 'http://school.test', currentDate: school.clock.now() })
}

test('a certificate is a credential that anybody verifies offline with the keys the school shows', async () => {
  const { jwt } = await school.visitor.certificates.credential({ certificate })
  const { payload } = await verified(jwt)
  const claims = Claims.parse(payload)
  assert.ok(claims.type.includes('OpenBadgeCredential'))
  assert.equal(claims.id, `http://school.test/certificates/${certificate}`)
  assert.deepEqual([payload.jti, payload.iss], [claims.id, claims.issuer.id])
  assert.deepEqual([claims.credentialSubject.achievement.name, claims.credentialSubject.identifier[0]?.identityHash], ['Light', 'Lena'])
  assert.doesNotMatch(JSON.stringify(payload).replace('"@context"', ''), /@|prs_/)
})

test('a key is found at the address that the credential names, and it holds no private half', async () => {
  const { jwt } = await school.visitor.certificates.credential({ certificate })
  const { kid = '' } = decodeProtectedHeader(jwt)
  const answer = await school.api(new Request(kid))
  const key = z.record(z.string(), z.string()).parse(await answer.json())
  assert.deepEqual(Object.keys(key).toSorted(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  await jwtVerify(jwt, await importJWK({ kty: 'OKP', ...key }, 'EdDSA'), { currentDate: school.clock.now() })
})

test('a credential with another name in it is not the school’s', async () => {
  const { jwt } = await school.visitor.certificates.credential({ certificate })
  const [header, payload = '', signature] = jwt.split('.')
  const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('Lena', 'Lisa')).toString('base64url')
  await assert.rejects(verified([header, forged, signature].join('.')))
})

test('what was signed before the keys of the school were changed stays verifiable, and new ones are signed by the new key', async () => {
  const { jwt: before } = await school.visitor.certificates.credential({ certificate })
  const fresh = newSigningKey({ ids: school.world.ids, clock: school.clock })
  const world = { ...school.world, keys: { live: async () => [fresh] as const } }
  const { jwt: later } = await certificates.handlers.credential(world, undefined, { certificate })
  assert.notEqual(decodeProtectedHeader(before).kid, decodeProtectedHeader(later).kid)
  assert.equal((await school.visitor.certificates.keys({})).keys.length, 2)
  await verified(before)
  await verified(later)
})

test('a certificate is revoked by the staff of its course with a reason: its page and its status say so, the learner hears, and it can be taken back', async () => {
  const status = () => school.visitor.certificates.status({ certificate })
  assert.deepEqual((await status()).revokedCredential, [])
  assert.equal(await refusalOf(rival.client.certificates.revoke({ certificate, reason: 'Envy' })), 'not-found')
  assert.equal(await refusalOf(lena.client.certificates.revoke({ certificate, reason: 'Modesty' })), 'not-allowed')
  assert.equal(await refusalOf(teacher.client.certificates.revoke({ certificate, reason: '  ' })), 'bad-input')

  await teacher.client.certificates.revoke({ certificate, reason: 'The answers were bought.' })
  await school.settle()
  const id = `http://school.test/certificates/${certificate}`
  assert.deepEqual((await status()).revokedCredential, [{ id, revoked: true, revocationReason: 'The answers were bought.' }])
  assert.equal((await school.visitor.certificates.certificate({ certificate })).revoked?.reason, 'The answers were bought.')
  assert.equal(await refusalOf(school.visitor.certificates.credential({ certificate })), 'conflict')
  assert.equal((await lena.client.notifications.mine({ kind: 'moderation' })).notifications[0]?.text, 'The answers were bought.')
  // It stays revoked for whoever tries to earn it again.
  assert.deepEqual(await lena.client.certificates.claim({ course: place.course }), { certificate })

  await owner.client.certificates.reinstate({ certificate })
  assert.deepEqual((await status()).revokedCredential, [])
  await verified((await school.visitor.certificates.credential({ certificate })).jwt)
})

test('a credential of a certificate that was never issued has no status', async () => {
  assert.equal(await refusalOf(school.visitor.certificates.status({ certificate: 'cer_00000000' })), 'not-found')
})
