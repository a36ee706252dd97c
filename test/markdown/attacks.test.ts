import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { launchBrowser } from '#scripts/browser.ts'
import { MARKDOWN_ATTACKS, TAG_ATTACKS } from './attacks.ts'

const ENTRY = join(import.meta.dirname, '..', '..', 'web', 'src', 'lib', 'markdown', 'attacked.fixture.ts')

/** The reader and all that dresses a text, as one script for a bare page. */
const bundled = async (): Promise<string> => {
  const built = await build({
    ...{ configFile: false, logLevel: 'silent' },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: ENTRY, formats: ['iife'], name: 'attacked' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const [first] = Array.isArray(built) ? built : [built]
  const chunk = first && 'output' in first ? first.output[0] : undefined
  return chunk?.type === 'chunk' ? chunk.code : assert.fail('Nothing was built.')
}

/** What on the page could run something, or draw over it; `null` where nothing could. */
const FINDING = `(() => {
  const found = []
  for (const each of document.body.querySelectorAll('*')) {
    if (/^(script|style|iframe|object|embed|form|input|button|base|link|meta|svg|template|video|audio)$/i.test(each.localName)) found.push(each.outerHTML)
    for (const { name, value } of each.attributes) {
      if (/^(on|style$|srcdoc$|formaction$|xlink:)/i.test(name)) found.push(each.outerHTML)
      const isAddress = ['href', 'src', 'action', 'data', 'poster'].includes(name)
      if (isAddress && URL.canParse(value, 'https://school.test/') && !['http:', 'https:', 'mailto:', 'tel:'].includes(new URL(value, 'https://school.test/').protocol)) found.push(each.outerHTML)
    }
  }
  return found.length > 0 ? found.join('\\n') : null
})()`

let browser: Browser
let page: Page
const dialogs: string[] = []

before(async () => {
  browser = await launchBrowser()
  page = await browser.newPage()
  page.on('dialog', async (dialog) => {
    dialogs.push(dialog.message())
    await dialog.dismiss()
  })
  // An address of its own, for a script that runs to be one of a page, and no policy that would keep it from running.
  await page.route('https://school.test/**', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body></body>' }))
  await page.goto('https://school.test/')
  await page.addScriptTag({ content: await bundled() })
})
after(() => browser.close())

/** Every link pressed, everything pointed at and given the focus, as somebody would who looks around. */
const LOOKING = `(() => {
  for (const each of document.body.querySelectorAll('*')) {
    for (const kind of ['mouseover', 'pointerenter', 'focus', 'animationstart', 'toggle']) each.dispatchEvent(new Event(kind, { bubbles: true }))
    each.addEventListener('click', (event) => { if (!/^javascript:/i.test(each.href ?? '')) event.preventDefault() })
    if (each.localName === 'a') each.click()
  }
})()`

/** A picture that fails after all that were asked for before: what waits for theirs has been told by then. */
const SETTLED = `new Promise((done) => Object.assign(new Image(), { onerror: done, onload: done, src: '/last' }))`

const tried = async (how: 'show' | 'showCleaned', text: string): Promise<void> => {
  await page.evaluate(`${how}(${JSON.stringify(text)})`)
  const found = await page.evaluate<string | null>(FINDING)
  assert.equal(found, null, `${JSON.stringify(text)} left ${found}`)
  await page.evaluate(LOOKING)
}

test('the page would notice: a script that is let in opens a dialog', async () => {
  await page.evaluate(`document.body.innerHTML = '<img src=x onerror=alert(1)><a href="javascript:alert(2)">x</a>'`)
  assert.match((await page.evaluate<string | null>(FINDING)) ?? '', /onerror/)
  await page.evaluate(LOOKING)
  await page.evaluate(SETTLED)
  assert.deepEqual(dialogs.sort(), ['1', '2'])
  dialogs.length = 0
})

test('no known attack on a reader of Markdown opens a dialog, or leaves anything that could run', async () => {
  const attacks = [...TAG_ATTACKS, ...MARKDOWN_ATTACKS]
  assert.ok(attacks.length >= 150)
  for (const attack of attacks) await tried('show', attack)
  for (const attack of TAG_ATTACKS) await tried('show', `Some *text*, ${attack}\n\n> ${attack}\n\n- ${attack}\n`)
  await page.evaluate(SETTLED)
  assert.deepEqual(dialogs, [])
})

test('were a rule to let HTML through, what looks through it once more would hold', async () => {
  for (const attack of TAG_ATTACKS) await tried('showCleaned', attack)
  await page.evaluate(SETTLED)
  assert.deepEqual(dialogs, [])
})

test('a film is asked for only when it is pressed, from its own host and in a box of its own', async () => {
  await page.evaluate(`show('https://youtu.be/dQw4w9WgXcQ')`)
  assert.equal(await page.evaluate('document.querySelectorAll("iframe").length'), 0)
  await page.evaluate(`playFilm(document.querySelector('a.film-play'), 'Film')`)
  assert.equal(await page.evaluate('document.querySelector("iframe").src'), 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ')
  assert.match(await page.evaluate('document.querySelector("iframe").getAttribute("sandbox")'), /^allow-scripts /)
  assert.equal(await page.evaluate(`playFilm(Object.assign(document.createElement('a'), { href: 'https://evil.test/' }), 'x')`), false)
})
