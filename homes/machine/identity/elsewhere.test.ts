import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { aBrowser, aSignIn, type Shown, signedIn, words } from '#test/browser.ts'
import { type AForeigner, aForeignProvider } from './foreign-provider.fixture.ts'
import { aReader, aScene, linkIn, PASSWORD, type Scene, signUp } from './scene.fixture.ts'
import { newSecret } from './second-factor.ts'

describe('signing in with another provider', () => {
  let foreign: Awaited<ReturnType<typeof aForeignProvider>>
  let third: Awaited<ReturnType<typeof aForeignProvider>>
  let scene: Scene
  before(async () => {
    foreign = await aForeignProvider()
    third = await aForeignProvider()
    const signInWith = [
      { name: 'Other School', ...foreign.client },
      { name: 'Third School', ...third.client },
    ]
    scene = await aScene({ signInWith })
    for (const each of [foreign, third]) await each.allow(`${scene.url}/auth/back`)
  })
  after(async () => {
    await scene.close()
    for (const each of [foreign, third]) await each.close()
  })

  /** As far as the other provider's answer leads. */
  const come = async (as: AForeigner, by: 'Other School' | 'Third School' = 'Other School') => {
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const page = await browser.open(app.address)
    const away = await browser.follow(page, `Go on with ${by}`)
    const back = await (by === 'Third School' ? third : foreign).answer(away.url, as)
    return { browser, app, page, back, shown: await browser.open(back) }
  }
  const personOf = async ({ app, shown }: { app: ReturnType<typeof aSignIn>; shown: Shown }) => scene.identity().verify((await app.tokens(shown)).access_token)

  it('makes an account of whoever is new, with the name and the confirmed address the provider tells', async () => {
    const person = await personOf(await come({ sub: 'new', email: 'New@Elsewhere.test', email_verified: true, name: 'Nora New' }))
    assert.deepEqual([person?.email, person?.name, person?.roles, person?.isVerified], ['new@elsewhere.test', 'Nora New', ['learner'], true])
    const { hasPassword, links } = (await scene.identity().desk?.of(person?.id ?? '')) ?? {}
    assert.deepEqual([hasPassword, links], [false, [{ issuer: foreign.client.issuer, name: 'Other School' }]])
  })

  it('knows them again by what the provider calls them, whatever their address has become', async () => {
    const first = await personOf(await come({ sub: 'moves', email: 'before@elsewhere.test', email_verified: true }))
    const again = await personOf(await come({ sub: 'moves', email: 'after@elsewhere.test', email_verified: false }))
    assert.ok(first)
    assert.equal(again?.id, first.id)
  })

  it('lets nobody in by an address that the provider does not vouch for', async () => {
    const { email } = await aReader(scene)
    for (const [sub, email_verified] of [
      ['a', false],
      ['b', undefined],
      ['c', 'yes'],
    ] as const)
      assert.match(words((await come({ sub: `unsure-${sub}`, email, email_verified })).shown), /does not vouch for your e-mail address/)
  })

  it('joins an account that has a password only once that was shown', async () => {
    const { email, id } = await aReader(scene)
    const first = await come({ sub: 'joins', email, email_verified: true })
    assert.match(words(first.shown), /You have an account already/)
    assert.equal((await first.browser.submit(first.shown, { password: 'a guess at it' })).status, 401)
    assert.deepEqual((await scene.identity().desk?.of(id))?.links, [])
    const joined = await first.browser.submit(first.shown, { password: PASSWORD })
    assert.equal((await personOf({ ...first, shown: joined }))?.id, id)
    assert.equal((await personOf(await come({ sub: 'joins', email, email_verified: true })))?.id, id)
    assert.match((await scene.letters(email))[0]?.subject ?? '', /Signing in with Other School was added/)
  })

  it('gives an account without a password to nobody else whom a provider gives its address, until they have shown that the mailbox is theirs', async () => {
    const email = 'shared@elsewhere.test'
    const person = await personOf(await come({ sub: 'first', email, email_verified: true }))
    const links = async () => (await scene.identity().desk?.of(person?.id ?? ''))?.links.map(({ name }) => name)
    const asked = await come({ sub: 'second', email, email_verified: true }, 'Third School')
    assert.match(words(asked.shown), /You have an account already .* It has none so far\?/)
    // Whoever has the address at the first provider now.
    assert.match(words((await come({ sub: 'follower', email, email_verified: true })).shown), /You have an account already/)
    assert.equal((await asked.browser.submit(asked.shown)).status, 401)
    assert.deepEqual(await links(), ['Other School'])
    await asked.browser.submit(await asked.browser.follow(asked.shown, 'Forgotten it?'), { email })
    await asked.browser.submit(await asked.browser.open(linkIn((await scene.letters(email))[0])), { password: PASSWORD })
    const again = await come({ sub: 'second', email, email_verified: true }, 'Third School')
    const joined = await again.browser.submit(again.shown, { password: PASSWORD })
    assert.equal((await personOf({ ...again, shown: joined }))?.id, person?.id)
    assert.deepEqual((await links())?.toSorted(), ['Other School', 'Third School'])
    for (const [sub, by] of [['first', 'Other School'] as const, ['second', 'Third School'] as const])
      assert.equal((await personOf(await come({ sub, email, email_verified: true }, by)))?.id, person?.id)
  })

  it('does not join an account that a passkey alone opens by its address', async () => {
    const email = 'passkey@elsewhere.test'
    const person = await personOf(await come({ sub: 'passkey', email, email_verified: true }))
    scene.sql(`DELETE FROM provider_links WHERE account = '${person?.id}'`)
    scene.sql(`INSERT INTO passkeys VALUES ('key', '${person?.id}', x'00', 0, '[]', 'A phone', '2026-11-01T00:00:00.000Z', NULL)`)
    assert.match(words((await come({ sub: 'another', email, email_verified: true })).shown), /You have an account already/)
    assert.deepEqual((await scene.identity().desk?.of(person?.id ?? ''))?.links, [])
  })

  it('is asked for the second step of the account here, which the provider knows nothing of', async () => {
    const { email, id } = await aReader(scene)
    const first = await come({ sub: 'careful', email, email_verified: true })
    await first.browser.submit(first.shown, { password: PASSWORD })
    const secret = newSecret()
    scene.sql(`INSERT INTO second_factors (account, secret, last_step) VALUES ('${id}', '${secret}', 0)`)
    const again = await come({ sub: 'careful', email, email_verified: true })
    assert.match(words(again.shown), /Enter the code/)
    assert.equal((await again.browser.submit(again.shown, { code: '000000' })).status, 401)
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
    assert.equal((await personOf({ ...again, shown: await again.browser.submit(again.shown, { code }) }))?.id, id)
  })

  it('throws away what a stranger typed into a sign-up that nobody confirmed', async () => {
    const email = 'victim@elsewhere.test'
    await signUp(scene, email)
    const person = await personOf(await come({ sub: 'victim', email, email_verified: true, name: 'The Victim' }))
    assert.deepEqual([person?.email, person?.name], [email, 'The Victim'])
    await assert.rejects(signedIn(scene.url, email, PASSWORD))
  })

  it('takes an answer once, in the browser that asked for it, and none that was forged', async () => {
    const as = { sub: 'once', email: 'once@elsewhere.test', email_verified: true }
    const { browser, back } = await come(as)
    assert.equal((await browser.open(back)).status, 400)
    const [victim, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const away = await victim.follow(await victim.open(app.address), 'Go on with Other School')
    const theirs = await foreign.answer(away.url, as)
    // Sent to somebody else, it signs nobody in as another.
    assert.equal((await aBrowser(scene.url).open(theirs)).status, 400)
    const forged = new URL(theirs)
    forged.searchParams.set('code', 'made-up')
    assert.match(words(await victim.open(forged)), /It did not say who you are/)
  })

  it('believes no answer that is not signed with a key the provider has published', async (test) => {
    const liar = await aForeignProvider()
    const lied = await aScene({ signInWith: [{ name: 'Other School', ...liar.client }] })
    test.after(() => Promise.all([lied.close(), liar.close()]))
    await liar.allow(`${lied.url}/auth/back`)
    liar.pretend()
    const [browser, app] = [aBrowser(lied.url), aSignIn(lied.url)]
    const away = await browser.follow(await browser.open(app.address), 'Go on with Other School')
    const shown = await browser.open(await liar.answer(away.url, { sub: 'forged', email: 'forged@elsewhere.test', email_verified: true }))
    assert.match(words(shown), /It did not say who you are/)
    assert.equal(await lied.identity().findByEmail('forged@elsewhere.test'), undefined)
  })

  it('says so where the provider says no, or does not answer', async () => {
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const away = await browser.follow(await browser.open(app.address), 'Go on with Other School')
    const refused = new URL(`${scene.url}/auth/back`)
    refused.search = new URLSearchParams({ state: away.url.searchParams.get('state') ?? '', error: 'access_denied', iss: foreign.client.issuer }).toString()
    assert.match(words(await browser.open(refused)), /It did not say who you are/)
    const lost = await aScene({ signInWith: [{ ...foreign.client, name: 'Gone', issuer: 'http://127.0.0.1:9/nowhere' }] })
    const other = aBrowser(lost.url)
    assert.match(words(await other.follow(await other.open(aSignIn(lost.url).address), 'Go on with Gone')), /does not answer at the moment/)
    await lost.close()
  })

  it('cannot be given up by whoever has no other way in', async () => {
    const person = await personOf(await come({ sub: 'only', email: 'only@elsewhere.test', email_verified: true }))
    const { issuer } = foreign.client
    const { desk } = scene.identity()
    assert.ok(desk && person)
    assert.equal(await desk.unlink(person.id, issuer), 'last')
    assert.equal(await desk.changePassword(person.id, { present: undefined, next: 'five other quiet words', keep: undefined }), 'done')
    assert.equal(await desk.unlink(person.id, issuer), 'done')
    assert.equal(await desk.unlink(person.id, issuer), 'missing')
  })
})
