import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { DAY_MS } from '#core/moments.ts'
import { aCourse } from '#test/builders.ts'
import { openSchool, refusalOf } from '#test/school.ts'

const aTeacher = async (t: TestContext) => {
  const school = await openSchool()
  t.after(() => school.close())
  const theo = await school.person('Theo', 'instructor')
  const make = async (scopes: Parameters<typeof theo.client.tokens.create>[0]['scopes'], days = 30) => {
    const { token, secret } = await theo.client.tokens.create({ name: 'A script', scopes, days })
    return { token, secret, client: school.client(secret) }
  }
  return { school, theo, make }
}

test('a program with a token reads what its scopes name, as the person who made it', async (t) => {
  const { theo, make } = await aTeacher(t)
  await aCourse(theo)
  const { client } = await make(['courses:read'])
  assert.equal((await client.courses.mine({})).courses.length, 1)
  assert.equal((await client.accounts.me({})).email, theo.email)
  assert.equal(await refusalOf(client.courses.create({ title: 'Another' })), 'not-in-scope')
})

test('a token opens nothing that its person may not do', async (t) => {
  const { make } = await aTeacher(t)
  const { client } = await make(['orders:read', 'access:write'])
  assert.equal(await refusalOf(client.money.orders({})), 'not-allowed')
})

test('no token makes tokens, lists them or revokes them, and none opens a film', async (t) => {
  const { make } = await aTeacher(t)
  const { client, token } = await make(['courses:read', 'courses:write', 'learning:read', 'people:read', 'orders:read', 'access:write'])
  const refused = [
    client.tokens.create({ name: 'Mine', scopes: ['courses:read'], days: 1 }),
    client.tokens.list({}),
    client.tokens.revoke({ token: token.id }),
    client.watching.open({ lesson: 'les_00000000', browser: 'a-browser-of-mine' }),
  ]
  for (const each of refused) assert.equal(await refusalOf(each), 'not-in-scope')
})

test('what a token is, is told once: neither the list nor what is stored has it', async (t) => {
  const { school, theo, make } = await aTeacher(t)
  const { secret, token } = await make(['courses:read'])
  assert.match(secret, /^lectern_[\w-]{43}$/)
  const { tokens } = await theo.client.tokens.list({})
  assert.deepEqual(tokens, [token])
  assert.ok(secret.endsWith(token.hint) && token.hint.length === 4)
  const stored = JSON.stringify(school.database.prepare('SELECT pk, sk, body FROM items').all())
  assert.ok(!stored.includes(secret) && !stored.includes(secret.slice('lectern_'.length)))
})

test('a token that is revoked, over, of somebody disabled, or never made is nobody’s', async (t) => {
  const { school, theo, make } = await aTeacher(t)
  const [revoked, short, live] = [await make(['courses:read']), await make(['courses:read'], 1), await make(['courses:read'], 300)]
  await theo.client.tokens.revoke({ token: revoked.token.id })
  assert.equal(await refusalOf(revoked.client.courses.mine({})), 'not-signed-in')
  assert.equal(await refusalOf(theo.client.tokens.revoke({ token: revoked.token.id })), 'not-found')
  school.clock.pass(DAY_MS / 1000 - 1)
  assert.equal(await refusalOf(short.client.courses.mine({})), 'answered')
  school.clock.pass(1)
  assert.equal(await refusalOf(short.client.courses.mine({})), 'not-signed-in')
  assert.deepEqual((await theo.client.tokens.list({})).tokens.map(({ state }) => state).toSorted(), ['expired', 'live'])
  for (const made of ['lectern_', `lectern_${'x'.repeat(43)}`, `${live.secret}x`])
    assert.equal(await refusalOf(school.client(made).accounts.me({})), 'not-signed-in')
  await school.world.identity.disable(theo.id)
  assert.equal(await refusalOf(live.client.courses.mine({})), 'not-signed-in')
})

test('a new password ends the tokens made before it, and none made since', async (t) => {
  const { school, theo, make } = await aTeacher(t)
  const before = await make(['courses:read'])
  school.clock.pass(60)
  school.endSessions(theo.id)
  const since = await make(['courses:read'])
  assert.deepEqual([await refusalOf(before.client.courses.mine({})), await refusalOf(since.client.courses.mine({}))], ['not-signed-in', 'answered'])
  assert.deepEqual(Object.fromEntries((await theo.client.tokens.list({})).tokens.map(({ id, state }) => [id, state])), {
    [before.token.id]: 'ended',
    [since.token.id]: 'live',
  })
})

