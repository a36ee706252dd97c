import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { aBrowser, aSignIn, type Shown, signedIn, words } from '#test/browser.ts'
import { forgetting } from './forgetting.ts'
import { aReader, aScene, linkIn, PASSWORD, type Scene, signUp } from './scene.fixture.ts'
import { openStore } from './store.ts'

/** The provider's own key, from its file, to make what it would never make. */
const signingKey = async (scene: Scene): Promise<CryptoKey | Uint8Array> => {
  const database = new DatabaseSync(join(scene.folder, 'identity.sqlite'), { readOnly: true })
  const row = database.prepare("SELECT value FROM secrets WHERE name = 'signing'").get()
  database.close()
  return importJWK(JSON.parse(String(row?.['value'])), 'RS256')
}

describe('what signing in on the machine does not let happen', () => {
  let scene: Scene
  before(async () => {
    scene = await aScene()
  })
  after(() => scene.close())
  const aPerson = () => aReader(scene)

  it('does not take an owner who has not confirmed their address for one who is left', async () => {
    const { id } = await aPerson()
    const unproven = await aPerson()
    for (const each of [id, unproven.id]) await scene.identity().setRoles(each, ['learner', 'owner'])
    scene.sql(`UPDATE accounts SET is_verified = 0 WHERE id = '${unproven.id}'`)
    assert.equal(await scene.identity().disable(id), 'last-owner')
    assert.equal(await scene.identity().setRoles(id, ['learner']), 'last-owner')
    assert.equal(await scene.identity().setRoles(unproven.id, ['learner']), 'done')
  })

  it('says the same of a wrong password and of an address nobody has', async () => {
    const { email } = await aPerson()
    const page = async (address: string): Promise<Shown> => {
      const browser = aBrowser(scene.url)
      return browser.submit(await browser.open(aSignIn(scene.url).address), { email: address, password: 'not the password' })
    }
    const [known, unknown] = [await page(email), await page('nobody@lectern.test')]
    assert.deepEqual([known.status, unknown.status], [401, 401])
    assert.match(words(known), /E-mail or password is not right/)
    const neutral = ({ text, url }: Shown, address: string): string => text.replaceAll(url.pathname, '').replaceAll(address, '')
    assert.equal(neutral(known, email), neutral(unknown, 'nobody@lectern.test'))
  })

  it('works as long on an address nobody has as on one with an account', async () => {
    const { email } = await aPerson()
    const spent = async (address: string): Promise<number> => {
      const browser = aBrowser(scene.url)
      const form = await browser.open(aSignIn(scene.url).address)
      const start = performance.now()
      await browser.submit(form, { email: address, password: 'not the password' })
      return performance.now() - start
    }
    const [known, unknown]: [number[], number[]] = [[], []]
    for (let round = 0; round < 7; round += 1) {
      known.push(await spent(email))
      unknown.push(await spent('nobody@lectern.test'))
    }
    const typical = (all: number[]): number => all.sort((a, b) => a - b)[3] ?? 0
    // Without the work the difference is tenfold; a busy machine's noise is not.
    assert.ok(typical(unknown) > typical(known) / 2.5, `${typical(unknown)} ms against ${typical(known)} ms`)
  })

  it('shows someone with a known address the same page, and writes them that they have an account', async () => {
    const { email } = await aPerson()
    const { sent } = await signUp(scene, email)
    const { sent: other } = await signUp(scene, 'unknown@lectern.test')
    assert.equal(words(sent).replaceAll(email, ''), words(other).replaceAll('unknown@lectern.test', ''))
    assert.match((await scene.letters(email))[0]?.subject ?? '', /already have an account/)
    // Where a stand-in has it, they are told where it is.
    assert.ok(sent.text.includes(`${scene.inbox.url}/sandbox/mail"`))
    await signedIn(scene.url, email, PASSWORD)
  })

  it('does not let a stranger put a password of theirs under the address of someone who is signing up', async () => {
    const email = 'mine@lectern.test'
    const { browser, app, sent } = await signUp(scene, email)
    const [first] = await scene.letters(email)
    const [stranger, theirs] = [aBrowser(scene.url), aSignIn(scene.url, { prompt: 'create' })]
    const waiting = await stranger.submit(await stranger.open(theirs.address), { name: 'Mallory', email, password: 'the password of a stranger' })
    const [foreign] = await scene.letters(email, first?.at)
    await browser.submit(sent)
    await app.tokens(await browser.open(linkIn((await scene.letters(email, foreign?.at))[0])))
    await signedIn(scene.url, email, PASSWORD)
    await assert.rejects(signedIn(scene.url, email, 'the password of a stranger'))
    assert.match(words(await stranger.follow(waiting, 'I have confirmed it')), /We have not seen your confirmation yet/)
    assert.equal((await scene.identity().findByEmail(email))?.name, 'Ada Example')
  })

  it('writes in the language of the page that somebody came from', async () => {
    await signUp(scene, 'gerda@lectern.test', { ui_locales: 'fr de-AT en' })
    const [confirm] = await scene.letters('gerda@lectern.test')
    assert.match(confirm?.subject ?? '', /^Bestätigen Sie Ihre Adresse/)
    assert.match(confirm?.html ?? '', /<html lang="de">/)
    await signUp(scene, 'gerda@lectern.test', { ui_locales: 'fr' })
    assert.match((await scene.letters('gerda@lectern.test', confirm?.at))[0]?.subject ?? '', /^Confirm your address/)
    const { email } = await aPerson()
    const browser = aBrowser(scene.url)
    await browser.submit(await browser.follow(await browser.open(aSignIn(scene.url, { ui_locales: 'es' }).address), '¿La has olvidado?'), { email })
    const [reset] = await scene.letters(email)
    assert.match(reset?.subject ?? '', /^Elige una contraseña nueva/)
    await browser.submit(await browser.open(linkIn(reset)), { password: 'five other quiet words' })
    assert.match((await scene.letters(email, reset?.at))[0]?.subject ?? '', /^Tu contraseña en .* ha cambiado/)
  })

  it('answers someone who forgot the password of no account as anybody else, and writes to nobody', async () => {
    const { email } = await aPerson()
    const ask = async (address: string): Promise<string> => {
      const browser = aBrowser(scene.url)
      const page = await browser.submit(await browser.follow(await browser.open(aSignIn(scene.url).address), 'Forgotten it?'), { email: address })
      return words(page).replaceAll(address, '')
    }
    assert.equal(await ask('nobody@lectern.test'), await ask(email))
    // The letter asked for second has come: the first would have come before it.
    await scene.letters(email)
    assert.deepEqual(await (await fetch(`${scene.inbox.url}/sandbox/mail/api/messages?to=nobody@lectern.test`)).json(), [])
  })

  it('refuses a form that another site sent, and notes that it came', async () => {
    const { email } = await aPerson()
    scene.safety.length = 0
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      const browser = aBrowser(scene.url)
      const page = await browser.submit(await browser.open(aSignIn(scene.url).address), { email, password: PASSWORD }, headers)
      assert.equal(page.status, 403)
    }
    const form = await aBrowser(scene.url).open(aSignIn(scene.url).address)
    const bare = await fetch(form.url, {
      method: 'POST',
      body: new URLSearchParams({ email, password: PASSWORD }),
      headers: { origin: 'https://evil.example' },
    })
    assert.equal(bare.status, 403)
    assert.deepEqual(scene.safety, Array(3).fill({ security: 'forged', what: 'sign-in' }))
  })

  it('refuses the sign-in page to a browser that did not begin it', async () => {
    const begun = await aBrowser(scene.url).open(aSignIn(scene.url).address)
    const other = await aBrowser(scene.url).open(begun.url)
    assert.deepEqual([other.status, /run out/.test(words(other))], [400, true])
  })

  it('leads nowhere else: not for a foreign redirect, a foreign way out, or a foreign way back', async () => {
    const browser = aBrowser(scene.url)
    for (const redirect of [
      'https://evil.example/signed-in',
      `${scene.url}/signed-in/../evil`,
      `${scene.url}.evil.example/signed-in`,
      `${scene.url}/signed-in?x=1`,
    ]) {
      const refused = await browser.open(aSignIn(scene.url, { redirect_uri: redirect }).address)
      assert.deepEqual([refused.status, refused.url.origin, /That did not work/.test(words(refused))], [400, scene.url, true], redirect)
    }
    const out = await browser.open(`/auth/sign-out?client_id=lectern-web&post_logout_redirect_uri=${encodeURIComponent('https://evil.example/')}`)
    assert.deepEqual([out.status, out.url.origin], [400, scene.url])
    for (const [index, back] of ['https://evil.example/', '//evil.example/', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)'].entries()) {
      const email = `back-${index}@lectern.test`
      await signUp(scene, email, { return_to: back })
      const phone = aBrowser(scene.url)
      const done = await phone.submit(await phone.open(linkIn((await scene.letters(email))[0])), { password: PASSWORD })
      assert.match(done.text, new RegExp(`class="button" href="${scene.url}/">Continue`), back)
    }
  })

  it('refuses a request without PKCE, and a code with the wrong verifier', async () => {
    const { email } = await aPerson()
    const [browser, app, other] = [aBrowser(scene.url), aSignIn(scene.url), aSignIn(scene.url)]
    const bare = new URL(app.address)
    bare.searchParams.delete('code_challenge')
    bare.searchParams.delete('code_challenge_method')
    assert.equal((await browser.open(bare)).url.searchParams.get('error'), 'invalid_request')
    const back = await browser.submit(await browser.open(app.address), { email, password: PASSWORD })
    back.url.searchParams.set('state', new URL(other.address).searchParams.get('state') ?? '')
    await assert.rejects(other.tokens(back))
  })

  it('refuses a token for someone else’s API, of another issuer, of another key, of another kind, or that ran out', async () => {
    const { id, email } = await aReader(scene)
    const { verify } = scene.identity()
    const ours = await signingKey(scene)
    const right = { iss: `${scene.url}/auth`, aud: `${scene.url}/api`, sub: id, client_id: 'lectern-web' }
    const made = (claims: Record<string, string>, key: CryptoKey | Uint8Array = ours, typ = 'at+jwt'): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ }).setIssuedAt().setExpirationTime('5m').sign(key)
    assert.equal((await verify(await made(right)))?.id, id)
    assert.equal(await verify(await made({ ...right, aud: 'https://other.example/api' })), undefined)
    assert.equal(await verify(await made({ ...right, iss: 'https://other.example/auth' })), undefined)
    assert.equal(await verify(await made({ ...right, sid: 'a session that is gone' })), undefined)
    assert.equal(await verify(await made(right, ours, 'JWT')), undefined)
    assert.equal(await verify(await made(right, (await generateKeyPair('RS256')).privateKey)), undefined)
    const tokens = await signedIn(scene.url, email, PASSWORD)
    assert.equal(await verify(tokens.id_token), undefined)
    assert.equal((await verify(tokens.access_token))?.id, id)
    scene.pass(11 * 60)
    assert.equal(await verify(tokens.access_token), undefined)
    scene.pass(-11 * 60)
  })

  it('believes no token by another algorithm than its own: none at all, or its public key as a shared secret', async () => {
    const { id } = await aReader(scene)
    const { verify } = scene.identity()
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: `${scene.url}/auth`, aud: `${scene.url}/api`, sub: id, client_id: 'lectern-web', iat: now, exp: now + 300 }
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    // A key set, RFC 7517 §5.
    const { keys } = (await (await fetch(`${scene.url}/auth/jwks`)).json()) as { keys: (JWK & { kid: string })[] }
    const [key] = keys
    assert.ok(key)
    for (const alg of ['none', 'None', 'NONE']) assert.equal(await verify(`${part({ alg, typ: 'at+jwt', kid: key.kid })}.${part(claims)}.`), undefined, alg)
    const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    for (const shared of [Buffer.from(pem), Buffer.from(JSON.stringify(key))]) {
      const signed = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: key.kid }).sign(shared)
      assert.equal(await verify(await signed), undefined)
    }
  })

  it('makes no token for an API that is not the school’s', async () => {
    const app = aSignIn(scene.url, { resource: 'https://other.example/api' })
    assert.equal((await aBrowser(scene.url).open(app.address)).url.searchParams.get('error'), 'invalid_target')
  })

  it('sends every page with a policy under which nothing foreign and no script runs', async () => {
    const browser = aBrowser(scene.url)
    const pages = [
      await browser.open(aSignIn(scene.url).address),
      await browser.open('/auth/nowhere'),
      await browser.open('/auth/sign-out/success'),
      await browser.open('/auth/authorize?client_id=nobody'),
    ]
    for (const { headers, url, text } of pages) {
      const policy = headers.get('content-security-policy') ?? ''
      assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/, url.pathname)
      assert.doesNotMatch(policy, /unsafe|https?:/)
      assert.doesNotMatch(text, /<script|style="/)
      assert.equal(headers.get('cache-control'), 'no-store')
    }
  })
})

