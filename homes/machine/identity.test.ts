import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { identityLaws } from '#ports/identity.laws.ts'
import { aBrowser, aSignIn, signedIn, words } from '#test/browser.ts'
import { aReader, aScene, linkIn, PASSWORD, type Scene, signUp } from './identity/scene.fixture.ts'

identityLaws('the machine home', async () => {
  const scene = await aScene()
  return {
    identity: scene.identity(),
    tokenFor: async (email, password) => (await signedIn(scene.url, email, password)).access_token,
    resetPassword: async (email, password) => {
      const browser = aBrowser(scene.url)
      await browser.submit(await browser.follow(await browser.open(aSignIn(scene.url).address), 'Forgotten it?'), { email })
      await browser.submit(await browser.open(linkIn((await scene.letters(email))[0])), { password })
    },
    close: scene.close,
  }
})

describe('signing in on the machine', () => {
  let scene: Scene
  before(async () => {
    scene = await aScene()
  })
  after(() => scene.close())
  const aPerson = () => aReader(scene)

  it('publishes what a client needs at the well-known address, in the school’s own name', async () => {
    const answer = await fetch(`${scene.url}/auth/.well-known/openid-configuration`, { headers: { 'x-forwarded-host': 'evil.example' } })
    // OpenID Connect Discovery 1.0 §3: these are all strings.
    const document = (await answer.json()) as Record<string, string>
    assert.equal(document['issuer'], `${scene.url}/auth`)
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'end_session_endpoint'])
      assert.ok(document[name]?.startsWith(`${scene.url}/auth/`), `${name}: ${document[name]}`)
    const keys = await (await fetch(document['jwks_uri'] ?? '')).text()
    assert.match(keys, /"kty":"RSA"/)
    assert.doesNotMatch(keys, /"(?:d|p|q|dp|dq|qi)":/)
  })

  it('takes someone new from the sign-up form over the letter’s link straight back into the app', async () => {
    const { browser, app, sent } = await signUp(scene, 'new@lectern.test')
    assert.match(words(sent), /Check your mail.*new@lectern\.test/)
    const tokens = await app.tokens(await browser.open(linkIn((await scene.letters('new@lectern.test'))[0])))
    const person = await scene.identity().verify(tokens.access_token)
    assert.deepEqual(
      { email: person?.email, name: person?.name, roles: person?.roles, isVerified: person?.isVerified },
      { email: 'new@lectern.test', name: 'Ada Example', roles: ['learner'], isVerified: true },
    )
    assert.ok(tokens.expires_in <= 600)
    const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1] ?? '', 'base64url').toString())
    assert.deepEqual([claims.email, claims.name, claims.roles], ['new@lectern.test', 'Ada Example', ['learner']])
  })

  it('renews by the refresh token, forgives a renewal whose answer was lost, and refuses a refresh token made up', async () => {
    const { email, id } = await aPerson()
    const app = aSignIn(scene.url)
    const browser = aBrowser(scene.url)
    const first = await app.tokens(await browser.submit(await browser.open(app.address), { email, password: PASSWORD }))
    const { tokens: renewed } = await app.refresh(first.refresh_token)
    assert.equal((await scene.identity().verify(renewed.access_token))?.id, id)
    assert.notEqual(renewed.refresh_token, first.refresh_token)
    assert.equal((await app.refresh(first.refresh_token)).status, 200)
    assert.equal((await app.refresh('made-up')).status, 400)
  })

  it('signs out without asking when the app shows whose session it is, and ends its tokens at once', async () => {
    const { email } = await aPerson()
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const tokens = await app.tokens(await browser.submit(await browser.open(app.address), { email, password: PASSWORD }))
    const leave = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: `${scene.url}/`, state: 'kept' })
    const left = await browser.open(`/auth/sign-out?${leave}`)
    assert.equal(left.url.href, `${scene.url}/?state=kept`)
    assert.equal(await scene.identity().verify(tokens.access_token), undefined)
    assert.equal((await app.refresh(tokens.refresh_token)).status, 400)
    assert.match(words(await browser.open(aSignIn(scene.url).address)), /Sign in/)
  })

  it('asks before signing out when nobody shows whose session it is', async () => {
    const { email } = await aPerson()
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const tokens = await app.tokens(await browser.submit(await browser.open(app.address), { email, password: PASSWORD }))
    const asked = await browser.open('/auth/sign-out')
    assert.match(words(asked), /Sign out\?/)
    assert.ok(await scene.identity().verify(tokens.access_token))
    assert.match(words(await browser.submit(asked, { logout: 'yes' })), /You are signed out/)
    assert.equal(await scene.identity().verify(tokens.access_token), undefined)
  })

  it('does not ask for the password again while the session lasts', async () => {
    const { email, id } = await aPerson()
    const [browser, app, second] = [aBrowser(scene.url), aSignIn(scene.url), aSignIn(scene.url)]
    await browser.submit(await browser.open(app.address), { email, password: PASSWORD })
    const tokens = await second.tokens(await browser.open(second.address))
    assert.equal((await scene.identity().verify(tokens.access_token))?.id, id)
  })

  it('keeps who has not confirmed the address out, and sends the letter again', async () => {
    const email = 'slow@lectern.test'
    await signUp(scene, email)
    const [first] = await scene.letters(email)
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const waiting = await browser.submit(await browser.open(app.address), { email, password: PASSWORD })
    assert.match(words(waiting), /Check your mail/)
    assert.match(words(await browser.submit(waiting)), /We have sent it again/)
    const [second] = await scene.letters(email, first?.at)
    await app.tokens(await browser.open(linkIn(second)))
  })

  it('asks for the password where a confirmation is opened elsewhere than it was asked for', async () => {
    const email = 'elsewhere@lectern.test'
    const { browser: desk, app, sent } = await signUp(scene, email, { return_to: '/courses/calm' })
    const phone = aBrowser(scene.url)
    const opened = await phone.open(linkIn((await scene.letters(email))[0]))
    assert.match(words(opened), /Enter the password you chose/)
    assert.equal((await scene.identity().findByEmail(email))?.isVerified, false)
    assert.equal((await phone.submit(opened, { password: 'a stranger guesses' })).status, 401)
    const done = await phone.submit(opened, { password: PASSWORD })
    assert.match(done.text, new RegExp(`href="${scene.url}/courses/calm"`))
    const second = aSignIn(scene.url)
    await second.tokens(await phone.open(second.address))
    // Where the sign-up began, the same person goes on with one click.
    await app.tokens(await desk.follow(sent, 'I have confirmed it'))
  })

  it('uses a link once, and not after its time', async () => {
    const { browser, app } = await signUp(scene, 'once@lectern.test')
    const link = linkIn((await scene.letters('once@lectern.test'))[0])
    await app.tokens(await browser.open(link))
    const again = await aBrowser(scene.url).open(link)
    assert.deepEqual([again.status, /This link has run out/.test(words(again))], [410, true])
    await signUp(scene, 'late@lectern.test')
    const late = linkIn((await scene.letters('late@lectern.test'))[0])
    scene.pass(25 * 3600)
    assert.equal((await aBrowser(scene.url).open(late)).status, 410)
    scene.pass(-25 * 3600)
  })

  it('gives a new password over a letter’s link, goes on into the app, and ends every older session', async () => {
    const { email } = await aPerson()
    const [old, oldApp] = [aBrowser(scene.url), aSignIn(scene.url)]
    const before = await oldApp.tokens(await old.submit(await old.open(oldApp.address), { email, password: PASSWORD }))
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const asked = await browser.submit(await browser.follow(await browser.open(app.address), 'Forgotten it?'), { email })
    assert.match(words(asked), /If there is an account for/)
    const form = await browser.open(linkIn((await scene.letters(email))[0]))
    assert.match(words(await browser.submit(form, { password: 'short' })), /at least 10 characters/)
    const after_ = await app.tokens(await browser.submit(form, { password: 'five other quiet words here' }))
    assert.ok(await scene.identity().verify(after_.access_token))
    assert.equal(await scene.identity().verify(before.access_token), undefined)
    assert.equal((await oldApp.refresh(before.refresh_token)).status, 400)
    assert.match(words(await old.open(aSignIn(scene.url).address)), /Sign in/)
    await assert.rejects(signedIn(scene.url, email, PASSWORD))
    assert.equal((await browser.submit(form, { password: 'one more time please' })).status, 410)
  })

  it('says beside the field what is wrong with it', async () => {
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url, { prompt: 'create' })]
    const page = await browser.submit(await browser.open(app.address), { name: ' ', email: 'not an address', password: 'short' })
    assert.equal(page.status, 422)
    for (const name of ['name', 'email', 'password'])
      assert.match(page.text, new RegExp(`id="${name}"[^>]*aria-describedby="${name}-note" aria-invalid="true"`))
    const same = await browser.submit(page, { name: 'Ada', email: 'Same.Same@lectern.test', password: 'same.same@lectern.test' })
    assert.match(words(same), /something other than your e-mail address/)
    assert.match(same.text, /value="same.same@lectern.test"/)
  })

  it('mints a token for scripts, which ends with its time and with its person', async () => {
    const { id } = await aPerson()
    const token = await scene.identity().mint(id, 3600)
    assert.equal((await scene.identity().verify(token))?.id, id)
    scene.pass(3700)
    assert.equal(await scene.identity().verify(token), undefined)
    scene.pass(-3700)
    await scene.identity().disable(id)
    assert.equal(await scene.identity().verify(token), undefined)
  })

  it('invites someone by a link, with which they choose their password', async () => {
    const link = await scene.identity().invite({ email: 'owner@lectern.test', name: 'Owner', roles: ['admin'] })
    const browser = aBrowser(scene.url)
    const done = await browser.submit(await browser.open(link), { password: PASSWORD })
    assert.match(words(done), /Your new password is set/)
    const app = aSignIn(scene.url)
    const tokens = await app.tokens(await browser.open(app.address))
    assert.deepEqual((await scene.identity().verify(tokens.access_token))?.roles, ['admin'])
  })

  it('keeps people signed in over a restart', async () => {
    const { email, id } = await aPerson()
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const tokens = await app.tokens(await browser.submit(await browser.open(app.address), { email, password: PASSWORD }))
    await scene.restart()
    assert.equal((await scene.identity().verify(tokens.access_token))?.id, id)
    assert.equal((await app.refresh(tokens.refresh_token)).status, 200)
    const second = aSignIn(scene.url)
    await second.tokens(await browser.open(second.address))
  })

  it('delivers a letter that found the mail server down, once it is up', async () => {
    const fault = (mode: string): Promise<Response> =>
      fetch(`${scene.inbox.url}/sandbox/mail/api/faults`, { method: 'POST', body: JSON.stringify({ mode, ...(mode !== 'none' && { count: 1 }) }) })
    await fault('down')
    const { browser, app, sent } = await signUp(scene, 'patient@lectern.test')
    assert.equal(sent.status, 200)
    await app.tokens(await browser.open(linkIn((await scene.letters('patient@lectern.test'))[0])))
  })
})
