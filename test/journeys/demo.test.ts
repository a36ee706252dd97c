import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { journey, openWindow, signIn, signInByPages, watching } from './pages.ts'
import { clientFor } from './people.ts'
import { eventually, program } from './program.ts'
import { logsBelow } from './secrets.ts'

// The lecture that is looked at may be made beside other journeys.
const school = await program({ env: { LECTERN_ENCODERS: '1' } })
let browser: Browser
let password: string

before(async () => {
  await school.start()
  password = /password: (\S+)/.exec(school.output())?.[1] ?? ''
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

type Catalogue = { courses: { id: string; slug: string; title: string; durationSeconds: number }[] }

const catalogue = async (): Promise<Catalogue> => {
  const answer = await fetch(`${school.url}/catalogue/index.json`)
  // What publishing writes, of the contract's own schema.
  return (await answer.json()) as Catalogue
}
const demo = (name: string): { email: string; password: string } => ({ email: `${name}@lectern.test`, password })

test('the first start prints addresses and accounts, and a visitor sees the courses at once', async () => {
  assert.match(school.output(), new RegExp(`School +${school.url}`))
  assert.match(school.output(), /owner@lectern\.test[\s\S]+teacher@lectern\.test[\s\S]+learner@lectern\.test/)
  assert.ok(password.length >= 8)
  // As somebody else of the network would ask: by an address that is not listened on.
  await assert.rejects(fetch(`http://127.0.0.2:${new URL(school.url).port}/sandbox/mail`), TypeError)
  // Pages are published by listeners, a moment after the courses are.
  await eventually('the home page', async () => {
    const text = await (await fetch(school.url)).text()
    return ['The Shape of a Sentence', 'How a Video Reaches You'].every((title) => text.includes(title)) ? true : undefined
  })
  await journey({ browser, school, name: 'visitor' }, async (page) => {
    await page.goto('/')
    await page.getByText('The Shape of a Sentence').first().waitFor()
    await page.getByText('How a Video Reaches You').first().waitFor()
    assert.equal(await page.getByText('Teaching on Camera Without Acting').count(), 0, 'a draft is nobody’s but its teacher’s')
  })
})

test('a demo lecture becomes ready by itself, and a learner enrols for free and watches it with captions and chapters', async () => {
  await eventually(
    'a lecture in the free course',
    async () => ((await catalogue()).courses.find(({ slug }) => slug === 'how-a-video-reaches-you')?.durationSeconds ? true : undefined),
    240,
  )
  // One lecture is looked at: whatever comes after it may wait for a month with room.
  const owner = await clientFor(school, 'owner@lectern.test')
  await owner.recipes.putPolicy({ recipe: 'standard', budget: { machineMinutes: 0 } })
  await journey({ browser, school, name: 'demo-learner' }, async (page) => {
    await signInByPages(page, demo('learner'))
    await page.goto('/courses/how-a-video-reaches-you')
    await page.getByRole('button', { name: 'Enrol for free' }).first().click()
    await page
      .getByRole('link', { name: /One lecture, followed home/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Play', exact: true }).first().click()
    await eventually('the lecture to play', async () => ((await watching(page)).seconds > 2 ? true : undefined))
    assert.equal(await page.locator('video track[kind="captions"]').getAttribute('srclang'), 'en')
    await page
      .getByRole('button', { name: /3 · Lock/ })
      .first()
      .click()
    await eventually('the third chapter', async () => ((await watching(page)).seconds >= 14 ? true : undefined))
    await page.goto('/learning')
    await page.getByText('How a Video Reaches You').first().waitFor()
  })
})

/** The figure below a label, as the page shows it. */
const figure = (page: Page, label: string): Promise<string> => page.locator('dl > div', { hasText: label }).locator('dd').first().innerText()

test('whoever opens it finds a school that people have learned in: sales, learners, stars, work to grade, a certificate', async () => {
  await journey({ browser, school, name: 'demo-course' }, async (page) => {
    await page.goto('/courses/the-shape-of-a-sentence')
    await page
      .getByText(/^4\.\d$/)
      .first()
      .waitFor()
    await page.getByText('The table with the four passes hangs over my desk.').waitFor()
  })
  await journey({ browser, school, name: 'demo-owner' }, async (page) => {
    await signIn(page, demo('owner'))
    await page.goto('/school/money')
    await page.getByRole('heading', { name: 'Revenue by month' }).waitFor()
    await page.getByText('Nothing needs you.').waitFor()
    assert.match(`${await figure(page, 'This month')} ${await figure(page, 'Last month')}`, /€\d{2,}/)
    await page.getByRole('link', { name: 'Orders', exact: true }).click()
    await page.getByText('wen.zhao@example.com').first().waitFor()
  })
  await journey({ browser, school, name: 'demo-teacher' }, async (page) => {
    await signIn(page, demo('teacher'))
    const course = (await catalogue()).courses.find(({ slug }) => slug === 'the-shape-of-a-sentence')?.id
    await page.goto(`/teach/courses/${course}/insights`)
    await page.getByRole('heading', { name: 'Lesson by lesson' }).waitFor()
    assert.equal(await figure(page, 'Learners'), '17')
    await page.getByText('€', { exact: false }).first().waitFor()
    await page.goto(`/teach/courses/${course}/handings`)
    await page.getByText('One page, rewritten').first().waitFor()
    await page.goto(`/teach/courses/${course}/questions`)
    await page.getByText('What about questions?').first().waitFor()
  })
  await journey({ browser, school, name: 'demo-certificate' }, async (page) => {
    await signIn(page, demo('learner'))
    await page.goto('/learning')
    await page.getByRole('heading', { name: 'My certificates' }).waitFor()
    await page.goto('/learning/notes')
    await page.getByText('the letter to the landlord').waitFor()
  })
})

test('of what is long past nobody is written to', async () => {
  const answer = await fetch(`${school.url}/sandbox/mail/api/messages`)
  // The stand-in's own documented answer.
  const letters = (await answer.json()) as { to: string | string[]; subject: string }[]
  const today =
    /^(Your video is ready|Your video waits for|The month’s budget for videos|You are in: How a Video Reaches You|Theo Marlow has made you an assistant)/
  assert.deepEqual(
    letters.filter(({ subject }) => !today.test(subject)).map(({ to, subject }) => `${to}: ${subject}`),
    [],
  )
})

/** Finds what a screen reader or a keyboard would stumble over. */
const barriers = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  return violations.map(({ id, nodes }) => `${new URL(page.url()).pathname} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

test('no page has a barrier or scrolls sideways, light and dark, on a desk and on a phone', async () => {
  const free = (await catalogue()).courses.find(({ slug }) => slug === 'how-a-video-reaches-you')
  const visited = ['/', '/courses/the-shape-of-a-sentence', '/courses/how-a-video-reaches-you', '/nowhere']
  const signedIn = ['/learning', '/teach', '/orders/ord_00000000000000000000000000']
  for (const [width, height, colorScheme] of [
    [1440, 900, 'light'],
    [360, 740, 'dark'],
  ] as const) {
    const window = await openWindow(browser, school, { width, height })
    await window.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const look = async (path: string): Promise<void> => {
      await window.page.goto(path)
      const heading = window.page.getByRole('heading', { level: 1 }).or(window.page.getByRole('textbox', { name: 'Course title' }))
      await heading
        .first()
        .waitFor()
        .catch((cause: unknown) => {
          throw new Error(`${path} has no heading at ${width}`, { cause })
        })
      assert.deepEqual(await barriers(window.page), [])
      const overflow = await window.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      assert.ok(Number(overflow) <= 0, `${path} scrolls sideways at ${width}`)
    }
    for (const path of visited) await look(path)
    await signIn(window.page, demo('teacher'))
    for (const path of signedIn) await look(path)
    await look(`/teach/courses/${free?.id}`)
    assert.deepEqual(window.complaints, [])
    await window.close()
  }
})

/** What people have left behind, counted. */
const lived = async () => {
  const [owner, teacher] = [await clientFor(school, 'owner@lectern.test'), await clientFor(school, 'teacher@lectern.test')]
  const course = (await catalogue()).courses.find(({ slug }) => slug === 'the-shape-of-a-sentence')?.id ?? ''
  const [{ rows }, { learners }, { summary }] = [
    await teacher.insights.revenue({ course }),
    await teacher.insights.overview({ course }),
    await owner.reviews.ofCourse({ course }),
  ]
  const { threads } = await teacher.talk.threads({ course })
  return { rows, learners, reviews: summary.count, threads: threads.map(({ title, replies }) => `${title} ${replies}`) }
}

test('a second start keeps everything, and nothing of it comes twice', async () => {
  const [before, left] = [await catalogue(), await lived()]
  await school.kill()
  await school.start()
  const { courses } = await catalogue()
  const found = new Map(courses.map((course) => [course.id, course]))
  // Lectures that were still being made go on, and make their course longer.
  const kept = before.courses.map((course) => ({ ...found.get(course.id), durationSeconds: course.durationSeconds }))
  assert.deepEqual([kept, courses.length], [before.courses, before.courses.length])
  for (const course of before.courses) assert.ok((found.get(course.id)?.durationSeconds ?? 0) >= course.durationSeconds, course.slug)
  assert.match(school.output(), new RegExp(password))
  assert.deepEqual(await lived(), left)
})

test('the password that is printed stands in no log', async () => {
  const logs = await logsBelow(school.data)
  assert.ok(logs.some(({ text }) => text.length > 0))
  assert.ok(!logs.some(({ text }) => text.includes(password)))
})