describe('pages on which a passkey can be used', () => {
  it('run one file of the school’s, and nothing else', async (test) => {
    const scene = await aScene({ host: 'localhost' })
    test.after(() => scene.close())
    const page = await aBrowser(scene.url).open(aSignIn(scene.url).address)
    const policy = page.headers.get('content-security-policy') ?? ''
    const file = `${scene.url}/auth/passkeys.js`
    assert.deepEqual(
      policy.split('; ').filter((part) => part.startsWith('script-src')),
      [`script-src ${file}`],
    )
    assert.doesNotMatch(policy, /unsafe/)
    assert.deepEqual(page.text.match(/<script[^>]*>/g), ['<script src="/auth/passkeys.js" defer>'])
    const script = await fetch(file)
    assert.match(script.headers.get('content-type') ?? '', /^text\/javascript/)
    assert.match(await script.text(), /SimpleWebAuthnBrowser/)
  })

  it('take no answer of a passkey that nobody has, or to another question', async (test) => {
    const scene = await aScene({ host: 'localhost' })
    test.after(() => scene.close())
    const browser = aBrowser(scene.url)
    const page = await browser.open(aSignIn(scene.url).address)
    for (const response of ['', '{}', '{"id":"bm9ib2R5"}', JSON.stringify({ id: 'bm9ib2R5', rawId: 'bm9ib2R5', type: 'public-key', response: {} })]) {
      const form = { ...page, text: page.text.slice(page.text.indexOf(`<form method="post" action="${page.url.pathname}/by-passkey"`)) }
      const refused = await browser.submit(form, { response })
      assert.deepEqual([refused.status, /does not know that passkey/.test(words(refused))], [401, true], response)
    }
  })
})

