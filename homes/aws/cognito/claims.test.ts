import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { claimsIn, groupsOf, rolesOf } from './claims.ts'
import { chosePassword, confirmed } from './confirmed.ts'

test('groups are read from a token, and from every shape API Gateway makes of them', () => {
  const rows: [claim: unknown, groups: string[]][] = [
    [
      ['admin', 'instructor'],
      ['admin', 'instructor'],
    ],
    ['[admin instructor]', ['admin', 'instructor']],
    ['admin,instructor', ['admin', 'instructor']],
    ['admin, instructor', ['admin', 'instructor']],
    ['admin instructor', ['admin', 'instructor']],
    ['["admin","instructor"]', ['admin', 'instructor']],
    ['admin', ['admin']],
    ['[admin]', ['admin']],
  ]
  for (const [claim, groups] of rows) assert.deepEqual(groupsOf(claim), groups, JSON.stringify(claim))
})

test('what is no list of groups makes nobody anything', () => {
  for (const claim of [undefined, null, '', ' ', '[]', '[ ]', ',', 7, true, {}, { admin: true }, [['admin']], [{ name: 'admin' }], [undefined]])
    assert.deepEqual(groupsOf(claim), [], JSON.stringify(claim))
  for (const name of ['admins', 'Admin', 'xadmin', 'admin]', 'eu-central-1_pool_Google']) assert.deepEqual(rolesOf(groupsOf([name])), ['learner'], name)
})

test('any groups come out of every shape as they went in', () => {
  const name = fc.stringMatching(/^[\w-]{1,20}$/)
  fc.assert(
    fc.property(fc.array(name, { maxLength: 5 }), (names) => {
      for (const shape of [names, `[${names.join(' ')}]`, names.join(','), names.join(' ')]) assert.deepEqual(groupsOf(shape), names)
    }),
  )
})

test('roles stand in one order, and everybody learns', () => {
  assert.deepEqual(rolesOf(['admin', 'instructor', 'admin', 'other']), ['learner', 'instructor', 'support', 'admin'])
  assert.deepEqual(rolesOf(['support']), ['learner', 'support'])
  assert.deepEqual(rolesOf([]), ['learner'])
})

test('a payload says who is there, a token’s own or as API Gateway makes it flat, and only that of an access token', () => {
  const claims = {
    ...{ sub: 'b2', username: 'b2', token_use: 'access', client_id: 'web', scope: 'openid profile email', auth_time: '1795885200' },
    'cognito:groups': '[instructor admin]',
  }
  assert.deepEqual(claimsIn(claims), {
    ...{ sub: 'b2', username: 'b2', groups: ['instructor', 'admin'], scopes: ['openid', 'profile', 'email'] },
    authTimeSeconds: 1_795_885_200,
  })
  for (const nobody of [undefined, null, {}, [], 'b2', { ...claims, token_use: 'id' }]) assert.equal(claimsIn(nobody), undefined, JSON.stringify(nobody))
  for (const sub of [undefined, '', 7]) assert.equal(claimsIn({ ...claims, sub }), undefined)
  assert.equal(claimsIn({ ...claims, username: undefined })?.username, 'b2')
  for (const auth_time of [undefined, 'soon', -1, 1.5, '']) assert.equal(claimsIn({ ...claims, auth_time })?.authTimeSeconds, undefined)
})

const event = (triggerSource: string) => ({
  ...{ version: '1', region: 'eu-central-1', userPoolId: 'eu-central-1_pool', userName: 'b2', triggerSource },
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'web' },
  request: { userAttributes: { sub: 'b2', email: 'ada@lectern.test', email_verified: 'true', 'cognito:user_status': 'CONFIRMED' } },
  response: {},
})

test('a confirmed sign-up is told from a new password, which comes by the same trigger', () => {
  const ada = { id: 'b2', username: 'b2', pool: 'eu-central-1_pool' }
  const [joined, forgot] = [event('PostConfirmation_ConfirmSignUp'), event('PostConfirmation_ConfirmForgotPassword')]
  assert.deepEqual([confirmed(joined), chosePassword(joined)], [ada, undefined])
  assert.deepEqual([confirmed(forgot), chosePassword(forgot)], [undefined, ada])
  for (const other of [undefined, null, 'x', {}, event('PreSignUp_SignUp'), { ...joined, userName: '' }, { ...joined, request: { userAttributes: {} } }])
    assert.deepEqual([confirmed(other), chosePassword(other)], [undefined, undefined])
})
