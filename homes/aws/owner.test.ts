import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { SignUpCommand } from '@aws-sdk/client-cognito-identity-provider'
import { ROLES, rolesWith } from '#contract/roles.ts'
import { aScene, OWNER, PASSWORD, type Scene } from './cognito/scene.fixture.ts'

const rolesOf = async (scene: Scene, email: string) => (await scene.identity.verify(await scene.tokenFor(email, PASSWORD)))?.roles

describe('the owner of a school on AWS', () => {
  let scene: Scene
  before(async () => {
    scene = await aScene()
  })
  after(() => scene.close())

  it('is whoever signs up with the owner’s address and proves it, however it is typed; nobody else is', async () => {
    await scene.join('owner@school.EXAMPLE')
    await scene.join('another-owner@school.example')
    assert.deepEqual(await rolesOf(scene, 'owner@school.example'), ROLES)
    assert.deepEqual(await rolesOf(scene, 'another-owner@school.example'), ['learner'])
  })

  it('is what the school makes of them afterwards', async () => {
    const { id = '' } = (await scene.identity.findByEmail(OWNER)) ?? {}
    const { id: other = '' } = (await scene.identity.findByEmail('another-owner@school.example')) ?? {}
    assert.equal(await scene.identity.setRoles(id, ['learner']), 'last-owner')
    await scene.identity.setRoles(other, rolesWith('owner'))
    await scene.identity.setRoles(id, ['learner'])
    await scene.identity.refresh()
    assert.deepEqual(await rolesOf(scene, OWNER), ['learner'])
  })
})

it('an owner’s address that is not proven opens nothing, also where the directory heard of it early', async (test) => {
  const scene = await aScene({ isTold: false })
  test.after(() => scene.close())
  const { client, pool, identity } = scene
  const attributes = [{ Name: 'email', Value: OWNER }]
  const { UserSub: id = '' } = await client.send(
    new SignUpCommand({ ClientId: pool.clientId, Username: OWNER, Password: PASSWORD, UserAttributes: attributes }),
  )
  await identity.refresh()
  assert.deepEqual((await identity.find(id))?.roles, ['learner'])
  // Nor are they the owner who is left, when the school makes them one.
  const made = await identity.create({ email: 'proven@school.example', name: 'Olive', password: PASSWORD, roles: rolesWith('owner') })
  await identity.setRoles(id, rolesWith('owner'))
  assert.equal(made === 'taken' ? made : await identity.disable(made.id), 'last-owner')
  await identity.setRoles(id, ['learner'])
  await pool.users.confirm(pool.users.get(id), pool.codeFor(OWNER))
  assert.deepEqual(await rolesOf(scene, OWNER), ROLES)
})