describe('limits of signing in', () => {
  it('holds off who guesses one account’s password, tells when to come back, and lets others in', async (test) => {
    const scene = await aScene({ limits: { signInPerAccount: { points: 5, seconds: 900 } } })
    test.after(() => scene.close())
    for (const name of ['target', 'other']) await scene.identity().create({ email: `${name}@lectern.test`, name, password: PASSWORD, roles: ['learner'] })
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const form = await browser.open(app.address)
    for (let guess = 0; guess < 5; guess += 1)
      assert.equal((await browser.submit(form, { email: 'target@lectern.test', password: `guess ${guess}` })).status, 401)
    const held = await browser.submit(form, { email: 'target@lectern.test', password: PASSWORD })
    assert.deepEqual([held.status, Number(held.headers.get('retry-after')) > 800, /Try again in 15 minutes/.test(words(held))], [429, true, true])
    await signedIn(scene.url, 'other@lectern.test', PASSWORD)
  })

  it('holds off one network address, and one mail address, whether it has an account or not', async (test) => {
    const scene = await aScene({ limits: { formsPerAddress: { points: 8, seconds: 60 }, lettersPerAccount: { points: 3, seconds: 3600 } } })
    test.after(() => scene.close())
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const form = await browser.follow(await browser.open(app.address), 'Forgotten it?')
    for (let ask = 0; ask < 3; ask += 1) assert.equal((await browser.submit(form, { email: 'nobody@lectern.test' })).status, 200)
    assert.equal((await browser.submit(form, { email: 'nobody@lectern.test' })).status, 429)
    for (let ask = 0; ask < 4; ask += 1) assert.equal((await browser.submit(form, { email: `other-${ask}@lectern.test` })).status, 200)
    assert.equal((await browser.submit(form, { email: 'last@lectern.test' })).status, 429)
  })
})

describe('forgetting somebody', () => {
  it('throws away the letters that wait for them, and nobody else’s', (test) => {
    const folder = mkdtempSync(join(tmpdir(), 'forgetting-'))
    const database = openStore(folder)
    test.after(() => {
      database.close()
      rmSync(folder, { recursive: true })
    })
    const add = database.prepare('INSERT INTO letters (id, letter) VALUES (?, ?)')
    for (const to of ['smith@gmail.com', 'johnsmith@gmail.com']) add.run(to, JSON.stringify({ to, text: 'Not for smith@gmail.com.' }))
    forgetting(database)('prs_1', 'smith@gmail.com')
    assert.deepEqual(
      database
        .prepare('SELECT id FROM letters')
        .all()
        .map(({ id }) => id),
      ['johnsmith@gmail.com'],
    )
  })
})
