import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openSchool, refusalOf } from '#test/school.ts'
import { isSecret } from './security.ts'

const listened = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  const lines: Record<string, unknown>[] = []
  const keep = (_: string, fields: Record<string, unknown> = {}) => void lines.push(fields)
  Object.assign(school.world, { log: { ...school.world.log, info: keep, warn: keep } })
  return { school, lines }
}

test('whoever is refused something leaves a line with their id, what it was and why, and nothing else', async (t) => {
  const { school, lines } = await listened(t)
  const lena = await school.person('Lena')
  const other = await school.person('Theo', 'instructor')
  const { course } = await other.client.courses.create({ title: 'Colour' }).then(({ id }) => ({ course: id }))
  assert.equal(await refusalOf(lena.client.audit.list({})), 'not-allowed')
  await refusalOf((await school.person('Nina', 'instructor')).client.courses.get({ course }))
  await refusalOf(school.client('forged').accounts.own({}))
  assert.deepEqual(
    lines.map(({ security, what, code }) => [security, what, code]),
    [
      ['refused', 'audit.list', 'not-allowed'],
      ['refused', 'courses.get', 'not-found'],
      ['refused', 'accounts.own', 'not-signed-in'],
    ],
  )
  assert.equal(lines[0]?.['person'], lena.id)
  assert.doesNotMatch(JSON.stringify(lines), /lectern\.test|Lena|forged/)
})

test('a browser that asks before its person has signed in is no attempt on anything', async (t) => {
  const { school, lines } = await listened(t)
  assert.equal(await refusalOf(school.visitor.accounts.own({})), 'not-signed-in')
  assert.deepEqual(lines, [])
})

test('a secret that is made, changed or taken away leaves a line, and a bound that holds another', async (t) => {
  const { school, lines } = await listened(t)
  const lena = await school.person('Lena')
  const { token } = await lena.client.tokens.create({ name: 'Mine', scopes: ['learning:read'], days: 1 })
  await lena.client.tokens.revoke({ token: token.id })
  for (let made = 0; made < 19; made += 1) await lena.client.tokens.create({ name: 'Mine', scopes: ['learning:read'], days: 1 })
  assert.equal(await refusalOf(lena.client.tokens.create({ name: 'Mine', scopes: ['learning:read'], days: 1 })), 'too-many')
  assert.deepEqual(
    [lines[0], lines[1], lines.at(-1)],
    [
      { security: 'secret-changed', person: lena.id, what: 'tokens.create' },
      { security: 'secret-changed', person: lena.id, what: 'tokens.revoke' },
      { security: 'bounds-held', person: lena.id, what: 'tokens.create' },
    ],
  )
})

test('a second factor that is taken away is told of by what keeps it, and not by the edge as well', () => {
  assert.deepEqual(['accounts.removeSecondFactor', 'accounts.removePasskey', 'accounts.changePassword'].map(isSecret), [false, false, true])
})
