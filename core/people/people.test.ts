import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ROLES, type Role } from '#contract/roles.ts'
import { openSchool, refusalOf, type School } from '#test/school.ts'
import { ensureOwner } from './first-owner.ts'
import { leaveFor, mayMake } from './policy.ts'

type Someone = Awaited<ReturnType<School['person']>>
const reason = 'As agreed'

describe('the people of a school', () => {
  let school: School
  let [owner, admin, support, learner]: Someone[] = []
  const all = () => {
    assert.ok(owner && admin && support && learner)
    return { owner, admin, support, learner }
  }
  before(async () => {
    school = await openSchool()
    ;[owner, admin] = [await school.person('Olive', 'owner'), await school.person('Ada', 'admin')]
    ;[support, learner] = [await school.person('Sue', 'support'), await school.person('Lena Ångström')]
  })
  after(() => school.close())

  it('are found by the beginnings of words, and by what they are', async () => {
    const { support: asks } = all()
    const found = async (search: string) => (await asks.client.people.list({ search })).people.map(({ name }) => name)
    assert.deepEqual(await found('angs'), ['Lena Ångström'])
    assert.deepEqual(await found('LENA ang'), ['Lena Ångström'])
    assert.deepEqual(await found('ngstr'), [])
    assert.deepEqual(await found('ada@lec'), ['Ada'])
    const owners = await asks.client.people.list({ role: 'owner' })
    assert.deepEqual(
      owners.people.map(({ name, roles }) => [name, roles]),
      [['Olive', ROLES]],
    )
  })

  it('are given roles by an admin, with a reason that is kept, and are admins by an owner’s word alone', async () => {
    const { owner: top, admin: runs, support: helps, learner: person } = all()
    const give = (by: Someone, roles: Role[]) => by.client.people.setRoles({ person: person.id, roles, reason })
    assert.equal(await refusalOf(give(helps, ['instructor'])), 'not-allowed')
    assert.equal(await refusalOf(give(runs, ['admin'])), 'not-allowed')
    const made = await give(runs, ['instructor'])
    assert.deepEqual(made.person.roles, ['learner', 'instructor'])
    assert.deepEqual(
      made.acts.map(({ what, before: had, after: has, by, reason: why }) => [what, had, has, by.name, why]),
      [['roles', ['learner'], ['learner', 'instructor'], 'Ada', reason]],
    )
    assert.deepEqual((await give(top, ['admin'])).person.roles, ['learner', 'instructor', 'support', 'admin'])
    assert.equal(await refusalOf(give(runs, ['learner'])), 'not-allowed', 'an admin unmakes no other')
    assert.deepEqual((await give(top, [])).person.roles, ['learner'])
  })

  it('are kept out and let in again, learners by support, and nobody by themselves', async () => {
    const { owner: top, admin: runs, support: helps, learner: person } = all()
    const shut = (by: Someone, who: Someone, isDisabled = true) => by.client.people.disable({ person: who.id, isDisabled, reason })
    assert.equal((await shut(helps, person)).person.isDisabled, true)
    assert.equal(await refusalOf(person.client.accounts.me({})), 'not-signed-in')
    assert.equal((await shut(helps, person, false)).person.isDisabled, false)
    assert.equal((await person.client.accounts.me({})).name, 'Lena Ångström')
    for (const [by, who] of [
      [helps, runs],
      [helps, helps],
      [runs, top],
      [runs, runs],
      [top, top],
    ] as const)
      assert.equal(await refusalOf(shut(by, who)), 'not-allowed', `${by.name} and ${who.name}`)
  })

  it('are signed out everywhere by whoever may keep them out', async () => {
    const { admin: runs, support: helps, learner: person } = all()
    const signOut = (by: Someone, who: Someone) => by.client.people.signOut({ person: who.id, reason: 'A lost telephone' })
    const { acts } = await signOut(helps, person)
    assert.deepEqual(
      acts.flatMap(({ what, by, reason: why }) => (what === 'signed-out' ? [[by.name, why]] : [])),
      [[helps.name, 'A lost telephone']],
    )
    assert.equal((await school.world.identity.find(person.id))?.sessionsSince, school.clock.now().toISOString())
    assert.equal(await refusalOf(signOut(helps, runs)), 'not-allowed')
    assert.equal(await refusalOf(signOut(helps, helps)), 'not-allowed')
    assert.equal(await refusalOf(signOut(person, runs)), 'not-allowed')
  })

  it('always have an owner', async () => {
    const { owner: top, admin: runs } = all()
    const give = (who: Someone, roles: Role[]) => top.client.people.setRoles({ person: who.id, roles, reason })
    assert.equal(await refusalOf(give(top, ['admin'])), 'conflict')
    await give(runs, ['owner'])
    assert.deepEqual((await give(top, ['admin'])).person.roles, ['learner', 'instructor', 'support', 'admin'])
    await runs.client.people.setRoles({ person: top.id, roles: ['owner'], reason })
    await give(runs, ['admin'])
  })
})

describe('a school of an earlier version', () => {
  it('has its admins for owners from the first start on, and later admins are no more than that', async () => {
    const school = await openSchool()
    try {
      const admin = await school.person('Ada', 'admin', 'instructor')
      await ensureOwner(school.world)
      assert.deepEqual((await admin.client.accounts.me({})).roles, ROLES)
      await school.world.identity.setRoles((await school.person('Olive', 'owner')).id, ['owner'])
      await school.world.identity.setRoles(admin.id, ['learner', 'admin'])
      await ensureOwner(school.world)
      assert.deepEqual((await admin.client.accounts.me({})).roles, ['learner', 'admin'])
    } finally {
      await school.close()
    }
  })
})

it('nobody gives more than they have, whoever it is given to', () => {
  for (const role of ROLES)
    for (const theirs of ROLES)
      for (const wanted of ROLES) {
        const [actor, person] = [
          { id: 'a', email: '', name: '', roles: [role], isVerified: true, isDisabled: false },
          { id: 'b', roles: [theirs] },
        ]
        if (!mayMake(actor, person, [wanted]) || wanted === theirs) continue
        assert.ok(
          role === 'owner' || (role === 'admin' && ![theirs, wanted].some((each) => each === 'admin' || each === 'owner')),
          `${role}: ${theirs} to ${wanted}`,
        )
        assert.ok(leaveFor(actor, person).roles.length > 0)
      }
})
