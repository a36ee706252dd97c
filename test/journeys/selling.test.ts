import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { barriers } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { journey, openWindow, signIn } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
/** A real picture, small: an encoder's own. */
const DOT = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==', 'base64')
const TEXT = [
  '## A wall in the evening',
  '',
  '> [!TIP]',
  '> Squint: values first, **colour** later.',
  '',
  '| Hour | Light |',
  '|---|--:|',
  '| 17 | warm |',
  '| 20 | cold |',
  '',
  '```ts',
  'const lamp = { warmth: 0.8 } // low',
  '```',
  '',
  'A lamp falls off with $\\frac{1}{r^2}$, as the note says[^1].',
  '',
  'https://youtu.be/dQw4w9WgXcQ',
  '',
  '- [x] Prime',
  '- [ ] Paint',
  '',
  '[^1]: Of a point, that is.',
  '',
].join('\n')

let browser: Browser
let teacher: Someone
let learner: Someone
let made: { course: string; lesson: string; slug: string }

before(async () => {
  await school.start()
  teacher = await someone(school, 'Theo', 'instructor')
  learner = await someone(school, 'Lena')
  made = await aCourseOf(teacher, { title: 'Light for painters', kind: 'article' })
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

const SHOTS = process.env['LECTERN_SHOTS']

/** At 1440 px in the light, and at 360 px in the dark: nothing in anybody's way. */
const look = async (page: Page, name: string): Promise<void> => {
  for (const [width, colours] of [
    [1440, 'light'],
    [360, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: colours })
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}-${width}-${colours}.png`), fullPage: true })
    assert.deepEqual(await barriers(page), [], `${name} at ${width} px`)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
}

const draftText = async (): Promise<string> => (await teacher.client.courses.lesson({ lesson: made.lesson })).text

test('a teacher writes a lesson with marks, keys and a picture, and a learner reads it', async () => {
  await journey({ browser, school, name: 'selling-text' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/lessons/${made.lesson}`)
    await page.getByRole('button', { name: 'Write', exact: true }).click()
    const field = page.getByLabel('Text of the lesson').or(page.locator('textarea').last()).last()
    await field.fill(TEXT)
    await field.press('Control+End')
    await field.pressSequentially('The end')
    for (let at = 0; at < 3; at += 1) await field.press('Control+Shift+ArrowLeft')
    await page.getByRole('button', { name: 'Bold (Ctrl B)' }).click()
    await field.press('Control+End')
    await page.getByLabel('Picture file').setInputFiles({ name: 'a-lamp.png', mimeType: 'image/png', buffer: DOT })
    await eventually('the picture', async () => (/!\[a lamp\]\(\/files\/pic_\w+\/5x5\.png\)/.test(await draftText()) ? true : undefined))
    assert.match(await draftText(), /\*\*The end\*\*/)
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    await page.getByRole('img', { name: 'a lamp' }).evaluate('(picture) => picture.decode()')
    await look(page, 'lesson-desk')
  })
  await teacher.client.courses.publish({ course: made.course })
  await learner.client.learning.enrol({ course: made.course })
  await journey({ browser, school, name: 'selling-reading' }, async (page) => {
    await signIn(page, learner)
    await page.goto(`/learn/${made.slug}/${made.lesson}`)
    await page.getByRole('img', { name: 'a lamp' }).evaluate('(picture) => picture.decode()')
    await page.locator('.code-keyword').first().waitFor()
    await page.locator('math mfrac').waitFor()
    // Nothing is asked of another host before play is pressed: the journey would complain.
    assert.equal(await page.locator('iframe').count(), 0)
    await look(page, 'lesson')
  })
})

