import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { keysIn } from '#homes/machine/keys.ts'
import { launchBrowser } from '#scripts/browser.ts'
import { buy } from '#test/buy.ts'
import { aCourseOf } from './courses.ts'
import { aFilm, sendFilm, untilReady } from './films.ts'
import { journey, openWindow, signIn, watching } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, keysBelow, program } from './program.ts'
import { logsBelow, secretsIn } from './secrets.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let teacher: Someone
let learner: Someone
let made: { course: string; lesson: string; slug: string }
let video: string
let keys: string[]
/** The learner's checkout page at the stand-in. */
let checkout: string

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
  const film = await aFilm(join(school.data, 'film.mp4'), { seconds: 18, width: 480, height: 270 })
  made = await aCourseOf(teacher, { title: 'Wanted', kind: 'video', amountMinor: 2500 })
  video = await sendFilm(teacher, made.lesson, film)
  await untilReady(teacher, video)
  await teacher.client.courses.publish({ course: made.course })
  checkout = (await buy(learner, made.course)).checkoutUrl?.split('/').at(-1) ?? ''
  await fetch(`${school.url}/sandbox/stripe/api/sessions/${checkout}/pay`, { method: 'POST', body: '{}' })
  await eventually('the enrolment', async () => ((await learner.client.learning.mine({})).enrolled.length > 0 ? true : undefined))
  keys = keysBelow(school, `media/${video}/`)
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

