import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Identity, Person } from './identity.ts'

export type IdentityUnderTest = {
  identity: Identity
  /** Signs someone in by whatever way this home has, and answers their access token. */
  tokenFor(email: string, password: string): Promise<string>
  /** Sets a new password by whatever way this home has for those who have forgotten theirs. */
  resetPassword(email: string, password: string): Promise<void>
  close(): Promise<void>
}

const PASSWORD = 'four quiet words here'

const everybody = async (identity: Identity, asked: Parameters<Identity['list']>[0] = {}): Promise<Person[]> => {
  const found: Person[] = []
  let page: string | undefined
  do {
    const answer = await identity.list({ ...asked, ...(page !== undefined && { page }) })
    found.push(...answer.items)
    page = answer.next
  } while (page !== undefined)
  return found
}

/** Changes the first character of one part of a token, which no padding can hide. */
const altered = (token: string, part: number): string =>
  token
    .split('.')
    .map((each, index) => (index === part ? `${each.startsWith('A') ? 'B' : 'A'}${each.slice(1)}` : each))
    .join('.')

/** Of whom a token speaks, without which sign-in it was made in. */
const bearer = async (identity: Identity, token: string): Promise<Person | undefined> => {
  const found = await identity.verify(token)
  if (!found) return undefined
  const { session: _, ...person } = found
  return person
}