test('a teacher makes the page that sells a course', async () => {
  await journey({ browser, school, name: 'selling-desk' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${made.course}`)
    await page.getByRole('navigation', { name: 'Pages of this course' }).getByRole('link', { name: 'Sales page' }).click()
    for (const [label, text] of [
      ['For whom, new line', 'Painters who work by day'],
      ['What you need first, new line', 'A brush'],
    ] as const) {
      await page.getByLabel(label).fill(text)
      await page.getByLabel(label).press('Enter')
    }
    await page.getByLabel('Picture of the teacher').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: DOT })
    await page.getByRole('img', { name: 'Picture of Theo' }).waitFor()
    await page.getByLabel('About the teacher').last().fill('Paints *light* since 1999.')
    await page.getByLabel('A question', { exact: true }).fill('Do I need oils?')
    await page.getByLabel('Its answer').fill('No, **any** paint will do.')
    await page.getByRole('button', { name: 'Add the question' }).click()
    await page.getByRole('textbox', { name: 'Money back' }).fill('30 days to change your mind')
    await page.getByRole('textbox', { name: 'Money back' }).press('Enter')
    await eventually('all of it', async () => {
      const { sales } = await teacher.client.courses.get({ course: made.course })
      const isAll =
        sales.questions.length === 1 && sales.teacher.photo && sales.teacher.text && sales.refunds && sales.audience.length === 1 && sales.needs.length === 1
      return isAll ? true : undefined
    })
    await look(page, 'sales-desk')
  })
  await teacher.client.courses.publish({ course: made.course })
})

test('a learner reviews it, the teacher answers, and a visitor reads both', async () => {
  await learner.client.learning.complete({ lesson: made.lesson, isCompleted: true })
  for (const name of ['Anna', 'Ben']) {
    const other = await someone(school, name)
    await other.client.learning.enrol({ course: made.course })
    await other.client.learning.complete({ lesson: made.lesson, isCompleted: true })
    await other.client.reviews.write({ course: made.course, stars: 4, text: `${name} liked the wall.` })
  }
  await journey({ browser, school, name: 'selling-review' }, async (page) => {
    await signIn(page, learner)
    await page.goto(`/courses/${made.slug}`)
    await page.getByRole('radio', { name: '5 of 5 stars' }).check({ force: true })
    await page.getByLabel('Your words').fill('Now I see walls.\nEverywhere.')
    await page.getByRole('button', { name: 'Publish review' }).click()
    await page.getByRole('heading', { name: 'Your review' }).waitFor()
  })
  await journey({ browser, school, name: 'selling-answer' }, async (page) => {
    await signIn(page, teacher)
    await page.goto(`/teach/courses/${made.course}/page#reviews`)
    await page.getByRole('button', { name: 'Answer to Lena' }).click()
    await page.getByRole('textbox', { name: 'Answer to Lena' }).fill('Then it worked.')
    await page.getByRole('button', { name: 'Publish answer' }).click()
    await page.getByText('Theo answers').waitFor()
    await page.getByRole('button', { name: 'Take out of sight' }).last().click()
    await page.getByRole('dialog').getByLabel('Reason').fill('Names somebody')
    await page.getByRole('dialog').getByRole('button', { name: 'Take out of sight' }).click()
    await page.getByRole('button', { name: 'Out of sight', exact: true }).click()
    await page.getByText('Taken out of sight by Theo: Names somebody').waitFor()
    await page.getByRole('button', { name: 'Bring back' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('A mistake')
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click()
    await page.getByText('No review is out of sight.').waitFor()
  })
  const published = async () => (await (await fetch(`${school.url}/catalogue/${made.slug}.json`)).text()).includes('Then it worked.') || undefined
  await eventually('the page', published)
  const window = await openWindow(browser, school)
  try {
    const asked: string[] = []
    window.page.on('request', (request) => {
      if (request.url().includes('/reviews')) asked.push(request.url())
    })
    await window.page.goto(`/courses/${made.slug}`)
    await window.page.getByText('Then it worked.').waitFor()
    await window.page.getByText('Do I need oils?').click()
    await window.page.getByText('paint will do.').waitFor()
    await look(window.page, 'sales')
    // Whoever only looks costs the school no request.
    assert.deepEqual([asked, window.complaints], [[], []])
  } finally {
    await window.close()
  }
})
