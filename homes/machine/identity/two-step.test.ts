import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { aBrowser, aSignIn, type Browser, type Shown, words } from '#test/browser.ts'
import { aReader, aScene, linkIn, PASSWORD, type Scene } from './scene.fixture.ts'

const secretOn = (page: Shown): string => (/class="key">([A-Z2-7 ]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '')
const codesOn = (page: Shown): string[] => [...page.text.matchAll(/<li>([a-z0-9]{5}-[a-z0-9]{5})<\/li>/g)].map(([, code = '']) => code)

describe('a second step at sign-in', () => {
  let scene: Scene
  /** Each code is good once: whoever needs another waits for the next. */
  let ahead = 0
  before(async () => {
    scene = await aScene()
  })
  after(() => scene.close())

  const codeOf = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + ahead })
  const nextCode = (secret: string): string => {
    scene.pass(30)
    ahead += 30_000
    return codeOf(secret)
  }
  const begin = async (email: string, extra: Record<string, string> = {}) => {
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url, extra)]
    return { browser, app, page: await browser.submit(await browser.open(app.address), { email, password: PASSWORD }) }
  }
  /** Somebody who has an authenticator app. */
  const aCareful = async () => {
    const person = await aReader(scene)
    const { browser, app, page } = await begin(person.email, { set_up: 'authenticator' })
    const secret = secretOn(page)
    const kept = await browser.submit(page, { code: codeOf(secret) })
    await app.tokens(await browser.submit(kept))
    return { ...person, secret, codes: codesOn(kept) }
  }
  const typed = (browser: Browser, page: Shown, code: string): Promise<Shown> => browser.submit(page, { code })

  it('is set up with a first code, which gives ten recovery codes and leads back into the app', async () => {
    const person = await aReader(scene)
    const { browser, app, page } = await begin(person.email, { set_up: 'authenticator' })
    assert.match(words(page), /Set up an authenticator app/)
    assert.match(page.text, /<svg class="code"/)
    const wrong = await typed(browser, page, '000000')
    assert.deepEqual([wrong.status, secretOn(wrong)], [422, secretOn(page)])
    const kept = await typed(browser, wrong, codeOf(secretOn(page)))
    assert.equal(new Set(codesOn(kept)).size, 10)
    const tokens = await app.tokens(await browser.submit(kept))
    assert.equal((await scene.identity().verify(tokens.access_token))?.id, person.id)
    assert.match((await scene.letters(person.email))[0]?.subject ?? '', /authenticator app was added/)
  })

  it('asks for a code after the password, and takes each code once', async () => {
    const { email, id, secret } = await aCareful()
    const first = await begin(email)
    assert.match(words(first.page), /Enter the code/)
    assert.equal((await typed(first.browser, first.page, '123456')).status, 401)
    const code = nextCode(secret)
    const tokens = await first.app.tokens(await typed(first.browser, first.page, code))
    assert.equal((await scene.identity().verify(tokens.access_token))?.id, id)
    const second = await begin(email)
    assert.equal((await typed(second.browser, second.page, code)).status, 401)
    await second.app.tokens(await typed(second.browser, second.page, nextCode(secret)))
  })

  it('leaves lines about whoever was let in and refused, by their ids and the factors they showed', async () => {
    const { email, id, secret } = await aCareful()
    scene.safety.length = 0
    const { browser, app, page } = await begin(email)
    const wrong = await typed(browser, page, '123456')
    await app.tokens(await typed(browser, wrong, nextCode(secret)))
    const stranger = aBrowser(scene.url)
    await stranger.submit(await stranger.open(aSignIn(scene.url).address), { email, password: 'five wrong quiet words' })
    assert.deepEqual(scene.safety, [
      { security: 'second-step-refused', person: id },
      { security: 'signed-in', person: id, by: ['pwd', 'otp'] },
      { security: 'sign-in-refused', by: ['pwd'], person: id },
    ])
  })

  it('leaves one line in closed words where it is taken away, and tells its person of it', async () => {
    const { email, id } = await aCareful()
    const [added] = await scene.letters(email)
    scene.safety.length = 0
    await scene.identity().desk?.removeSecondFactor(id)
    assert.deepEqual(scene.safety, [{ security: 'secret-changed', person: id, what: 'authenticator.removed' }])
    assert.match((await scene.letters(email, added?.at))[0]?.subject ?? '', /authenticator app was taken/)
  })

  it('takes a recovery code in its place, once, and new ones end the old', async () => {
    const { email, id, codes } = await aCareful()
    const first = await begin(email)
    await first.app.tokens(await typed(first.browser, first.page, ` ${codes[0]?.toUpperCase()} `))
    const second = await begin(email)
    assert.equal((await typed(second.browser, second.page, codes[0] ?? '')).status, 401)
    assert.equal((await scene.identity().desk?.of(id))?.secondFactor.codesLeft, 9)
    const [fresh = ''] = (await scene.identity().desk?.newRecoveryCodes(id)) ?? []
    assert.equal((await typed(second.browser, second.page, codes[1] ?? '')).status, 401)
    await second.app.tokens(await typed(second.browser, second.page, fresh))
  })

  it('is asked for by whoever comes with a letter’s link too, here and in another browser', async () => {
    const { email, secret } = await aCareful()
    const reset = async (browser: Browser) => {
      const since = (await scene.letters(email))[0]?.at
      const app = aSignIn(scene.url)
      await browser.submit(await browser.follow(await browser.open(app.address), 'Forgotten it?'), { email })
      // That a password was changed may be told in between.
      const newer = async (than: string | undefined): Promise<string> => {
        const letters = await scene.letters(email, than)
        const found = letters.find(({ text }) => text.includes('token='))
        return found ? linkIn(found) : newer(letters[0]?.at)
      }
      return { app, link: await newer(since) }
    }
    const here = aBrowser(scene.url)
    const { app, link } = await reset(here)
    const asked = await here.submit(await here.open(link), { password: PASSWORD })
    assert.match(words(asked), /Enter the code/)
    await app.tokens(await typed(here, asked, nextCode(secret)))
    const [phone, again] = [aBrowser(scene.url), await reset(aBrowser(scene.url))]
    assert.match(words(await phone.submit(await phone.open(again.link), { password: PASSWORD })), /with your second step/)
    assert.match(words(await phone.open(aSignIn(scene.url).address)), /Sign in/)
  })

  it('cannot be walked around: no page of it answers whoever has not shown the password', async () => {
    const { email } = await aCareful()
    const [browser, app] = [aBrowser(scene.url), aSignIn(scene.url)]
    const { url } = await browser.open(app.address)
    for (const page of ['code', 'authenticator', 'kept', 'leave', 'passkey'])
      assert.doesNotMatch(words(await browser.open(`${url.pathname}/${page}`)), /Enter the code|Set up an|recovery/, page)
    const half = await begin(email)
    for (const page of ['authenticator', 'passkey', 'leave'])
      assert.equal((await half.browser.open(`${half.page.url.pathname.replace('/code', '')}/${page}`)).status, 400, page)
  })

  it('is not guessed: five wrong codes hold off the account', async (test) => {
    const tight = await aScene({ limits: { codesPerAccount: { points: 5, seconds: 900 } } })
    test.after(() => tight.close())
    const { email } = await aReader(tight)
    const [browser, app] = [aBrowser(tight.url), aSignIn(tight.url, { set_up: 'authenticator' })]
    const page = await browser.submit(await browser.open(app.address), { email, password: PASSWORD })
    await browser.submit(await browser.submit(page, { code: codeOfNow(secretOn(page)) }))
    const other = aBrowser(tight.url)
    const asked = await other.submit(await other.open(aSignIn(tight.url).address), { email, password: PASSWORD })
    for (let guess = 0; guess < 5; guess += 1) assert.equal((await other.submit(asked, { code: `00000${guess}` })).status, 401)
    assert.equal((await other.submit(asked, { code: codeOfNow(secretOn(page)) })).status, 429)
  })

  it('is asked of staff where the school says so: set up at the next sign-in, asked for ever after, and no business of learners', async () => {
    const [teacher, learner] = [await aReader(scene), await aReader(scene)]
    await scene.identity().setRoles(teacher.id, ['learner', 'instructor'])
    const before = await begin(teacher.email)
    const had = await before.app.tokens(before.page)
    await scene.identity().desk?.setRules({ staffNeedSecondFactor: true })
    // A session of before has shown a password alone, and does without no longer.
    assert.equal(await scene.identity().verify(had.access_token), undefined)
    assert.match(words(await before.browser.open(aSignIn(scene.url).address)), /Sign in/)
    const { browser, app, page } = await begin(teacher.email)
    assert.match(words(page), /The school asks its staff for more than a password/)
    assert.equal((await browser.open(`${page.url.pathname.replace('/authenticator', '')}/leave`)).status, 400)
    const kept = await typed(browser, page, codeOf(secretOn(page)))
    await app.tokens(await browser.submit(kept))
    const next = await begin(teacher.email)
    await next.app.tokens(await typed(next.browser, next.page, nextCode(secretOn(page))))
    const theirs = await begin(learner.email)
    const { access_token } = await theirs.app.tokens(theirs.page)
    await scene.identity().setRoles(learner.id, ['learner', 'instructor'])
    assert.equal(await scene.identity().verify(access_token), undefined, 'who becomes one of the staff')
    await scene.identity().desk?.setRules({ staffNeedSecondFactor: false })
  })

  it('ends the other sessions when it is added, and sign-ins that have shown the password and are not over', async () => {
    const { email, id } = await aReader(scene)
    const [there, thief] = [await begin(email), aBrowser(scene.url, (path) => path.startsWith('/auth/') && !/authorize\/.+/.test(path))]
    const other = await there.app.tokens(there.page)
    const parked = await thief.submit(await thief.open(aSignIn(scene.url).address), { email, password: PASSWORD })
    const { browser, app, page } = await begin(email, { set_up: 'authenticator' })
    const here = await app.tokens(await browser.submit(await typed(browser, page, codeOf(secretOn(page)))))
    assert.equal(await scene.identity().verify(other.access_token), undefined)
    assert.doesNotMatch((await thief.open(parked.url)).url.pathname, /signed-in/)
    assert.equal((await scene.identity().verify(here.access_token))?.id, id)
  })

  it('does not make a sign-in fresh by its pages, finished or left', async () => {
    for (const ends of ['kept', 'leave']) {
      const { email, id } = await aReader(scene)
      const { browser, app, page } = await begin(email, { set_up: 'authenticator' })
      scene.age(id, 600)
      const left = () => browser.open(`${page.url.pathname.replace('/authenticator', '')}/leave`)
      const { access_token } = await app.tokens(await (ends === 'leave' ? left() : browser.submit(await typed(browser, page, codeOf(secretOn(page))))))
      const since = (await scene.identity().verify(access_token))?.session?.since ?? ''
      assert.ok(Date.parse(since) < Date.now() - 590_000, `${ends}: ${since}`)
    }
  })

  it('is added only with a sign-in that is fresh', async () => {
    const { email, id } = await aReader(scene)
    const { browser, app, page } = await begin(email)
    await app.tokens(page)
    scene.age(id, 16 * 60)
    assert.match(words(await browser.open(aSignIn(scene.url, { set_up: 'authenticator' }).address)), /Sign in/)
  })
})

const codeOfNow = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate()