/** What every home's directory and token check do. */
export const identityLaws = (home: string, open: () => Promise<IdentityUnderTest>): void => {
  describe(`identity in ${home}`, () => {
    let under: IdentityUnderTest
    let count = 0
    before(async () => {
      under = await open()
    })
    after(() => under.close())

    const aPerson = async (roles: Person['roles'] = ['learner']): Promise<Person> => {
      count += 1
      const made = await under.identity.create({ email: `person-${count}@lectern.test`, name: `Person ${count}`, password: PASSWORD, roles })
      assert.notEqual(made, 'taken')
      // `taken` was excluded on the line before.
      return made as Person
    }

    it('finds a person again by id and by address, however it is typed', async () => {
      const made = await aPerson(['learner', 'instructor'])
      assert.deepEqual(await under.identity.find(made.id), made)
      assert.deepEqual(await under.identity.findByEmail(made.email.toUpperCase()), made)
      assert.deepEqual(
        { ...made, id: '' },
        { id: '', email: made.email, name: made.name, roles: ['learner', 'instructor'], isVerified: true, isDisabled: false },
      )
    })

    it('knows nobody by an id or an address that nobody has', async () => {
      assert.equal(await under.identity.find('nobody'), undefined)
      assert.equal(await under.identity.findByEmail('nobody@lectern.test'), undefined)
    })

    it('makes no second account for an address, and leaves the first as it is', async () => {
      const made = await aPerson()
      const again = await under.identity.create({ email: made.email.toUpperCase(), name: 'Somebody else', password: PASSWORD, roles: ['admin'] })
      assert.equal(again, 'taken')
      assert.deepEqual(await under.identity.find(made.id), made)
    })

    it('lists everybody once', async () => {
      const made = [await aPerson(), await aPerson(), await aPerson()]
      const ids = (await everybody(under.identity)).map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length)
      for (const { id } of made) assert.ok(ids.includes(id))
    })

    it('knows whose an access token is', async () => {
      const made = await aPerson(['instructor'])
      assert.deepEqual(await bearer(under.identity, await under.tokenFor(made.email, PASSWORD)), made)
    })

    it('refuses what is no token, and a token that was altered anywhere', async () => {
      const token = await under.tokenFor((await aPerson()).email, PASSWORD)
      for (const wrong of [
        '',
        'x',
        'a.b.c',
        `${token}x.y`,
        altered(token, 0),
        altered(token, 1),
        altered(token, 2),
        `${token.split('.').slice(0, 2).join('.')}.`,
      ]) {
        assert.equal(await under.identity.verify(wrong), undefined, wrong)
      }
    })

    it('lets new roles count at once, for a token that is out already', async () => {
      const made = await aPerson()
      const token = await under.tokenFor(made.email, PASSWORD)
      await under.identity.setRoles(made.id, ['learner', 'admin'])
      assert.deepEqual((await under.identity.verify(token))?.roles, ['learner', 'admin'])
      assert.deepEqual((await under.identity.find(made.id))?.roles, ['learner', 'admin'])
    })

    it('finds people by the beginnings of their names and addresses, and by what they are', async () => {
      const [anna, annette] = [await aPerson(['learner', 'support']), await aPerson()]
      const found = async (options: NonNullable<Parameters<Identity['list']>[0]>): Promise<string[]> => {
        const people = await everybody(under.identity, options)
        return people.map(({ id }) => id)
      }
      assert.ok((await found({ search: anna.email })).includes(anna.id))
      assert.ok(!(await found({ search: anna.email })).includes(annette.id))
      const alike = await found({ search: 'PERSON pers' })
      assert.ok(alike.includes(anna.id) && alike.includes(annette.id))
      assert.deepEqual(await found({ search: 'erson' }), [])
      assert.deepEqual(await found({ search: '%' }).then((ids) => ids.length > 1), true, 'what is no word looks for nobody in particular')
      const support = await found({ role: 'support' })
      assert.ok(support.includes(anna.id) && !support.includes(annette.id))
      assert.deepEqual(await found({ role: 'support', search: 'nobody' }), [])
      await under.identity.setRoles(anna.id, ['learner'])
      assert.ok(!(await found({ role: 'support' })).includes(anna.id))
    })

    it('keeps the last owner who can sign in', async () => {
      const [one, other] = [await aPerson(['learner', 'owner']), await aPerson(['learner', 'owner'])]
      const rest = (await everybody(under.identity, { role: 'owner' })).filter(({ id, isDisabled }) => id !== one.id && id !== other.id && !isDisabled)
      for (const { id } of rest) assert.equal(await under.identity.setRoles(id, ['learner']), 'done')
      const outcomes = await Promise.all([under.identity.setRoles(one.id, ['learner']), under.identity.disable(other.id)])
      assert.deepEqual(outcomes.toSorted(), ['done', 'last-owner'])
      const left = (await everybody(under.identity, { role: 'owner' })).filter(({ isDisabled }) => !isDisabled)
      assert.equal(left.length, 1)
      const [last] = left
      assert.ok(last)
      assert.equal(await under.identity.disable(last.id), 'last-owner')
      assert.equal(await under.identity.setRoles(last.id, ['learner', 'admin']), 'last-owner')
      assert.deepEqual(await under.identity.find(last.id), last)
    })

    it('lets somebody sign in again who was kept out', async () => {
      const made = await aPerson()
      await under.identity.disable(made.id)
      await under.identity.enable(made.id)
      assert.equal((await under.identity.find(made.id))?.isDisabled, false)
      assert.equal((await under.identity.verify(await under.tokenFor(made.email, PASSWORD)))?.id, made.id)
    })

    it('refuses the token of someone who was disabled, and their next sign-in', async () => {
      const made = await aPerson()
      const token = await under.tokenFor(made.email, PASSWORD)
      await under.identity.disable(made.id)
      assert.equal(await under.identity.verify(token), undefined)
      assert.equal((await under.identity.find(made.id))?.isDisabled, true)
      await assert.rejects(under.tokenFor(made.email, PASSWORD))
    })

    it('ends every session with a new password, and tells since when they count', async () => {
      const [made, other] = [await aPerson(), await aPerson()]
      const token = await under.tokenFor(made.email, PASSWORD)
      assert.equal((await under.identity.find(made.id))?.sessionsSince, undefined)
      const before = new Date(Date.now() - 1000).toISOString()
      await under.resetPassword(made.email, 'five other quiet words here')
      assert.equal(await under.identity.verify(token), undefined)
      const since = (await under.identity.find(made.id))?.sessionsSince
      assert.ok(since !== undefined && since > before && since <= new Date(Date.now() + 1000).toISOString())
      const fresh = await under.identity.verify(await under.tokenFor(made.email, 'five other quiet words here'))
      assert.equal(fresh?.sessionsSince, since)
      assert.equal((await under.identity.find(other.id))?.sessionsSince, undefined)
    })

    it('forgets somebody for good, session and address, and gives the address to whoever comes next; twice is no error', async () => {
      const [gone, stays] = [await aPerson(), await aPerson()]
      const token = await under.tokenFor(gone.email, PASSWORD)
      await under.identity.erase(gone.id)
      await under.identity.erase(gone.id)
      assert.equal(await under.identity.verify(token), undefined)
      assert.deepEqual([await under.identity.find(gone.id), await under.identity.findByEmail(gone.email)], [undefined, undefined])
      assert.ok(!(await everybody(under.identity)).some(({ id, email }) => id === gone.id || email === gone.email))
      const next = await under.identity.create({ email: gone.email, name: 'Somebody new', password: PASSWORD, roles: ['learner'] })
      assert.ok(next !== 'taken' && next.id !== gone.id)
      assert.deepEqual(await under.identity.find(stays.id), stays)
    })

    it('ends every session of a person when asked to, and of nobody else', async () => {
      const [made, other] = [await aPerson(), await aPerson()]
      const [token, theirs] = [await under.tokenFor(made.email, PASSWORD), await under.tokenFor(other.email, PASSWORD)]
      await under.identity.endSessions(made.id)
      assert.equal(await under.identity.verify(token), undefined)
      assert.ok((await under.identity.find(made.id))?.sessionsSince !== undefined)
      assert.deepEqual(await bearer(under.identity, theirs), other)
    })

    it('says nothing of someone else when one person is disabled', async () => {
      const [gone, stays] = [await aPerson(), await aPerson()]
      const token = await under.tokenFor(stays.email, PASSWORD)
      await under.identity.disable(gone.id)
      assert.deepEqual(await bearer(under.identity, token), stays)
    })
  })
}