const opened = async (person: Someone): Promise<string> => {
  const url = `${school.url}/api/lessons/${made.lesson}/playback`
  // One browser’s: it has one stream of the lesson, however often it asks.
  const body = JSON.stringify({ browser: 'a-thief-at-work' })
  const answer = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' }, body })
  assert.equal(answer.status, 200)
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

const statusOf = async (key: string, init: RequestInit): Promise<number> => {
  const answer = await fetch(`${school.url}/${key}`, init)
  await answer.arrayBuffer()
  return answer.status
}

test('no playlist, segment, caption or picture comes without cookies, whichever way it is asked for', async () => {
  const ways: [string, RequestInit, number][] = [
    ['GET', {}, 403],
    ['HEAD', { method: 'HEAD' }, 403],
    ['a range', { headers: { range: 'bytes=0-1' } }, 403],
    ['a suffix', { headers: { range: 'bytes=-1' } }, 403],
    ['revalidating', { headers: { 'if-none-match': '*' } }, 403],
    ['POST', { method: 'POST' }, 405],
    ['another host', { headers: { 'x-forwarded-host': 'elsewhere.test', 'x-original-url': '/catalogue/index.json' } }, 403],
  ]
  const cookie = await opened(learner)
  assert.ok(keys.length > 10)
  for (const key of keys) {
    assert.equal(await statusOf(key, { headers: { cookie } }), 200, key)
    for (const [way, init, due] of ways) assert.equal(await statusOf(key, init), due, `${way} ${key}`)
  }
})

test('playlists name no key, and nothing outside their own video', async () => {
  const cookie = await opened(learner)
  const playlists = keys.filter((key) => key.endsWith('.m3u8'))
  assert.ok(playlists.length >= 3)
  for (const key of playlists) {
    const text = await (await fetch(`${school.url}/${key}`, { headers: { cookie } })).text()
    assert.doesNotMatch(text, /EXT-X-(SESSION-)?KEY/, key)
    for (const [, uri = ''] of text.matchAll(/(?:URI="([^"]+)"|^[^#\s].*$)/gm)) assert.doesNotMatch(uri, /^(\w+:|\/|.*\.\.)/, key)
  }
})

test('the folders that media, sources and secrets lie in are on no path of the school', async () => {
  const cookie = await opened(learner)
  const blob = (await readdir(join(school.data, 'objects', 'blobs')))[0] ?? ''
  const paths = [`blobs/${blob}`, `objects/blobs/${blob}`, `data/objects/blobs/${blob}`, `assets/../../data/objects/blobs/${blob}`, `media/${blob}`]
  const source = `sources/${(await teacher.client.accounts.me({})).id}/${video}/source`
  const named = ['secrets.json', 'school.sqlite', 'objects/objects.sqlite', 'school.log', source, `drafts/captions/${video}`]
  const app = await (await fetch(`${school.url}/an/address/of/nothing`)).text()
  for (const path of [...paths, ...named]) {
    const answer = await fetch(`${school.url}/${path}`, { headers: { cookie } })
    const body = await answer.text()
    // An address of nothing is the app's own page, which says so.
    assert.ok(answer.status >= 400 || body === app, `${path}: ${answer.status}`)
  }
})

test('private answers are kept by no cache, whatever an address pretends to be', async () => {
  const headers = { authorization: `Bearer ${learner.token}`, accept: 'text/css,*/*;q=0.1', 'x-forwarded-host': 'elsewhere.test' }
  const own = await fetch(`${school.url}/api/me`, { headers })
  assert.equal(own.headers.get('cache-control'), 'no-store')
  const secret = learner.email
  assert.ok((await own.text()).includes(secret))
  for (const path of ['me/x.css', 'me;.m3u8', 'me%2Fx.ts', 'me/.ts', 'me%00.js', 'me?x=.css', 'learning/a.jpg', 'orders;.png', 'me%3b.m3u8']) {
    const answer = await fetch(`${school.url}/api/${path}`, { headers })
    const body = await answer.text()
    assert.equal(answer.headers.get('cache-control'), 'no-store', path)
    assert.ok(!body.includes('elsewhere.test'), path)
    if (!path.includes('?')) assert.ok(!body.includes(secret), path)
  }
  const media = await fetch(`${school.url}/${keys[0]}?v=1`, { headers: { cookie: await opened(learner) } })
  assert.match(media.headers.get('cache-control') ?? '', /private/)
})

test('a refund ends what is playing: segments within five seconds, the picture with the next beat, and the copied cookies with both', async () => {
  await journey({ browser, school, name: 'refund' }, async (page, { context }) => {
    await signIn(page, learner)
    await page.goto(`/learn/${made.slug}/${made.lesson}`)
    await page.getByRole('button', { name: 'Play', exact: true }).first().click()
    await eventually('a moving picture', async () => ((await watching(page)).seconds > 1 ? true : undefined))
    const copied = (await context.cookies(`${school.url}/${keys[0]}`)).map(({ name, value }) => `${name}=${value}`).join('; ')
    const key = keys.find((each) => each.endsWith('.m4s')) ?? ''
    assert.equal(await statusOf(key, { headers: { cookie: copied } }), 200)
    await fetch(`${school.url}/sandbox/stripe/api/sessions/${checkout}/refund`, { method: 'POST', body: '{}' })
    await eventually('the refund', async () => ((await learner.client.payments.mine({})).orders[0]?.state === 'refunded' ? true : undefined))
    const since = performance.now()
    await eventually('the lock', async () => ((await statusOf(key, { headers: { cookie: copied } })) === 403 ? true : undefined))
    assert.ok(performance.now() - since < 5000, `the edge went on for ${performance.now() - since} ms`)
    await page
      .getByText(/refunded/i)
      .first()
      .waitFor({ timeout: 45_000 })
    assert.equal(await page.locator('video').count(), 0)
  })
})

test('another site can neither show a video of the school nor read it, though its visitor may watch it', async () => {
  const elsewhere = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>Elsewhere</title>'))
  elsewhere.listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  // A server that listens on TCP has an address with a port.
  const { port } = elsewhere.address() as AddressInfo
  const window = await openWindow(browser, school)
  try {
    const { page } = window
    await signIn(page, teacher)
    await page.goto(`/learn/${made.slug}/${made.lesson}`)
    await page.getByRole('button', { name: 'Play', exact: true }).first().click()
    await eventually('a moving picture', async () => ((await watching(page)).seconds > 1 ? true : undefined))
    const key = keys.find((each) => each.endsWith('poster.jpg')) ?? ''
    const here = await page.evaluate(async (url) => (await fetch(url)).status, `${school.url}/${key}`)
    assert.equal(here, 200)
    await page.goto(`http://127.0.0.1:${port}/`)
    const read = await page.evaluate(async (url) => {
      return fetch(url, { credentials: 'include' }).then(
        ({ status }) => `read ${status}`,
        () => 'refused',
      )
    }, `${school.url}/${key}`)
    assert.equal(read, 'refused')
    const shown = await page.evaluate(
      // Written as text: this side of the house is compiled without the DOM.
      `new Promise((resolve) => { const image = new Image(); image.onload = () => resolve('shown'); image.onerror = () => resolve('refused'); image.src = ${JSON.stringify(`${school.url}/${key}`)} })`,
    )
    assert.equal(shown, 'refused')
    const framed = await fetch(`${school.url}/learn/${made.slug}/${made.lesson}`)
    assert.match(framed.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
  } finally {
    await window.close()
    elsewhere.closeAllConnections()
    elsewhere.close()
  }
})

test('after all this no cookie, signature, token or key stands in any log', async () => {
  const cookie = await opened(teacher)
  const text = [school.output(), ...(await logsBelow(school.data)).map((log) => log.text)].join('\n')
  assert.ok(text.length > 0)
  const [newest] = await keysIn(school.data)
  const secrets = [...cookie.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1)), learner.token, teacher.token, newest.privateKey.reveal()]
  for (const secret of secrets) assert.ok(!text.includes(secret.slice(0, 60)), 'a secret of the run')
  assert.deepEqual(secretsIn(text), [])
})
