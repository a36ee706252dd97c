import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { barriers } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { journey, openWindow, signIn, signInByPages } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let [admin, learner]: Someone[] = []
const slugs: string[] = []

before(async () => {
  await school.start()
  ;[admin, learner] = [await someone(school, 'Ada', 'admin'), await someone(school, 'Lena')]
  for (const title of ['Drawing from life', 'Ink and wash', 'Printing by hand']) {
    const { course, slug, lesson } = await aCourseOf(admin, { title, kind: 'article' })
    await admin.client.courses.updateLesson({ lesson, isPreview: true })
    await admin.client.courses.publish({ course })
    slugs.push(slug)
  }
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

const theAdmin = (): Someone => {
  if (!admin) throw new Error('Nobody runs this school.')
  return admin
}

/** What the school has written for visitors, as soon as it says so. */
const written = (path: string, says: RegExp): Promise<string> =>
  eventually(`${path} to say ${says}`, async () => {
    const text = await (await fetch(`${school.url}${path}`)).text()
    return says.test(text) ? text : undefined
  })

const lookAt = async (page: Page, paths: readonly string[]): Promise<void> => {
  const found: string[] = []
  for (const [width, colorScheme] of [
    [1440, 'light'],
    [360, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    for (const path of paths) {
      await page.goto(path)
      await page.locator('main h1').first().waitFor()
      await page.locator('main .animate-pulse').first().waitFor({ state: 'detached' })
      found.push(...(await barriers(page)))
    }
  }
  assert.deepEqual(found, [])
}

test('an admin names and colours the school, lays out its home page and writes an imprint', async () => {
  await journey({ browser, school, name: 'storefront' }, async (page) => {
    await signIn(page, theAdmin())
    await page.goto('/school/settings')
    await page.getByLabel('Name of the school').fill('Fern & Quill')
    await page.getByLabel('What is taught here').fill('Drawing and printmaking, slowly and well')
    await page.getByRole('radio', { name: 'Violet' }).check({ force: true })
    await page.getByRole('button', { name: 'Add a link' }).click()
    await page.getByLabel('Says').fill('Our studio')
    await page.getByLabel('Leads to').fill('javascript:alert(1)')
    await page.getByText('Begin with https://').waitFor()
    assert.ok(await page.getByRole('button', { name: 'Save' }).isDisabled())
    await page.getByLabel('Leads to').fill('https://studio.example')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('banner').getByText('Fern & Quill').waitFor()
    assert.equal(await page.evaluate("document.documentElement.style.getPropertyValue('--accent-hue')"), '285')

    await page.getByRole('link', { name: 'Home page' }).click()
    await page.getByRole('button', { name: 'Edit: Opening' }).click()
    await page.getByLabel('Heading').fill('Learn to see')
    await page.getByRole('button', { name: 'Add a section' }).click()
    await page.getByRole('menuitem', { name: /^Text/ }).click()
    await page.getByLabel('Heading').fill('Why slowly')
    await page.getByRole('textbox', { name: 'Text' }).fill('Because a **line** is a decision.')
    // By keyboard alone, up to below the opening: the focus goes along.
    const up = page.getByRole('button', { name: 'Move up: Text' })
    await up.focus()
    for (const place of [4, 3, 2]) {
      await page.keyboard.press('Enter')
      await page.getByText(`Text is now at place ${place} of 5.`).waitFor()
    }
    await page.getByRole('switch', { name: 'Shown: Featured courses' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. Visitors see it in a moment.').first().waitFor()
    // That may have been said of what was saved before.
    await page.getByText('All saved').waitFor()

    await page.getByRole('link', { name: 'Legal pages' }).click()
    await page.getByRole('textbox', { name: 'What it says' }).fill('# Who we are\n\nFern & Quill, Bath.')
    await page.getByRole('link', { name: 'Name and look' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stay here' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('contentinfo').getByRole('link', { name: 'Imprint' }).click()
    await page.getByText('Fern & Quill, Bath.').waitFor()
    await lookAt(page, ['/school/settings', '/school/settings/home', '/school/settings/legal', '/'])
  })
})

test('visitors, search engines and readers of feeds find the school as it is now', async () => {
  const home = await written('/', /<title>Fern &amp; Quill<\/title>/)
  assert.match(home, /name="lectern-accent" content="285 /)
  assert.match(home, /<h1[^>]*>(<!--.*?-->)?Learn to see/)
  await written(`/courses/${slugs[0]}`, /· Fern &amp; Quill<\/title>/)
  await written('/sitemap.xml', /\/legal\/imprint</)
  assert.match(await written('/feed.xml', /<title>Fern &amp; Quill</), /Ink and wash/)
  assert.match(await written('/robots.txt', /Sitemap/), /Disallow: \/school\//)
  assert.match(await written('/manifest.webmanifest', /Fern & Quill/), /"display":"standalone"/)
  await journey({ browser, school, name: 'storefront-visitor' }, async (page) => {
    await page.goto('/')
    await page.getByRole('heading', { name: 'Learn to see', level: 1 }).waitFor()
    await page.getByRole('heading', { name: 'Why slowly' }).waitFor()
    assert.equal(await page.getByRole('heading', { level: 3 }).count(), 3, 'with nothing featured all courses stand among all')
    await page.goto(`/courses/${slugs[0]}`)
    await page
      .getByRole('link', { name: /The lesson/ })
      .first()
      .click()
    await page.getByText('This is a free preview.').waitFor()
  })
  // The sign-in page belongs to another program, and says the same name.
  await written('/auth/nowhere', /Fern &amp; Quill/)
})

/** What letters to the learner are written in from now on. */
const isWrittenIn = (language: string): true | undefined => {
  const database = new DatabaseSync(join(school.data, 'school.sqlite'), { readOnly: true })
  const row = database.prepare("SELECT json_extract(body, '$.language') AS language FROM items WHERE pk = ? AND sk = 'language'").get(`learner#${learner?.id}`)
  database.close()
  return row?.['language'] === language ? true : undefined
}

test('a learner reads German, and the next visit still does', async () => {
  await journey({ browser, school, name: 'languages' }, async (page) => {
    assert.ok(learner)
    await signInByPages(page, learner)
    await eventually('letters in English', () => isWrittenIn('en'))
    await page.getByRole('contentinfo').getByLabel('Language of the pages').selectOption('Deutsch')
    await eventually('letters in German', () => isWrittenIn('de'))
    await page.getByRole('link', { name: 'Mein Lernen' }).first().click()
    await page.getByRole('heading', { name: 'Hier ist noch nichts' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'de')
    await page.goto(`/courses/${slugs[1]}`)
    await page.getByRole('button', { name: 'Kostenlos einschreiben' }).click()
    await page.getByText('Sie sind eingeschrieben').first().waitFor()
    await page.getByRole('contentinfo').getByLabel('Sprache').selectOption('Español')
    await page.reload()
    await page.getByText('Ya estás en el curso').first().waitFor()
  })
})

test('from right to left nothing overlaps or leaves the page', async () => {
  await journey({ browser, school, name: 'right-to-left' }, async (page) => {
    await page.addInitScript("localStorage.setItem('lectern-language', 'ar-XB')")
    const course = await (await fetch(`${school.url}/catalogue/${slugs[0]}.json`)).text()
    const lesson = /les_[0-9a-z]+/.exec(course)?.[0]
    await lookAt(page, ['/', `/courses/${slugs[0]}`, `/learn/${slugs[0]}/${lesson}`])
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl')
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto('/')
    const [name, account] = [
      await page.getByRole('banner').getByRole('link').first().boundingBox(),
      await page.getByRole('banner').getByRole('button').last().boundingBox(),
    ]
    assert.ok(name && account && name.x > account.x, 'the name stands at the right')
  })
})

test('without a line the app says so, and keeps nothing but itself', async () => {
  const window = await openWindow(browser, school, { keepsShell: true })
  try {
    const { page, context } = window
    await page.goto('/')
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    const kept = await eventually('files to be kept', async () => {
      // Addresses, as strings: what the page's own caches hold.
      const urls = (await page.evaluate(
        "caches.open('lectern-shell-2').then((c) => c.keys()).then((all) => all.map(({ url }) => new URL(url).pathname))",
      )) as string[]
      // The page that says so, the program and the typeface.
      return urls.length > 2 ? urls : undefined
    })
    assert.deepEqual(
      kept.filter((path) => !path.startsWith('/assets/') && !path.startsWith('/offline.')),
      [],
    )
    await context.setOffline(true)
    await page.goto('/learning')
    await page.getByRole('heading', { name: 'No connection' }).waitFor()
    assert.deepEqual(await barriers(page), [])
    await context.setOffline(false)
    await page.getByRole('link', { name: 'Try again' }).click()
    await page.getByLabel('E-mail').waitFor()
  } finally {
    await window.close()
  }
})
