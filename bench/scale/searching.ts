import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Catalogue } from '#contract/catalogue.ts'
import { launchBrowser } from '#scripts/browser.ts'
import { buildWeb } from '#scripts/setup.mjs'
import { percentile } from '../parts.ts'
import { type BenchOptions, type Entry, row } from '../rows.ts'
import type { School } from './messages.ts'

const COURSES = 2000
const SEARCHES = 60
const LIMIT_MS = 50

/** Where the app is built to. */
const DIST = join(import.meta.dirname, '..', '..', 'web', 'dist')

export const built = async (): Promise<string> => {
  await buildWeb()
  return DIST
}

/** As large as a catalogue with so many courses is, and no course of it is there: to publish them all would take minutes. */
const catalogue = (): Catalogue => ({
  school: 'School',
  courses: Array.from({ length: COURSES }, (_, place) => ({
    ...{ id: `crs_${place}`, slug: `course-${place}`, title: `Course ${place} of many`, summary: `What there is to know of number ${place}.` },
    ...{ teacher: 'Tina', price: { amountMinor: 3900, currency: 'EUR' }, otherPrices: [], lessons: 12, durationSeconds: 5400 },
    publishedAt: '2026-01-01T00:00:00.000Z',
  })),
})

/** Types a title, and tells how long it took until its course was drawn. For the page: what a frame is asked for is painted before the next task. */
const typing = (title: string): string => `(async (title) => {
  const field = document.querySelector('[role="combobox"]')
  const type = (words) => {
    field.value = words
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const task = () => new Promise((resolve) => setTimeout(resolve))
  const painted = () => new Promise((resolve) => requestAnimationFrame(resolve)).then(task)
  const isThere = () => [...document.querySelectorAll('[role="option"]')].some((option) => option.textContent.trim() === title)
  type('')
  await painted()
  const began = performance.now()
  type(title)
  while (!isThere()) {
    await task()
    if (performance.now() - began > 5000) throw new Error('Not found: ' + title)
  }
  await painted()
  return performance.now() - began
})(${JSON.stringify(title)})`

const inBrowser = async (page: Page): Promise<number[]> => {
  await page.getByRole('combobox').waitFor()
  await page.waitForLoadState('networkidle')
  const taken: number[] = []
  for (let turn = 0; turn < SEARCHES; turn += 1) taken.push(await page.evaluate<number>(typing(`Course ${(turn * 331) % COURSES} of many`)))
  return taken
}

/** A title looked for in the palette by a visitor of a school of 2,000 courses, from the key until it is painted. */
export const searching = async ({ port }: Pick<School, 'port'>, { say }: Pick<BenchOptions, 'say'>): Promise<Entry[]> => {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.route('**/catalogue/index.json', (route) => route.fulfill({ json: catalogue() }))
    await page.goto(`http://localhost:${port}/search`)
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    const taken = await inBrowser(page)
    say(
      `a title of ${COURSES} courses in the browser, from the key until it is painted: p50 ${percentile(taken, 50).toFixed(1)} ms, p95 ${percentile(taken, 95).toFixed(1)} ms`,
    )
    const yardstick = `limit: ${LIMIT_MS} ms over ${COURSES} courses in the browser, 95th percentile`
    return [row({ name: 'scale.search', unit: 'ms', ours: percentile(taken, 95), yardstick, theirs: LIMIT_MS, goal: 1 })]
  } finally {
    await browser.close()
  }
}
