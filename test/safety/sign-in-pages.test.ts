import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { aForeignProvider } from '#homes/machine/identity/foreign-provider.fixture.ts'
import { PAGES } from '#homes/machine/identity/routes.ts'
import { type Arrived, linkIn, PASSWORD } from '#homes/machine/identity/scene.fixture.ts'
import { aServedHome } from '#homes/machine/served.fixture.ts'
import { aBrowser, aSignIn, type Browser, type Shown } from '#test/browser.ts'
import { asking, judge, sending, URL_OF_SCHOOL } from './judge.ts'

const foreign = await aForeignProvider()
const { issuer, clientId, clientSecret } = foreign.client
/** Of whom nobody hears anything: there is no such server. */
const SILENT = { name: 'Silent School', issuer: 'http://127.0.0.1:9', clientId: 'school' }
const { home, port, close } = await aServedHome({
  LECTERN_URL: URL_OF_SCHOOL,
  SIGN_IN_WITH: JSON.stringify([{ name: 'Other School', issuer, clientId, clientSecret: clientSecret.reveal() }, SILENT]),
})
after(async () => {
  await close()
  await foreign.close()
})
await foreign.allow(`${URL_OF_SCHOOL}/auth/back`)
const ask = asking(port)

/** Somebody with an account, by their address. */
const aPerson = async (name: string): Promise<string> => {
  const email = `${name}@lectern.test`
  await home.identity.create({ email, name, password: PASSWORD, roles: ['learner'] })
  return email
}
const aWindow = (): Browser => aBrowser(URL_OF_SCHOOL, undefined, sending(port))
/** A browser at the page that people sign in at. */
const begun = async (extra: Record<string, string> = {}): Promise<{ browser: Browser; page: Shown }> => {
  const browser = aWindow()
  return { browser, page: await browser.open(aSignIn(URL_OF_SCHOOL, extra).address) }
}
/** Whatever is shown to somebody who has typed their password. */
const entered = async (email: string, extra: Record<string, string> = {}): Promise<{ browser: Browser; page: Shown }> => {
  const { browser, page } = await begun(extra)
  return { browser, page: await browser.submit(page, { email, password: PASSWORD }) }
}
const linkTo = async (email: string): Promise<string> => {
  // The stand-in's own answer.
  const letters = JSON.parse((await ask(`/sandbox/mail/api/messages?to=${email}&wait=10`)).html) as Arrived[]
  return linkIn(letters[0])
}
/** The form of a page that is sent to this path, as if it were its only one. */
const at = (page: Shown, path: string): Shown => ({ ...page, text: `<form action="${page.url.pathname}${path}"></form>` })
const forgotten = async (email: string) => {
  const { browser, page } = await begun()
  const form = await browser.follow(page, 'Forgotten it?')
  return { browser, form, sent: await browser.submit(form, { email }) }
}
/** Back from the other school, which vouches for the address of somebody who has a password here. */
const joining = async (email: string) => {
  const { browser, page } = await begun()
  const away = await browser.follow(page, 'Go on with Other School')
  return { browser, page: await browser.open(await foreign.answer(away.url, { sub: email, email, email_verified: true })) }
}
const newAddress = async (name: string): Promise<Shown> => {
  const person = await home.identity.findByEmail(await aPerson(name))
  await home.identity.desk?.changeEmail(person?.id ?? '', `${name}-now@lectern.test`)
  return aWindow().open(await linkTo(`${name}-now@lectern.test`))
}
/** Sets up an authenticator app: the page with its key, the one with recovery codes, and what is asked at the next sign-in. */
const setUp = async () => {
  const email = await aPerson('cora')
  const { browser, page } = await entered(email, { set_up: 'authenticator' })
  const key = (/class="key">([A-Z2-7 ]+)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '')
  const codes = await browser.submit(page, { code: new TOTP({ secret: Secret.fromBase32(key) }).generate() })
  await browser.submit(codes)
  return { key: page, codes, code: (await entered(email)).page }
}
const careful = await setUp()

/** Of each page or form what it shows to somebody, by its place in the table. */
const EXAMPLES: Record<string, () => Promise<Shown[]>> = {
  '': async () => [(await begun()).page],
  '/create': async () => [(await begun({ prompt: 'create' })).page],
  '/forgot': async () => [(await forgotten('nobody@lectern.test')).form],
  '/check-mail': async () => [(await forgotten('nobody@lectern.test')).sent],
  '/again': async () => {
    const { browser, sent } = await forgotten('often@lectern.test')
    for (let asked = 0; asked < 2; asked += 1) await browser.submit(sent)
    return [await browser.submit(sent)]
  },
  '/code': async () => [careful.code],
  '/authenticator': async () => [careful.key, careful.codes],
  '/kept': async () => {
    const { browser, page } = await begun()
    return [await browser.submit(at(page, '/kept'))]
  },
  '/leave': async () => {
    const { browser, page } = await begun()
    return [await browser.open(`${page.url.pathname}/leave`)]
  },
  '/by-passkey': async () => {
    const { browser, page } = await begun()
    return [await browser.submit(at(page, '/by-passkey'), { response: '{}' })]
  },
  '/passkey': async () => [(await entered(await aPerson('pia'), { set_up: 'passkey' })).page],
  '/with': async () => {
    const { browser, page } = await begun()
    return [await browser.follow(page, 'Go on with Silent School')]
  },
  '/back': async () => [(await joining(await aPerson('bert'))).page],
  '/join': async () => {
    const { browser, page } = await joining(await aPerson('jane'))
    return [await browser.submit(page, { password: 'a guess at it' })]
  },
  '/confirm': async () => {
    const { browser, page } = await begun({ prompt: 'create' })
    await browser.submit(page, { name: 'Nora', email: 'nora@lectern.test', password: PASSWORD })
    return [await aWindow().open(await linkTo('nora@lectern.test'))]
  },
  '/reset': async () => {
    const email = await aPerson('rosa')
    await forgotten(email)
    return [await aWindow().open(await linkTo(email))]
  },
  '/new-address': async () => [await newAddress('nick')],
}

test('each page and form of the sign-in has an example here', () => assert.deepEqual(Object.keys(EXAMPLES).toSorted(), Object.keys(PAGES).toSorted()))

for (const [path, example] of Object.entries(EXAMPLES))
  test(`what the sign-in shows at “${path}” scores at least 130 at the Observatory`, async () => {
    for (const { status, url, text: html, headers } of await example()) {
      assert.equal(url.pathname.replace(/^\/auth\/sign-in\/[\w-]+/, ''), path)
      judge(url.pathname, { status, url: url.href, html, headers, cookies: headers.getSetCookie() })
    }
  })
