import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasRole, isForOwners, isStaff, ROLES, rolesWith } from './roles.ts'

test('a role brings what is below it, and nothing beside it', () => {
  assert.deepEqual(rolesWith(), ['learner'])
  assert.deepEqual(rolesWith('support'), ['learner', 'support'])
  assert.deepEqual(rolesWith('support', 'instructor'), ['learner', 'instructor', 'support'])
  assert.deepEqual(rolesWith('owner'), ROLES)
  assert.deepEqual(
    ROLES.map((role) => hasRole({ roles: ['support'] }, role)),
    [true, false, true, false, false],
  )
  assert.equal(hasRole({ roles: ['admin'] }, 'owner'), false)
  assert.equal(hasRole({ roles: ['owner'] }, 'admin'), true, 'whatever else is written beside it')
})

test('everybody who may do more than learn is staff', () => {
  assert.deepEqual(
    ROLES.filter((role) => isStaff(['learner', role])),
    ['instructor', 'support', 'admin', 'owner'],
  )
  assert.deepEqual(ROLES.filter(isForOwners), ['admin', 'owner'])
})
