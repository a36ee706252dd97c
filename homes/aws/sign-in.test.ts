import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { randomIds, systemClock } from '#homes/machine/clock.ts'
import { type Home, openHome } from '#homes/machine/home.ts'
import { schoolServer } from '#homes/machine/http.ts'
import { silentLog } from '#homes/machine/log.ts'
import { readSettings } from '#homes/machine/settings.ts'
import { deployWeb } from '#homes/web.ts'
import { launchBrowser } from '#scripts/browser.ts'
import { journey } from '#test/journeys/pages.ts'
import { eventually, freePort } from '#test/journeys/program.ts'
import { aScene, PASSWORD, type Scene } from './cognito/scene.fixture.ts'

const WEB_ROOT = join(import.meta.dirname, '..', '..', 'web', 'dist')
const EMAIL = 'ada@lectern.test'
const port = await freePort()
const url = `http://localhost:${port}`
const data = await mkdtemp(join(tmpdir(), 'lectern-sign-in-'))
let home: Home
let scene: Scene
let browser: Browser
let server: ReturnType<typeof schoolServer>
let besides: string[]

// Everything of the school as at home, but its people in a user pool.
before(async () => {
  scene = await aScene({ school: url })
  besides = [new URL(scene.login.issuer).origin, scene.login.domain]
  const settings = readSettings({ LECTERN_DATA: data, PORT: String(port) })
  home = await openHome({ settings, clock: systemClock, ids: randomIds(systemClock), log: silentLog })
  const world = { ...home.world, identity: scene.identity, settings: { ...home.world.settings, connects: besides } }
  await deployWeb(world, WEB_ROOT)
  server = schoolServer({ ...home, world }, WEB_ROOT)
  server.listen(port)
  await once(server, 'listening')
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  server?.close()
  server?.closeAllConnections()
  await home?.stop()
  await scene?.close()
  await rm(data, { recursive: true, force: true })
})

const walk = (name: string, steps: (page: Page) => Promise<void>) => journey({ browser, school: { url, besides }, name }, steps)
const account = (page: Page) => page.getByRole('button', { name: 'Account', exact: true })
const signIn = async (page: Page, password: string): Promise<void> => {
  await page.getByRole('button', { name: 'Sign in' }).first().click()
  await page.getByLabel('Email').fill(EMAIL)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await account(page).waitFor()
}
const initials = (page: Page) => account(page).getAttribute('data-initials')
const isOut = (page: Page) => page.getByRole('button', { name: 'Sign in' }).first().waitFor()

test('somebody new makes an account at the pool’s own page and is back where they were, signed in', async () => {
  await walk('pool-sign-up', async (page) => {
    await page.goto('/?from=afar')
    await page.getByRole('button', { name: 'Create account' }).first().click()
    await page.getByLabel('Name').fill('Ada Example')
    await page.getByLabel('Email').fill(EMAIL)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByLabel('Code').fill('000000')
    await page.getByRole('button', { name: 'Confirm account' }).click()
    await page.getByText('Invalid verification code').waitFor()
    await page.getByLabel('Code').fill(scene.pool.codeFor(EMAIL))
    await page.getByRole('button', { name: 'Confirm account' }).click()
    await account(page).waitFor()
    assert.equal(page.url(), `${url}/?from=afar`)
    await eventually('the name', async () => ((await initials(page)) === 'AE' ? true : undefined))
  })
  assert.equal((await scene.identity.findByEmail(EMAIL))?.isVerified, true)
})

test('who signs out is out at the pool too: its session, and the token that renews', async () => {
  await walk('pool-sign-out', async (page) => {
    await page.goto('/')
    await signIn(page, PASSWORD)
    // The answer of the pool stands in the address until it has been taken up.
    await page.waitForURL(`${url}/`)
    await page.reload()
    await eventually('the name after a reload', async () => ((await initials(page)) === 'AE' ? true : undefined))
    const stored = `JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('lectern.user:')))).refresh_token`
    const refresh = await page.evaluate<string>(stored)
    await account(page).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await isOut(page)
    assert.equal(page.url(), `${url}/`)
    await assert.rejects(scene.pool.tokens.renew(refresh), /revoked/)
    await page.getByRole('button', { name: 'Sign in' }).first().click()
    await page.getByLabel('Password').waitFor()
  })
})

test('a new password, chosen elsewhere, ends a session although the pool would renew it', async () => {
  await walk('pool-new-password', async (page) => {
    await page.goto('/')
    await signIn(page, PASSWORD)
    await scene.resetPassword(EMAIL, 'five other quiet words here')
    await page.reload()
    await isOut(page)
    await page.goto('/')
    await isOut(page)
  })
})
