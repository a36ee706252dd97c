import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { caseOf, openSchool, refusalOf, type School } from '#test/school.ts'

const school = await openSchool()
after(() => school.close())
const ada = await school.person('Ada', 'owner')

const linkTo = ({ letters }: School, email: string): string =>
  /\/joining\/(stf_[0-9a-z]+)/.exec(letters.findLast(({ to, text }) => to === email && text.includes('/joining/'))?.text ?? '')?.[1] ?? ''

const invited = async (email: string, role: 'instructor' | 'admin' = 'instructor') => {
  const { id } = await ada.client.accounts.inviteStaff({ email, role })
  await school.settle()
  return { id, token: linkTo(school, email.toLowerCase()) }
}

test('whoever is invited into the staff is so once they sign in with that address', async () => {
  const theo = await school.person('Theo')
  const { token } = await invited('Theo@lectern.test')
  assert.deepEqual(await school.visitor.accounts.joining({ token }), { role: 'instructor', email: 't…@lectern.test', by: 'Ada', state: 'open' })
  assert.equal((await theo.client.accounts.joining({ token })).email, 'theo@lectern.test')
  assert.equal((await theo.client.accounts.join({ token })).state, 'yours')
  assert.deepEqual((await theo.client.accounts.me({})).roles, ['learner', 'instructor'])
})

test('an invitation that somebody else holds makes them nothing', async () => {
  const mallory = await school.person('Mallory')
  const { token } = await invited('tessa@lectern.test', 'admin')
  assert.equal(await caseOf(mallory.client.accounts.join({ token })), 'other-address')
  assert.deepEqual((await mallory.client.accounts.me({})).roles, ['learner'])
})

test('an invitation gives its role once: whoever has lost it since is not let in again', async () => {
  const nora = await school.person('Nora')
  const { token } = await invited(nora.email)
  await nora.client.accounts.join({ token })
  await school.world.identity.setRoles(nora.id, ['learner'])
  assert.equal((await nora.client.accounts.join({ token })).state, 'yours')
  assert.deepEqual((await nora.client.accounts.me({})).roles, ['learner'])
})

test('an invitation that was withdrawn, replaced or is a week old leads nowhere', async () => {
  const otto = await school.person('Otto')
  const first = await invited(otto.email)
  const second = await invited(otto.email)
  assert.equal(await refusalOf(otto.client.accounts.join({ token: first.token })), 'not-found')
  const open = async () => (await ada.client.accounts.staffInvitations({})).invitations.filter(({ email }) => email === otto.email).map(({ id }) => id)
  assert.deepEqual(await open(), [second.id])
  await ada.client.accounts.withdrawStaffInvitation({ invitation: second.id })
  assert.equal(await refusalOf(otto.client.accounts.join({ token: second.token })), 'not-found')
  const third = await invited(otto.email)
  school.clock.pass(7 * 24 * 3600 + 1)
  assert.equal((await otto.client.accounts.join({ token: third.token })).state, 'over')
  assert.deepEqual([await open(), (await otto.client.accounts.me({})).roles], [[], ['learner']])
})

test('an invitation is worth what whoever sent it may still do, and is remembered with the account', async () => {
  const [eva, anton] = [await school.person('Eva', 'admin'), await school.person('Anton')]
  const { id } = await eva.client.accounts.inviteStaff({ email: anton.email, role: 'support' })
  await school.settle()
  const token = linkTo(school, anton.email)
  await school.world.identity.disable(eva.id)
  assert.equal(await refusalOf(anton.client.accounts.join({ token })), 'not-allowed')
  await school.world.identity.enable(eva.id)
  await anton.client.accounts.join({ token })
  assert.equal(await refusalOf(ada.client.accounts.withdrawStaffInvitation({ invitation: id })), 'not-found')
  const { acts } = await ada.client.people.person({ person: anton.id })
  assert.deepEqual(
    acts.map(({ what, by, before, after: then }) => [what, by.name, before, then]),
    [['roles', 'Eva', ['learner'], ['learner', 'support']]],
  )
})

test('what could let somebody in is changed with a fresh sign-in alone', async () => {
  const lena = await school.person('Lena')
  const { verify } = school.world.identity
  const signedIn = (minutesAgo: number): void => {
    const since = new Date(school.clock.now().getTime() - minutesAgo * 60_000).toISOString()
    school.world.identity.verify = async (token) => ((person) => person && { ...person, session: { id: 'here', since } })(await verify(token))
  }
  const { accounts } = lena.client
  const acts = () => [
    accounts.changeEmail({ email: 'other@lectern.test' }),
    accounts.removeSecondFactor({}),
    accounts.newRecoveryCodes({}),
    accounts.removePasskey({ passkey: `key-${lena.id}` }),
    accounts.unlink({ issuer: 'https://id.example' }),
  ]
  signedIn(16)
  for (const act of acts()) assert.equal(await refusalOf(act), 'sign-in-again')
  signedIn(14)
  for (const act of acts()) assert.equal(await refusalOf(act), 'answered')
  // A token that was made for a script is of no sign-in.
  school.world.identity.verify = async (token) => {
    const found = await verify(token)
    if (!found) return undefined
    const { session: _, ...person } = found
    return person
  }
  for (const act of acts()) assert.equal(await refusalOf(act), 'sign-in-again')
  school.world.identity.verify = verify
})

test('a home whose provider keeps sign-ins to itself says so, and still signs people out', async () => {
  const mona = await school.person('Mona')
  const { identity } = school.world
  const { desk } = identity
  identity.desk = undefined
  assert.deepEqual(await mona.client.accounts.own({}), { name: 'Mona', email: 'mona@lectern.test' })
  assert.equal(await refusalOf(mona.client.accounts.changeEmail({ email: 'other@lectern.test' })), 'not-set-up')
  await mona.client.accounts.endSessions({ keepsThis: true })
  assert.ok((await identity.find(mona.id))?.sessionsSince)
  identity.desk = desk
})
