import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { aCourseOf } from './courses.ts'
import { openWindow, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

/** Of script, packed as every server packs it, until the page is still. */
const MOST_BYTES = 150_000
/** Of a page itself, packed: what it shows, and what that is made of. */
const MOST_PAGE_BYTES = 12_000
/** Of what it looks like, which is read before anything is painted. */
const MOST_STYLE_BYTES = 17_000
/** What Google's Core Web Vitals call good is twice that. */
const MOST_SHIFT = 0.05

const school = await program({ args: ['--empty'] })
let browser: Browser
let lena: Someone
const pages = new Map<string, { path: string; says: RegExp }>()

before(async () => {
  await school.start()
  const { client, ...ada } = await someone(school, 'Ada', 'admin')
  const { course, slug, lesson } = await aCourseOf({ client, ...ada }, { title: 'Drawing from life', kind: 'article', amountMinor: 4900 })
  await client.courses.updateLesson({ lesson, isPreview: true })
  await client.courses.update({ course, description: '## What it is\n\nA **slow** course.\n\n'.repeat(12), outcomes: ['See what is there', 'Draw it'] })
  await client.courses.publish({ course })
  await client.storefront.putLegal({ page: 'imprint', version: 0, text: '# Who we are\n\nOne room in Bath.' })
  const offer = await client.offers.create({
    ...{ title: 'The whole studio', summary: 'Every course there is.', terms: { kind: 'once' }, courses: [course], isOnSale: true },
    prices: [{ every: 'once', price: { amountMinor: 6900, currency: 'EUR' } }],
  })
  await eventually('the offer to be on sale', async () =>
    (await (await fetch(`${school.url}/catalogue/offers.json`)).text()).includes(offer.id) ? true : undefined,
  )
  // Its page says how else it can be had from its next publication on.
  await client.courses.publish({ course })
  await eventually('the course to name the offer', async () =>
    (await (await fetch(`${school.url}/courses/${slug}`)).text()).includes('6900 EUR') ? true : undefined,
  )
  pages.set('the catalogue', { path: '/', says: /Lectern/ })
  pages.set('a course', { path: `/courses/${slug}`, says: /Drawing from life/ })
  pages.set('an offer', { path: `/offers/${offer.id}`, says: /The whole studio/ })
  pages.set('a legal page', { path: '/legal/imprint', says: /Imprint/ })
  pages.set('a free preview', { path: `/learn/${slug}/${lesson}`, says: /./ })
  pages.set('a way that leads nowhere', { path: '/nowhere', says: /\w/ })
  pages.set('how the school is', { path: '/status', says: /How the school is/ })
  lena = await someone(school, 'Lena')
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

/** Begun before anything is drawn. */
const WATCH_SHIFTS = `globalThis.shifted = 0
new PerformanceObserver((list) => { for (const { value } of list.getEntries()) globalThis.shifted += value }).observe({ type: 'layout-shift', buffered: true })`

/** A browser's first number in words of its own takes a phone longer than a part of the page. */
const COUNT_NUMBERS = `globalThis.numbers = 0
Intl.NumberFormat = new Proxy(Intl.NumberFormat, { construct: (of, given) => { globalThis.numbers++; return new of(...given) } })`

const IS_DARK = `document.documentElement.classList.contains('dark')`

type Seen = { bytes: number; shift: number; numbers: number; errors: string[] }

const opened = async (page: Page, { path, says }: { path: string; says: RegExp }): Promise<Seen> => {
  const bodies: Promise<Buffer>[] = []
  const errors: string[] = []
  // What the app draws is what was published, or it says so here.
  // A browser may not know every word of a header, which is no matter of the page's.
  page.on('console', (message) => message.type() === 'error' && !message.text().includes('Permissions-Policy') && errors.push(message.text()))
  page.on('response', (response) => {
    if (response.headers()['content-type']?.includes('javascript')) bodies.push(response.body())
  })
  await page.addInitScript(WATCH_SHIFTS)
  await page.addInitScript(COUNT_NUMBERS)
  await page.goto(path)
  await page.getByRole('heading', { level: 1, name: says }).waitFor()
  await page.waitForLoadState('networkidle')
  const scripts = await Promise.all(bodies)
  const [shift, numbers] = [Number(await page.evaluate('globalThis.shifted')), Number(await page.evaluate('globalThis.numbers'))]
  return { bytes: scripts.reduce((sum, body) => sum + gzipSync(body).length, 0), shift, numbers, errors }
}

const visited = async (name: string): Promise<Seen> => {
  const wanted = pages.get(name)
  if (!wanted) throw new Error(`Nobody made ${name}.`)
  const { page, close } = await openWindow(browser, school, { width: 360, height: 800 })
  try {
    return await opened(page, wanted)
  } finally {
    await close()
  }
}

for (const name of ['the catalogue', 'a course', 'an offer', 'a legal page', 'a free preview', 'a way that leads nowhere', 'how the school is']) {
  test(`a visitor with a telephone opens ${name}: at most ${MOST_BYTES / 1000} kB of script, and nothing jumps`, async (t) => {
    const { bytes, shift, numbers, errors } = await visited(name)
    t.diagnostic(`${bytes} B of script, layout shift ${shift.toFixed(3)}`)
    assert.ok(bytes > 50_000, 'no script was weighed')
    assert.ok(bytes <= MOST_BYTES, `${bytes} B of script`)
    assert.deepEqual(errors, [])
    assert.ok(shift <= MOST_SHIFT, `a layout shift of ${shift}`)
    assert.equal(numbers, 0, 'numbers that the page says already were written anew')
  })
}

/** Opens a page whose app comes once something has been pressed there, and waits until it has begun. */
const pressedEarly = async (page: Page, path: string, press: () => Promise<void>): Promise<void> => {
  const pressed = Promise.withResolvers<void>()
  await page.route('**/assets/index-*.js', async (route) => {
    await pressed.promise
    await route.continue()
  })
  await page.goto(path, { waitUntil: 'commit' })
  await press()
  assert.equal(await page.evaluate(IS_DARK), false)
  const begun = page.evaluate(`new Promise((resolve) => addEventListener('app-begun', () => resolve(true)))`)
  pressed.resolve()
  await begun
}

/** A control that the app does not draw. */
const ADD_A_GHOST = `document.querySelector('header').append(Object.assign(document.createElement('button'), { textContent: 'Ghost' }))`

for (const { where, path, isSomeone, isAnew } of [
  { where: 'where the page is taken up', path: '/', isSomeone: false, isAnew: false },
  { where: 'where it is drawn anew for a link that is counted', path: '/?utm_source=letter', isSomeone: false, isAnew: true },
  { where: 'where it is drawn anew for somebody who is signed in', path: '/', isSomeone: true, isAnew: true },
]) {
  test(`what is pressed before the app is there is done when it is, in order and once, ${where}`, async () => {
    const { page, close } = await openWindow(browser, school, { width: 1440, height: 800 })
    try {
      if (isSomeone) await signIn(page, lena)
      await pressedEarly(page, path, async () => {
        const dark = page.getByRole('button', { name: 'Switch to dark colours' })
        await dark.click()
        // Nothing has happened, so it is pressed again.
        await dark.click()
        if (isAnew) {
          await page.evaluate(ADD_A_GHOST)
          await page.getByRole('button', { name: 'Ghost' }).click()
        }
        await page.getByRole('button', { name: 'Search' }).click()
      })
      await page.getByRole('dialog').waitFor()
      assert.equal(await page.evaluate(IS_DARK), true)
    } finally {
      await close()
    }
  })
}

test('what is pressed early on a page of a course leads on where that page is drawn anew', async () => {
  const { page, close } = await openWindow(browser, school, { width: 1440, height: 800 })
  try {
    await pressedEarly(page, `${pages.get('a course')?.path}?utm_source=letter`, () => page.getByRole('button', { name: 'Buy this course' }).click())
    await page.getByLabel('E-mail').waitFor()
  } finally {
    await close()
  }
})

for (const [name, ...words] of [
  ['the catalogue', 'Drawing from life', '</h1>'],
  ['a course', 'Drawing from life', '<strong>slow</strong>', 'See what is there', '49', 'Preview'],
  ['an offer', 'The whole studio', 'Every course there is.', '69', 'Drawing from life'],
  ['a legal page', 'One room in Bath.', '</h1>'],
  ['a free preview', 'This is a free preview.', 'Drawing from life'],
] as const) {
  test(`${name} shows itself before any script, and waits for one small stylesheet`, async (t) => {
    const { path } = pages.get(name) ?? { path: 'unknown' }
    const html = await eventually(`${path} to be drawn`, async () => {
      const text = await (await fetch(`${school.url}${path}`)).text()
      return text.includes('id="published"') ? text : undefined
    })
    const [body = ''] = /<div id="app".*?<script type="application\/json"/s.exec(html) ?? []
    for (const word of words) assert.ok(body.includes(word), `${word} is not there`)
    const sheets = [...html.matchAll(/<link rel="stylesheet"[^>]* href="([^"]+)"/g)].map(([, address = '']) => address)
    assert.equal(sheets.length, 1)
    const style = await (await fetch(`${school.url}${sheets[0]}`)).text()
    const weighed = { page: gzipSync(html).length, style: gzipSync(style).length }
    t.diagnostic(`${weighed.page} B, and ${weighed.style} B that say what it looks like`)
    assert.ok(style.length > 1000 && weighed.style <= MOST_STYLE_BYTES && weighed.page <= MOST_PAGE_BYTES, JSON.stringify(weighed))
    // The policy of the pages lets neither in.
    assert.doesNotMatch(html, /<style| style="/)
    // One small file before the first paint; the app begins after it.
    assert.deepEqual(
      [...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, source]) => source),
      ['/first.js'],
    )
    assert.match(html, /<link rel="modulepreload" id="app-script"[^>]* fetchpriority="low"/)
  })
}

test('the page to sign in at brings hardly any script', async () => {
  const { page, close } = await openWindow(browser, school, { width: 360, height: 800 })
  try {
    await page.goto('/')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('E-mail').waitFor()
    const bytes = await page.evaluate<number>(
      `performance.getEntriesByType('resource').filter(({ name }) => /\\.m?js(\\?|$)/.test(name)).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
    )
    assert.ok(bytes <= 10_000, `${bytes} B of script`)
  } finally {
    await close()
  }
})
