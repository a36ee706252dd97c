import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { barriers, untilTaken } from './barriers.ts'
import { aFullSchool, type FullSchool } from './every-page-school.ts'
import { openWindow, signInByPages, type Window } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let ada: Someone
let lena: Someone
let full: FullSchool

before(async () => {
  await school.start()
  ada = await someone(school, 'Ada', 'admin')
  lena = await someone(school, 'Lena')
  full = await aFullSchool(school, ada, lena)
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

type Walker = 'visitor' | 'learner' | 'admin'
/** Ids nobody has: such a page says so, which has to be readable too. */
const NONE = '01jd0000000000000000000000'

/** Every route of the app by its pattern: who goes there, and an example. */
const examples = ({ course, slug, article, quiz, handing, certificate, order, offer, series, joining }: FullSchool): Record<string, [Walker, string][]> => {
  const teach = `/teach/courses/${course}`
  return {
    '/': [
      ['visitor', '/'],
      ['learner', '/'],
    ],
    '/courses/:slug': [
      ['visitor', `/courses/${slug}`],
      ['learner', `/courses/${slug}`],
    ],
    '/offers/:id': [['visitor', `/offers/${offer}`]],
    '/legal/:page': [['visitor', '/legal/imprint']],
    '/signed-in': [['visitor', '/signed-in']],
    '/:rest(.*)*': [['visitor', '/nowhere/at/all']],
    '/invitations/:token': [['visitor', `/invitations/inv_${NONE}`]],
    '/joining/:token': [['visitor', `/joining/${joining}`]],
    '/account': [['learner', '/account']],
    '/status': [['visitor', '/status']],
    '/school': [['admin', '/school']],
    '/school/people': [['admin', '/school/people']],
    '/school/people/staff': [['admin', '/school/people/staff']],
    '/school/people/leaving': [['admin', '/school/people/leaving']],
    '/school/films': [['admin', '/school/films']],
    '/school/health': [['admin', '/school/health']],
    '/school/storage': [['admin', '/school/storage']],
    '/school/letters': [['admin', '/school/letters']],
    '/school/people/:person': [['admin', `/school/people/${lena.id}`]],
    '/account/tokens': [['admin', '/account/tokens']],
    '/school/webhooks': [['admin', '/school/webhooks']],
    '/school/staff': [],
    '/school/events': [['admin', '/school/events']],
    '/school/leaving': [],
    '/letters/:token/:kind': [['visitor', `/letters/${NONE}/answers`]],
    '/certificates/:id(cer_\\w+)': [['visitor', `/certificates/${certificate}`]],
    '/learn/:course/:lesson(les_\\w+)': [
      ['visitor', `/learn/${slug}/${article}`],
      ['learner', `/learn/${slug}/${article}`],
      ['learner', `/learn/${slug}/${quiz}`],
    ],
    '/courses': [['visitor', '/courses']],
    '/learn': [['learner', '/learn']],
    '/learn/:course': [['learner', `/learn/${slug}`]],
    '/learn/:course/talk': [['learner', `/learn/${slug}/talk`]],
    '/learn/:course/announcements': [['learner', `/learn/${slug}/announcements`]],
    '/learning': [['learner', '/learning']],
    '/search': [
      ['visitor', '/search?q=light'],
      ['learner', '/search?q=soft'],
    ],
    '/learning/notes': [['learner', '/learning/notes']],
    '/calendar': [['learner', '/calendar']],
    '/purchases': [['learner', '/purchases']],
    '/orders/:id': [['learner', `/orders/${order}`]],
    '/receipts/:id': [['learner', `/receipts/${order}`]],
    '/notifications': [['learner', '/notifications']],
    '/notifications/settings': [['learner', '/notifications/settings']],
    '/teach': [['admin', '/teach']],
    '/teach/videos': [['admin', '/teach/videos']],
    '/teach/courses/:course': [['admin', teach]],
    '/teach/courses/:course/versions': [['admin', `${teach}/versions`]],
    '/teach/courses/:course/preview': [['admin', `${teach}/preview`]],
    '/teach/courses/:course/questions': [['admin', `${teach}/questions`]],
    '/teach/courses/:course/announcements': [['admin', `${teach}/announcements`]],
    '/teach/courses/:course/learners': [['admin', `${teach}/learners`]],
    '/teach/courses/:course/learners/:person': [['admin', `${teach}/learners/${lena.id}`]],
    '/teach/courses/:course/insights': [['admin', `${teach}/insights`]],
    '/teach/courses/:course/insights/:kind(video|quiz)/:lesson': [['admin', `${teach}/insights/quiz/${quiz}`]],
    '/teach/courses/:course/banks': [['admin', `${teach}/banks`]],
    '/teach/courses/:course/page': [['admin', `${teach}/page`]],
    '/teach/courses/:course/handings': [['admin', `${teach}/handings`]],
    '/teach/handings/:handing': [['admin', `/teach/handings/${handing}`]],
    '/teach/courses/:course/certificates': [['admin', `${teach}/certificates`]],
    '/teach/courses/:course/people': [['admin', `${teach}/people`]],
    '/teach/lessons/:lesson': [
      ['admin', `/teach/lessons/${article}`],
      ['admin', `/teach/lessons/${quiz}`],
    ],
    '/teach/lessons/:lesson/captions/:language([a-z]{2,3}|[a-z]{2,3}-[A-Za-z0-9]{2,8})': [['admin', `/teach/lessons/${article}/captions/en`]],
    '/teach/series': [['admin', '/teach/series']],
    '/teach/series/new': [['admin', '/teach/series/new']],
    '/teach/series/:series': [['admin', `/teach/series/${series}`]],
    '/teach/series/:series/edit': [['admin', `/teach/series/${series}/edit`]],
    '/teach/runs/:run': [['admin', `/teach/runs/run_${NONE}`]],
    '/school/money': [['admin', '/school/money']],
    '/school/money/orders': [['admin', '/school/money/orders']],
    '/school/money/orders/:id': [['admin', `/school/money/orders/${order}`]],
    '/school/money/memberships': [['admin', '/school/money/memberships']],
    '/school/money/inbox': [['admin', '/school/money/inbox']],
    '/school/money/agreement': [['admin', '/school/money/agreement']],
    '/school/money/policy': [['admin', '/school/money/policy']],
    '/school/settings': [['admin', '/school/settings']],
    '/school/settings/home': [['admin', '/school/settings/home']],
    '/school/settings/legal': [['admin', '/school/settings/legal']],
    '/school/videos': [['admin', '/school/videos']],
    '/school/access': [['admin', '/school/access']],
    '/school/offers': [['admin', '/school/offers']],
    '/school/coupons': [['admin', '/school/coupons']],
    '/school/watching': [['admin', '/school/watching']],
    '/school/alerts': [['admin', '/school/alerts']],
    '/school/audit': [['admin', '/school/audit']],
    '/school/content': [['admin', '/school/content']],
  }
}

/** The app's router, from outside: Vue keeps the app at the element it stands in. */
const ROUTER = `document.querySelector('#app').__vue_app__.config.globalProperties.$router`

/** Requests under way, so that a page can be waited for that was not loaded anew. */
const asking = (page: Page): (() => number) => {
  const open = new Set<unknown>()
  page.on('request', (request) => open.add(request))
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => open.delete(request))
  return () => open.size
}

type Look = (path: string) => Promise<string[]>

/** Goes to a page within the app, waits until it stands, and looks at it in both themes and both sizes. */
const looker = (page: Page): Look => {
  const open = asking(page)
  const settled = async (path: string): Promise<void> => {
    const isStanding = async () => open() === 0 && (await page.locator('main h1').count()) > 0 && (await page.locator('main .animate-pulse').count()) === 0
    await eventually(`${path} to stand, with a heading`, async () => ((await isStanding()) ? true : undefined), 30)
  }
  const inTheme = async (colorScheme: 'light' | 'dark'): Promise<void> => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(colorScheme === 'dark' ? 'html.dark' : 'html:not(.dark)').waitFor()
  }
  return async (path) => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await inTheme('light')
    await page.evaluate(`${ROUTER}.push(${JSON.stringify(path)})`)
    await settled(path)
    const found = await barriers(page)
    await inTheme('dark')
    found.push(...(await barriers(page, { only: 'colours' })))
    await page.setViewportSize({ width: 360, height: 800 })
    await settled(path)
    found.push(...(await barriers(page)))
    await inTheme('light')
    found.push(...(await barriers(page, { only: 'colours' })))
    return found
  }
}