test('when a token was used is kept to the hour, and nobody is kept from reading where it cannot be written', async (t) => {
  const { school, theo, make } = await aTeacher(t)
  const { client } = await make(['courses:read'])
  const used = async () => (await theo.client.tokens.list({})).tokens[0]?.usedAt
  assert.equal(await used(), undefined)
  await client.courses.mine({})
  const first = school.clock.now().toISOString()
  school.clock.pass(1800)
  await client.courses.mine({})
  assert.equal(await used(), first)
  school.clock.pass(1801)
  const { tables } = school.world
  school.world.tables = { ...tables, commit: async () => Promise.reject(new Error('The disk is full.')) }
  assert.equal(await refusalOf(client.courses.mine({})), 'answered')
  school.world.tables = tables
  await client.courses.mine({})
  assert.equal(await used(), school.clock.now().toISOString())
})

test('fifty tokens are enough for one person', async (t) => {
  const { school, make } = await aTeacher(t)
  for (let made = 0; made < 50; made += 1) {
    school.clock.pass(180)
    await make(['courses:read'])
  }
  school.clock.pass(3600)
  assert.equal(await refusalOf(make(['courses:read'])), 'too-many')
})

test('a token is made by a fresh sign-in alone, and by none that was made for a script', async (t) => {
  const { school, make } = await aTeacher(t)
  const { verify } = school.world.identity
  const signedIn = (since: Date | undefined): void => {
    school.world.identity.verify = async (token) => {
      const found = await verify(token)
      if (!found) return undefined
      const { session: _, ...person } = found
      return { ...person, ...(since && { session: { id: 'here', since: since.toISOString() } }) }
    }
  }
  signedIn(new Date(school.clock.now().getTime() - 16 * 60_000))
  assert.equal(await refusalOf(make(['courses:read'])), 'sign-in-again')
  signedIn(undefined)
  assert.equal(await refusalOf(make(['courses:read'])), 'sign-in-again')
  signedIn(school.clock.now())
  assert.equal(await refusalOf(make(['courses:read'])), 'answered')
})

test('twenty tokens in an hour are enough, whatever became of them', async (t) => {
  const { school, theo, make } = await aTeacher(t)
  for (let made = 0; made < 20; made += 1) await theo.client.tokens.revoke({ token: (await make(['courses:read'])).token.id })
  assert.equal(await refusalOf(make(['courses:read'])), 'too-many')
  school.clock.pass(3600)
  assert.equal(await refusalOf(make(['courses:read'])), 'answered')
})

test('whose account a token was made in has a letter about it, once, with no word of the token', async (t) => {
  const { school, theo, make } = await aTeacher(t)
  const { secret, token } = await make(['courses:read'])
  await school.settle()
  await school.settle()
  const letters = school.letters.filter(({ to }) => to === theo.email)
  assert.deepEqual(
    letters.map(({ subject }) => subject),
    ['An access token was made: A script'],
  )
  assert.match(letters[0]?.text ?? '', new RegExp(`ends in ${token.hint}`))
  assert.ok(!letters[0]?.text.includes(secret))
})

test('once staff are asked for a second factor, tokens of theirs open nothing that were made with less', async (t) => {
  const { school, theo, make } = await aTeacher(t)
  const lena = await school.person('Lena')
  const { secret } = await lena.client.tokens.create({ name: 'Mine', scopes: ['learning:read'], days: 30 })
  const one = await make(['courses:read'])
  const { identity } = school.world
  const { verify, desk } = identity
  identity.verify = async (token) => {
    const found = await verify(token)
    return found?.session ? { ...found, session: { ...found.session, isTwoFactor: true } } : found
  }
  const two = await make(['courses:read'])
  assert.ok(desk)
  identity.desk = { ...desk, rules: async () => ({ staffNeedSecondFactor: true }) }
  assert.deepEqual([await refusalOf(one.client.courses.mine({})), await refusalOf(two.client.courses.mine({}))], ['not-signed-in', 'answered'])
  assert.equal((await theo.client.tokens.list({})).tokens.find(({ id }) => id === one.token.id)?.state, 'ended')
  // Learners are asked for no more than they were.
  assert.equal(await refusalOf(school.client(secret).accounts.me({})), 'answered')
  identity.desk = desk
  assert.equal(await refusalOf(one.client.courses.mine({})), 'answered')
})
