import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { barriers } from './barriers.ts'
import { journey, signIn, signInByPages } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let owner: Someone
let lena: Someone
let lesson: string

before(async () => {
  await school.start()
  browser = await launchBrowser()
  owner = await someone(school, 'Olive', 'admin')
  lena = await someone(school, 'Lena')
  const { courses } = (await someone(school, 'Theo', 'instructor')).client
  const { id: course } = await courses.create({ title: 'Painting with light' })
  const { sections } = await courses.addSection({ course, title: 'First steps' })
  const whole = await courses.addLesson({ course, section: sections[0]?.id ?? '', title: 'The window', kind: 'article' })
  lesson = whole.sections[0]?.lessons[0]?.id ?? ''
  await courses.update({ course, summary: 'Where to put the window.', price: { amountMinor: 3900, currency: 'EUR' } })
  await courses.publish({ course })
  await eventually('the catalogue', async () => ((await fetch(`${school.url}/catalogue/painting-with-light.json`)).ok ? true : undefined))
})
after(async () => {
  await browser?.close()
  await school.close()
})

const says = (page: Page, words: string): Promise<void> => page.getByRole('status').filter({ hasText: words }).waitFor()

test('the owner is told why a learner cannot see a lesson, gives it to her, goes back in time, and ends it again', async () => {
  await journey({ browser, school, name: 'access' }, async (page) => {
    await signInByPages(page, owner)
    await page.getByRole('button', { name: 'Account', exact: true }).click()
    await page.getByRole('menuitem', { name: 'School', exact: true }).click()
    await page.getByRole('main').getByRole('link', { name: 'Who may see what' }).click()
    await page.getByRole('heading', { name: 'Begin with a person and a lesson' }).waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByLabel('Their e-mail address').fill(lena.email)
    await page.getByLabel('Course', { exact: true }).click()
    await page.getByRole('option', { name: 'Painting with light' }).click()
    await page.getByLabel('Lesson', { exact: true }).click()
    await page.getByRole('option', { name: 'The window' }).click()
    await says(page, 'Lena cannot see this lesson: they have neither bought the course nor been given it.')
    assert.equal(await page.getByRole('button', { name: 'End access' }).count(), 0)

    await page.getByRole('button', { name: 'Give access' }).click()
    const giving = page.getByRole('dialog', { name: 'Give Lena this course' })
    await giving.getByLabel('Why').fill('Won the raffle')
    await giving.getByRole('button', { name: 'Give access' }).click()
    await says(page, 'Lena can see this lesson: Olive gave them the course on')

    const moment = page.getByRole('slider', { name: 'Moment' })
    await moment.press('Home')
    await says(page, 'Lena could not see this lesson: by then they had neither bought the course nor been given it.')
    // The moment is in the address: a colleague who is sent it sees the same.
    const link = page.url()
    await page.goto('/')
    await page.goto(link)
    await says(page, 'Lena could not see this lesson')
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('button', { name: /^Given .* Won the raffle$/ }).click()
    await says(page, 'Lena could see this lesson: Olive gave them the course on')
    // The arrows leave what has happened, however close they are to it.
    await moment.press('ArrowLeft')
    await says(page, 'Lena could not see this lesson')
    await moment.press('End')
    await says(page, 'Lena will be able to see this lesson')

    await page.getByRole('button', { name: 'End access' }).click()
    const ending = page.getByRole('dialog', { name: 'End Lena’s access' })
    assert.equal(await ending.getByRole('button', { name: 'End access' }).isEnabled(), false, 'not without a reason')
    await ending.getByLabel('Why').fill('The raffle was drawn anew')
    await ending.getByRole('button', { name: 'End access' }).click()
    await says(page, 'Lena cannot see this lesson: Olive ended their access on')
  })
})

test('the learner whose access was ended is told so on the lesson’s page, and the course is no longer among hers', async () => {
  await journey({ browser, school, name: 'access-ended' }, async (page) => {
    await signIn(page, lena)
    await page.goto(`/learn/painting-with-light/${lesson}`)
    await page.getByRole('heading', { name: 'The school has ended your access' }).waitFor()
    assert.deepEqual(await barriers(page), [])
    await page.getByRole('link', { name: 'See the course' }).click()
    await page.getByRole('button', { name: 'Buy this course' }).first().waitFor()
    await page.goto('/learning')
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  })
})

test('the page about access is for those who run the school', async () => {
  await journey({ browser, school, name: 'access-learner' }, async (page) => {
    await signIn(page, lena)
    await page.goto(`/school/access?email=${owner.email}&lesson=${lesson}`)
    await page.getByRole('heading', { name: 'This page is for those who run the school' }).waitFor()
  })
})