const walk = async (walker: Walker): Promise<{ found: string[]; patterns: string[]; complaints: string[] }> => {
  const window: Window = await openWindow(browser, school)
  try {
    await window.page.goto('/')
    if (walker !== 'visitor') await signInByPages(window.page, walker === 'admin' ? ada : lena)
    await window.page.locator('main h1').first().waitFor()
    await untilTaken(window.page)
    const patterns = await window.page.evaluate<string[]>(`${ROUTER}.getRoutes().map(({ path }) => path)`)
    const look = looker(window.page)
    const found: string[] = []
    const wayOut = window.page.getByRole('button', { name: 'Account', exact: true })
    for (const [who, path] of Object.values(examples(full)).flat()) {
      if (who !== walker) continue
      found.push(...(await look(path)))
      if (walker !== 'visitor' && !(await wayOut.isVisible())) found.push(`${path} has no menu to sign out by`)
    }
    return { found, patterns: [...new Set(patterns)], complaints: window.complaints }
  } finally {
    await window.close()
  }
}

test('every page a visitor can open stands in nobody’s way, and every route of the app has an example here', async () => {
  const { found, patterns, complaints } = await walk('visitor')
  assert.deepEqual(
    patterns.filter((pattern) => !(pattern in examples(full))),
    [],
    'routes without an example',
  )
  assert.deepEqual(found, [])
  assert.deepEqual(complaints, [])
})

for (const walker of ['learner', 'admin'] as const) {
  test(`every page of a ${walker === 'admin' ? 'teacher and an admin' : 'learner'} stands in nobody’s way, at a desk and on a telephone, by day and by night, and has the way out`, async () => {
    const { found, complaints } = await walk(walker)
    assert.deepEqual(found, [])
    assert.deepEqual(complaints, [])
  })
}
