import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { barriers } from './barriers.ts'
import { journey, signInByPages } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let lena: Someone

before(async () => {
  await school.start()
  lena = await someone(school, 'Lena')
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

/** A device that keeps passkeys, as the browser's own tools have it; whether its person is at hand. */
const aDevice = async (page: Page): Promise<(isThere: boolean) => Promise<void>> => {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  const kind = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const
  const options = { ...kind, isUserVerified: true, automaticPresenceSimulation: true }
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options })
  return (enabled) => session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }).then(() => undefined)
}

const account = (page: Page) => page.getByRole('heading', { name: 'Your account' })
const sessionsKept = (page: Page): Promise<string[]> => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('lectern.user:')))
/** Of which question the sign-in that is kept here is the answer. */
const nonceKept = (page: Page): Promise<unknown> =>
  page.evaluate(() => {
    const kept = localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('lectern.user:')) ?? '')
    const [, claims = ''] = String(JSON.parse(kept ?? '{}').id_token).split('.')
    return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).nonce
  })
const signOut = async (page: Page): Promise<void> => {
  assert.equal((await sessionsKept(page)).length, 1)
  await page.getByRole('button', { name: 'Account', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in' }).first().waitFor()
  assert.deepEqual(await sessionsKept(page), [])
  assert.equal(await page.getByText(lena.email).count(), 0)
}

test('a learner adds a passkey and an authenticator app, signs out, which leaves nothing of the session, and signs in with either', async () => {
  await journey({ browser, school, name: 'account' }, async (page) => {
    await signInByPages(page, lena)
    await page.goto('/account')
    await account(page).waitFor()
    assert.deepEqual(await barriers(page), [])

    const atHand = await aDevice(page)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByLabel('What to call it').fill('My laptop')
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: 'Make the passkey' }).click()
    await page.getByText('My laptop').waitFor()

    await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
    await page.getByText('No camera?').click()
    assert.deepEqual(await barriers(page), [])
    const secret = (await page.locator('.key').innerText()).replaceAll(' ', '')
    const codeIn = (seconds: number): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + seconds * 1000 })
    await page.getByLabel('Code from the app').fill(codeIn(0))
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await page.getByRole('heading', { name: 'Keep these codes' }).waitFor()
    assert.deepEqual(await barriers(page), [])
    const [recovery = ''] = await page.getByRole('listitem').allInnerTexts()
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes are left.').waitFor()
    // Else the passkey that the page offers signs in before anything is typed.
    await atHand(false)

    await page.evaluate(() => localStorage.setItem('lectern.mine.gift', JSON.stringify({ to: 'marek@lectern.test', message: 'For you' })))
    await signOut(page)
    const left = await page.evaluate(() => Object.keys(localStorage))
    assert.deepEqual(
      left.filter((key) => /^lectern\.(mine|user)/.test(key)),
      [],
    )
    await page.getByRole('button', { name: 'Sign in' }).first().click()
    await page.getByLabel('E-mail').fill(lena.email)
    await page.getByLabel('Password').fill(lena.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByLabel('Code').fill(recovery)
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'Account', exact: true }).waitFor()

    await signOut(page)
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/auth/authorize')
    await page.getByRole('button', { name: 'Sign in' }).first().click()
    const nonce = new URL((await asked).url()).searchParams.get('nonce')
    await page.getByRole('button', { name: 'Use a passkey' }).waitFor()
    await atHand(true)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByRole('button', { name: 'Account', exact: true }).waitFor()
    assert.deepEqual([(nonce ?? '').length, await nonceKept(page)], [36, nonce])
    await page.goto('/account')
    await page.getByText('9 recovery codes are left.').waitFor()
    await page.getByText(/Last used on/).waitFor()
  })
})

test('a learner signs another browser out, and changes the password from the page', async () => {
  const other = await browser.newContext({ baseURL: school.url })
  const there = await other.newPage()
  const theo = await someone(school, 'Theo')
  await signInByPages(there, theo)
  await journey({ browser, school, name: 'account-sessions' }, async (page) => {
    await signInByPages(page, theo)
    await page.goto('/account')
    await page.getByText('This browser').waitFor()
    await page.getByRole('button', { name: /^Sign out Chrome/ }).click()
    await page.getByText('That browser is signed out.').first().waitFor()
    await there.goto('/account')
    await there.getByText('Sign in to go on.').waitFor()

    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByLabel('Present password').fill('not this one')
    await page.getByLabel('New password').fill('five other quiet words')
    await page.getByRole('button', { name: 'Save the new password' }).click()
    await page.getByText('That is not your password.').waitFor()
    await page.getByLabel('Present password').fill(theo.password)
    await page.getByRole('button', { name: 'Save the new password' }).click()
    await page.getByText('Your password is changed.').first().waitFor()
  })
  await other.close()
})

test('who reads German is asked for their password, and told that it is wrong, in German', async () => {
  const greta = await someone(school, 'Greta')
  await journey({ browser, school, name: 'account-german' }, async (page) => {
    await page.addInitScript("localStorage.setItem('lectern-language', 'de')")
    await page.goto('/')
    await page.getByRole('button', { name: 'Anmelden' }).first().click()
    await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'de')
    await page.getByLabel('E-Mail').fill(greta.email)
    await page.getByLabel('Passwort').fill('not this one')
    await page.getByRole('button', { name: 'Anmelden' }).click()
    await page.getByText('E-Mail oder Passwort stimmt nicht.').waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByLabel('Passwort').fill(greta.password)
    await page.getByRole('button', { name: 'Anmelden' }).click()
    await page.getByRole('button', { name: 'Konto', exact: true }).waitFor()
  })
})
