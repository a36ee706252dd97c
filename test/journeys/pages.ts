import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { School } from '#contract/accounts.ts'
import { signedIn } from '#test/browser.ts'
import type { Program } from './program.ts'

/** A browser window of one person, and everything about it that a school should hear of. */
export type Window = {
  page: Page
  context: BrowserContext /** Requests that left the school, and policy violations. */
  complaints: string[]
  close(): Promise<void>
}

/** `besides`: other origins of the school's own. */
export type Site = Pick<Program, 'url'> & { besides?: readonly string[] }

export const openWindow = async (
  browser: Browser,
  { url, besides = [] }: Site,
  { width = 1440, height = 900, keepsShell = false }: { width?: number; height?: number; keepsShell?: boolean } = {},
): Promise<Window> => {
  const context = await browser.newContext({ baseURL: url, viewport: { width, height }, serviceWorkers: keepsShell ? 'allow' : 'block' })
  // Each page tells what its policy has stopped; whatever the console says of it, or does not.
  await context.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => console.error('Refused to go on:', event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber, event.sample))",
  )
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const complaints: string[] = []
  page.on('request', (request) => {
    const target = new URL(request.url())
    if (!['blob:', 'data:'].includes(target.protocol) && target.origin !== url && !besides.includes(target.origin))
      complaints.push(`left the school: ${request.url()}`)
  })
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to|CORS policy/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`))
  return { page, context, complaints, close: () => context.close() }
}

type Account = { email: string; password: string }

/** Signs in with the pages that are there for it. */
export const signInByPages = async (page: Page, { email, password }: Account): Promise<void> => {
  await page.goto('/')
  await page
    .getByRole('button', { name: 'Sign in' })
    .or(page.getByRole('link', { name: 'Sign in' }))
    .first()
    .click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Account', exact: true }).waitFor()
}

/** A place of the school's origin where nothing is loaded: what the school itself sends without a script is sandboxed. */
const BARE = '/bare'

/**
 * Signs in as the app does, by code and PKCE, and puts the tokens where it keeps them: two loads of the app are spared. A journey goes on
 * from here to the page it is about; whoever needs the provider's own session signs in by its pages.
 */
export const signIn = async (page: Page, { email, password }: Account): Promise<void> => {
  await page.route(`**${BARE}`, (route) => route.fulfill({ contentType: 'text/html', body: '' }))
  await page.goto(BARE)
  await page.unroute(`**${BARE}`)
  const { origin } = new URL(page.url())
  const { signIn: provider } = School.parse(await (await fetch(`${origin}/api/school`)).json())
  const tokens = await signedIn(origin, email, password)
  const stored = JSON.stringify({
    ...{ id_token: tokens.id_token, access_token: tokens.access_token, refresh_token: tokens.refresh_token, token_type: 'Bearer', scope: provider.scope },
    ...{ profile: decodeJwt(tokens.id_token), expires_at: Math.floor(Date.now() / 1000) + tokens.expires_in },
  })
  await page.evaluate(`localStorage.setItem(${JSON.stringify(`lectern.user:${provider.authority}:${provider.clientId}`)}, ${JSON.stringify(stored)})`)
}

/** Sends the file that was just chosen for a lesson, once the page has told what it takes. */
export const startSending = (page: Page): Promise<void> =>
  page.getByRole('dialog', { name: 'How good should it look?' }).getByRole('button', { name: 'Send the video' }).click()

/** The newest letter to an address, as the stand-in inbox shows it; its first link that fits. */
export const linkInLetter = async ({ url }: Pick<Program, 'url'>, to: string, fits: RegExp): Promise<string | undefined> => {
  const answer = await fetch(`${url}/sandbox/mail/api/messages?to=${encodeURIComponent(to)}`)
  // The stand-in's own documented answer.
  const letters = (await answer.json()) as { text: string }[]
  return letters.flatMap(({ text }) => text.match(/https?:\/\/\S+/g) ?? []).find((link) => fits.test(link))
}

export type Watching = { seconds: number; frames: number; height: number; error: string | undefined }

/** The part of the browser's own type that we look at; this side of the house is compiled without the DOM. */
type VideoElement = { currentTime: number; videoHeight: number; error: { message: string } | null; getVideoPlaybackQuality(): { totalVideoFrames: number } }

/** What a lesson's video is doing. */
export const watching = (page: Page): Promise<Watching> =>
  page.locator('video').evaluate((video: VideoElement) => {
    return { seconds: video.currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames, height: video.videoHeight, error: video.error?.message }
  })

const PICTURES = join(import.meta.dirname, '..', '..', 'test-results')

/** Walks a journey in a window of its own; what goes wrong leaves a picture of the page behind, and nothing may leave the school. */
export const journey = async (
  { browser, school, name }: { browser: Browser; school: Site; name: string },
  walk: (page: Page, window: Window) => Promise<void>,
): Promise<void> => {
  const window = await openWindow(browser, school)
  try {
    await walk(window.page, window)
    assert.deepEqual(window.complaints, [])
  } catch (cause) {
    await mkdir(PICTURES, { recursive: true })
    const picture = join(PICTURES, `${name}.png`)
    await window.page.screenshot({ path: picture })
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\n(at ${window.page.url()}, see ${picture})`, { cause })
  } finally {
    await window.close()
  }
}
