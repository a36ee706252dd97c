import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namesOf } from './device-names.ts'

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test('people are told of their browsers by the names they know', () => {
  const rows: [userAgent: string, browser: string | undefined, system: string | undefined, maxTouchPoints?: number][] = [
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox', 'Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox', 'Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
      'Safari',
      'iPhone',
      5,
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15',
      'Firefox',
      'iPhone',
      5,
    ],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15', 'Safari', 'Mac', 0],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15', 'Safari', 'iPad', 5],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/147.0.0.0 Safari/537.36 Edg/147.0.0.0`, 'Edge', 'Windows'],
    [`Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} SamsungBrowser/29.0 Chrome/130.0.0.0 Mobile Safari/537.36`, 'Samsung Internet', 'Android', 5],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/147.0.0.0 Safari/537.36`, 'Chrome', 'ChromeOS'],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/147.0.0.0 Safari/537.36 OPR/120.0.0.0`, 'Opera', 'Windows'],
    ['curl/8.5.0', undefined, undefined],
  ]
  for (const [userAgent, browser, system, maxTouchPoints = 0] of rows) assert.deepEqual(namesOf({ userAgent, maxTouchPoints }), { browser, system }, userAgent)
})

test('where a browser gives its brand plainly, that counts', () => {
  const chrome = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/147.0.0.0 Safari/537.36`
  const said = (brands: string[], platform: string) =>
    namesOf({ userAgent: chrome, maxTouchPoints: 0, userAgentData: { brands: brands.map((brand) => ({ brand })), platform } })
  assert.deepEqual(said(['Chromium', 'Google Chrome', 'Not?A_Brand'], 'macOS'), { browser: 'Chrome', system: 'Mac' })
  assert.deepEqual(said(['Not)A;Brand', 'Chromium', 'Brave'], 'Windows'), { browser: 'Brave', system: 'Windows' })
  assert.deepEqual(said(['Chromium', 'Not A Brand'], 'Chrome OS'), { browser: 'Chromium', system: 'ChromeOS' })
  assert.deepEqual(said([], ''), { browser: 'Chrome', system: 'Windows' })
})
