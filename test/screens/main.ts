import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { untilHolds } from '#test/journeys/barriers.ts'
import { signIn } from '#test/journeys/pages.ts'
import { clientFor } from '#test/journeys/people.ts'
import { eventually, type Program, program } from '#test/journeys/program.ts'
import { type Place, placesOf, type Who } from './places.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'screens')
const FAILED = join(import.meta.dirname, '..', '..', 'test-results', 'screen.png')
const MOST_BYTES = 2.5 * 1024 * 1024

/** On a desk by day, and on a telephone by night. */
const LOOKS = [
  { name: 'desk', viewport: { width: 1440, height: 900 }, colorScheme: 'light', quality: 78 },
  { name: 'phone', viewport: { width: 360, height: 740 }, colorScheme: 'dark', quality: 70, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
] as const
type Look = (typeof LOOKS)[number]

const say = (line: string): void => void process.stdout.write(`  ${line}\n`)

const addressOf = (who: Who): string => `${who}@lectern.test`

/** Everything the demo tells of is there: the lectures can be watched, and have been. */
const whole = (school: Program): Promise<true> =>
  eventually(
    'the demo to be whole',
    async () => ((await readFile(join(school.data, 'school.log'), 'utf8')).includes('"needs":"videos"') ? true : undefined),
    600,
  )

/** Fonts and pictures are there, and nothing waits any more. */
const still = async (page: Page): Promise<void> => {
  await page.evaluate('document.fonts.ready')
  await untilHolds(
    page,
    'pictures, and what is being fetched',
    "document.querySelectorAll('[aria-busy=true]').length === 0 && [...document.images].every((each) => each.complete)",
  )
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

const take = async (page: Page, look: Look, place: Place): Promise<string> => {
  await page.goto(place.path)
  try {
    await place.see(page)
    await still(page)
  } catch (cause) {
    await mkdir(dirname(FAILED), { recursive: true })
    await page.screenshot({ path: FAILED })
    throw new Error(`${place.path} did not come to what is to be seen there, see ${FAILED}`, { cause })
  }
  const path = join(FOLDER, `${place.name}-${look.name}.jpg`)
  await page.screenshot({ path, type: 'jpeg', quality: look.quality, animations: 'disabled' })
  return path
}

const takeAll = async (browser: Browser, school: Program, places: readonly Place[]): Promise<string[]> => {
  const password = /password: (\S+)/.exec(school.output())?.[1] ?? ''
  const paths: string[] = []
  for (const look of LOOKS)
    for (const who of new Set(places.map((place) => place.who))) {
      const { name: _name, quality: _quality, ...device } = look
      const context = await browser.newContext({ ...device, baseURL: school.url, reducedMotion: 'reduce', serviceWorkers: 'block' })
      const page = await context.newPage()
      if (who !== 'visitor') await signIn(page, { email: addressOf(who), password })
      for (const place of places.filter((each) => each.who === who)) paths.push(await take(page, look, place))
      await context.close()
    }
  return paths
}

const listed = (places: readonly Place[]): string =>
  [
    '# Screens',
    '',
    'The demo school that `npm start` opens, at 1440 pixels by day and at 360 by night. `npm run screens` takes these pictures anew.',
    '',
    '| | | |',
    '|---|---|---|',
    ...places.map(
      ({ name, path }) =>
        `| ${name}<br>\`${path.replace(/\b(crs|les|cer)_\w+/g, ':$1')}\` | ![${name} on a desk](${name}-desk.jpg) | ![${name} on a telephone](${name}-phone.jpg) |`,
    ),
    '',
  ].join('\n')

const school = await program({})
let browser: Browser | undefined
try {
  await mkdir(FOLDER, { recursive: true })
  await school.start()
  say(`A demo school at ${school.url}: its lectures are being made …`)
  await whole(school)
  browser = await launchBrowser()
  const places = await placesOf({ teacher: await clientFor(school, addressOf('teacher')), learner: await clientFor(school, addressOf('learner')) })
  const paths = await takeAll(browser, school, places)
  await writeFile(join(FOLDER, 'README.md'), listed(places))
  const bytes = (await Promise.all(paths.map((path) => stat(path)))).reduce((sum, { size }) => sum + size, 0)
  say(`${paths.length} pictures in docs/screens, ${(bytes / 1024 ** 2).toFixed(2)} MB`)
  if (bytes > MOST_BYTES) throw new Error('Together they are larger than a repository should have to carry.')
} finally {
  await browser?.close()
  await school.close()
}
