import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { decodeJwt } from 'jose'
import { identityLaws } from '#ports/identity.laws.ts'
import type { Person, Role } from '#ports/identity.ts'
import { aScene, PASSWORD, type Scene } from './cognito/scene.fixture.ts'

let people = 0
const made = async ({ identity }: Scene, roles: Role[]): Promise<Person> => {
  people += 1
  const person = await identity.create({ email: `made-${people}@lectern.test`, name: 'Made', password: PASSWORD, roles })
  assert.notEqual(person, 'taken')
  // `taken` was excluded on the line before.
  return person as Person
}

identityLaws('the AWS home', async () => {
  const { identity, tokenFor, resetPassword, close } = await aScene()
  return { identity, tokenFor, resetPassword, close }
})

const aToken = async (scene: Scene, change: (claims: Record<string, unknown>) => Record<string, unknown>): Promise<string> => {
  const token = await scene.tokenFor('ada@lectern.test', PASSWORD)
  // A token of the stand-in's own has three parts, of which the second holds an object.
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
  return scene.pool.tokens.sign(change(claims))
}

describe('people of a user pool', () => {
  let scene: Scene
  let ada: string
  before(async () => {
    scene = await aScene()
    ada = await scene.join('Ada@Lectern.test')
  })
  after(() => scene.close())

  it('have exactly the claims of Cognito in their tokens, and no groups where they are in none', async () => {
    const names = Object.keys(decodeJwt(await scene.tokenFor('ada@lectern.test', PASSWORD))).sort()
    const plain = ['auth_time', 'client_id', 'event_id', 'exp', 'iat', 'iss', 'jti', 'origin_jti', 'scope', 'sub', 'token_use', 'username', 'version']
    assert.deepEqual(names, plain)
    const { id } = await made(scene, ['learner', 'admin', 'instructor'])
    const claims = decodeJwt(await scene.tokenFor((await scene.identity.find(id))?.email ?? '', PASSWORD))
    assert.deepEqual(claims['cognito:groups'], ['instructor', 'admin'])
  })

  it('are refused with a token for another client, another pool or another use, and with one that is over', async () => {
    assert.equal((await scene.identity.verify(await aToken(scene, (claims) => claims)))?.id, ada)
    const wrong: ((claims: Record<string, unknown>) => Record<string, unknown>)[] = [
      (claims) => ({ ...claims, client_id: 'another' }),
      ({ client_id, ...claims }) => ({ ...claims, aud: client_id }),
      (claims) => ({ ...claims, token_use: 'id' }),
      ({ token_use: _, ...claims }) => claims,
      (claims) => ({ ...claims, iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other' }),
      (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 10 }),
      ({ exp: _, ...claims }) => claims,
      (claims) => ({ ...claims, sub: 'somebody-else' }),
    ]
    for (const change of wrong) assert.equal(await scene.identity.verify(await aToken(scene, change)), undefined, String(change))
    const { id_token } = await scene.pool.tokens.begin(scene.pool.users.get(ada), 'openid')
    assert.equal(await scene.identity.verify(id_token), undefined)
  })

  it('cost one read and no call of the pool once they are known', async () => {
    const token = await scene.tokenFor('ada@lectern.test', PASSWORD)
    await scene.identity.verify(token)
    scene.asked.length = 0
    assert.equal((await scene.identity.verify(token))?.email, 'ada@lectern.test')
    assert.deepEqual(scene.asked, [])
  })

  it('have their roles from the school, whatever their groups say, and groups that say the same', async () => {
    const { id, email } = await made(scene, ['learner', 'instructor'])
    scene.pool.users.get(id).groups.add('admin')
    assert.deepEqual((await scene.identity.verify(await scene.tokenFor(email, PASSWORD)))?.roles, ['learner', 'instructor'])
    scene.pool.users.get(id).groups.add('of-somebody-else')
    await scene.identity.setRoles(id, ['learner', 'admin'])
    assert.deepEqual([...scene.pool.users.get(id).groups].sort(), ['admin', 'of-somebody-else'])
    await scene.identity.setRoles('nobody', ['admin'])
    assert.equal(await scene.identity.find('nobody'), undefined)
  })

  it('are not made with a password the pool does not take, and keep nobody from the address', async () => {
    const person = { email: 'short@lectern.test', name: 'Short', roles: ['learner' as const] }
    await assert.rejects(scene.identity.create({ ...person, password: 'short' }), /does not take that password/)
    assert.equal(await scene.identity.findByEmail(person.email), undefined)
    assert.notEqual(await scene.identity.create({ ...person, password: PASSWORD }), 'taken')
  })

  it('are not found by what is no name at all', async () => {
    for (const name of ['', ' ', 'two words', 'a'.repeat(129), 'line\nbreak']) {
      assert.equal(await scene.identity.find(name), undefined)
      assert.equal(await scene.identity.findByEmail(name), undefined)
    }
    assert.equal(await scene.identity.find('ada@lectern.test'), undefined)
  })

  it('keep a session that is renewed as old as it is', async () => {
    const grace = await scene.join('grace@lectern.test', 'Grace')
    const before = await scene.pool.tokens.begin(scene.pool.users.get(grace), 'openid')
    await scene.resetPassword('grace@lectern.test', 'five other quiet words here')
    const renewed = await scene.pool.tokens.renew(before.refresh_token)
    assert.equal(await scene.identity.verify(renewed.access_token), undefined)
    assert.equal((await scene.identity.verify(await scene.tokenFor('grace@lectern.test', 'five other quiet words here')))?.id, grace)
  })

  it('cannot renew once they are kept out', async () => {
    const { id } = await made(scene, ['learner'])
    const { refresh_token } = await scene.pool.tokens.begin(scene.pool.users.get(id), 'openid')
    await scene.identity.disable(id)
    await assert.rejects(scene.pool.tokens.renew(refresh_token))
  })

  it('are a fault and no stranger while the pool’s keys cannot be had', async (t) => {
    const other = await aScene()
    t.after(other.close)
    await other.join('ada@lectern.test')
    const token = await other.tokenFor('ada@lectern.test', PASSWORD)
    other.login.close()
    await assert.rejects(other.identity.verify(token))
  })
})

describe('what a user pool tells', () => {
  it('puts somebody who confirmed their address in the directory, once, however often and late it is told', async (t) => {
    const scene = await aScene()
    t.after(scene.close)
    const ada = await scene.join('ada@lectern.test')
    const { items } = await scene.identity.list()
    assert.deepEqual(items, [{ id: ada, email: 'ada@lectern.test', name: 'Ada Example', roles: ['learner'], isVerified: true, isDisabled: false }])
    await scene.identity.setRoles(ada, ['learner', 'instructor'])
    await scene.identity.disable(ada)
    const before = await scene.identity.find(ada)
    for (const event of scene.pool.told) await scene.identity.hear(event, '2026-01-01T00:00:00Z')
    assert.deepEqual(await scene.identity.find(ada), before)
  })

  it('may be lost: the first call puts them there, with the roles of their groups', async (t) => {
    const scene = await aScene({ isTold: false })
    t.after(scene.close)
    const ada = await scene.join('ada@lectern.test')
    scene.pool.users.get(ada).groups.add('instructor')
    assert.deepEqual((await scene.identity.list()).items, [])
    assert.equal((await scene.identity.findByEmail('ADA@lectern.test'))?.id, ada)
    const token = await scene.tokenFor('ada@lectern.test', PASSWORD)
    const both = await Promise.all([scene.identity.verify(token), scene.identity.verify(token)])
    assert.deepEqual(
      both.map((person) => person?.roles),
      [
        ['learner', 'instructor'],
        ['learner', 'instructor'],
      ],
    )
    assert.deepEqual(
      (await scene.identity.list()).items.map(({ id }) => id),
      [ada],
    )
  })

  it('ends sessions by a new password’s own time, repeated, late and out of order', async (t) => {
    const scene = await aScene({ isTold: false })
    t.after(scene.close)
    const ada = await scene.join('ada@lectern.test')
    await scene.resetPassword('ada@lectern.test', 'five other quiet words here')
    const told = scene.pool.told.at(-1)
    assert.equal(told?.triggerSource, 'PostConfirmation_ConfirmForgotPassword')
    for (const at of ['2026-11-02T00:00:00Z', '2026-11-02T00:00:00Z', '2026-11-01T00:00:00Z']) await scene.identity.hear(told, at)
    assert.equal((await scene.identity.find(ada))?.sessionsSince, '2026-11-02T00:00:00Z')
    await scene.identity.hear({ ...told, userPoolId: 'eu-central-1_Other' }, '2026-11-03T00:00:00Z')
    assert.equal((await scene.identity.find(ada))?.sessionsSince, '2026-11-02T00:00:00Z')
  })

  it('can be asked for again: whoever came, moved or was kept out there meanwhile', async (t) => {
    const scene = await aScene({ isTold: false })
    t.after(scene.close)
    for (let count = 0; count < 65; count += 1) scene.pool.users.signUp(`p${count}@lectern.test`, PASSWORD, [['name', `P ${count}`]])
    const [ada, moved] = [await scene.join('ada@lectern.test'), await scene.join('old@lectern.test')]
    const all = async (): Promise<number> => {
      let [page, pages] = [await scene.identity.refresh(), 1]
      for (; page !== undefined; pages += 1) page = await scene.identity.refresh(page)
      return pages
    }
    assert.equal(await all(), 2)
    assert.equal((await scene.identity.findByEmail('p64@lectern.test'))?.isVerified, false)
    scene.pool.users.get(ada).isEnabled = false
    scene.pool.users.get(moved).attributes.set('email', 'New@lectern.test')
    await all()
    assert.equal((await scene.identity.find(ada))?.isDisabled, true)
    assert.equal((await scene.identity.findByEmail('new@lectern.test'))?.id, moved)
    assert.equal(await scene.identity.findByEmail('old@lectern.test'), undefined)
    // Somebody else takes an address that its last owner has left at the pool, but not yet here.
    scene.pool.users.get(moved).attributes.set('email', 'newest@lectern.test')
    const heir = await scene.join('new@lectern.test')
    await scene.identity.verify(await scene.tokenFor('new@lectern.test', PASSWORD))
    await all()
    assert.equal((await scene.identity.findByEmail('new@lectern.test'))?.id, heir)
    assert.equal((await scene.identity.findByEmail('newest@lectern.test'))?.id, moved)
    scene.pool.users.get(ada).isEnabled = true
    await all()
    assert.equal((await scene.identity.find(ada))?.isDisabled, true, 'whom the school keeps out only the school lets in')
  })
})

describe('the leave that the school needs for a user pool', () => {
  it('is asked for, and its want is a fault that changes no roles in secret', async (t) => {
    const scene = await aScene({ allows: (_, { action }) => action !== 'cognito-idp:AdminAddUserToGroup' })
    t.after(scene.close)
    const ada = await scene.join('ada@lectern.test')
    await assert.rejects(scene.identity.setRoles(ada, ['learner', 'admin']), /not authorized/)
    assert.deepEqual((await scene.identity.find(ada))?.roles, ['learner', 'admin'], 'the row decides, and asking again mends the group')
  })
})
