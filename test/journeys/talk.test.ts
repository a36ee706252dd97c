import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { barriers } from './barriers.ts'
import { aCourseOf } from './courses.ts'
import { journey, linkInLetter, signIn, signInByPages } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { eventually, program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let theo: Someone
let lena: Someone
let max: Someone
let place: { course: string; lesson: string; slug: string }

before(async () => {
  await school.start()
  browser = await launchBrowser()
  theo = await someone(school, 'Theo', 'instructor')
  lena = await someone(school, 'Lena')
  max = await someone(school, 'Max')
  place = await aCourseOf(theo, { title: 'Painting with light', kind: 'article' })
  await theo.client.courses.publish({ course: place.course })
  for (const { client } of [lena, max]) await client.learning.enrol({ course: place.course })
})
after(async () => {
  await browser?.close()
  await school.close()
})

/** In both themes and on a phone, where things break first. */
const barriersEverywhere = async (page: Page): Promise<string[]> => {
  const found = await barriers(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 360, height: 780 })
  found.push(...(await barriers(page)))
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}

test('a learner asks at a lesson and calls another by name; the teacher is told by the bell, answers and marks it; she reads it', async () => {
  await max.client.talk.begin({ course: place.course, title: 'Hello', body: 'I am new.', isQuestion: false })
  await journey({ browser, school, name: 'talk-ask' }, async (page) => {
    await signIn(page, lena)
    await page.goto(`/learn/${place.slug}/${place.lesson}`)
    await page.getByRole('tab', { name: 'Discussion' }).click()
    await page.getByText('Nobody has asked anything yet').waitFor()
    await page.getByRole('button', { name: 'Ask or discuss' }).click()
    await page.getByLabel('In one line').fill('Which window?')
    const words = page.getByRole('textbox', { name: 'Your text' })
    await words.pressSequentially('Does **it** matter, @Ma')
    await page.getByRole('option', { name: 'Max' }).waitFor()
    await words.press('Enter')
    assert.equal(await words.inputValue(), 'Does **it** matter, @Max ')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByRole('heading', { name: 'Which window?' }).waitFor()
    await page.getByText('@Max').waitFor()
    assert.deepEqual(await barriersEverywhere(page), [])
  })

  await journey({ browser, school, name: 'talk-answer' }, async (page) => {
    await signInByPages(page, theo)
    await page.getByRole('button', { name: 'Notifications, 1 new' }).click()
    await page.getByRole('link', { name: 'Lena asks: Which window?' }).click()
    await page.getByRole('heading', { name: 'Which window?' }).waitFor()
    assert.equal(await page.getByText('This is a free preview.').count(), 0, 'it is none, though he has not enrolled')
    await page.getByRole('textbox', { name: 'Write a reply' }).fill('It does: choose the one to the north.')
    await page.getByRole('button', { name: 'Reply', exact: true }).click()
    await page.getByText('choose the one to the north').first().waitFor()
    await page.getByRole('button', { name: 'More for Theo’s post' }).click()
    await page.getByRole('menuitem', { name: 'Mark as the answer' }).click()
    await page.getByText('Answer', { exact: true }).waitFor()
    await page.goto(`/teach/courses/${place.course}/questions`)
    await page.getByText('Nobody waits for an answer').waitFor()
  })

  await journey({ browser, school, name: 'talk-read' }, async (page) => {
    await signIn(page, lena)
    await page.goto('/notifications')
    await page.getByRole('link', { name: 'Theo replied: Which window?' }).waitFor()
    assert.deepEqual(await barriersEverywhere(page), [])
    await page.getByRole('link', { name: 'Theo replied: Which window?' }).click()
    await page.getByRole('button', { name: 'Helpful' }).click()
    await page.getByRole('button', { name: 'Helpful · 1' }).waitFor()
  })
})

test('a teacher announces something; a learner reads it, and stops such letters by the link in one without signing in', async () => {
  await journey({ browser, school, name: 'announce' }, async (page) => {
    await signIn(page, theo)
    await page.goto(`/teach/courses/${place.course}/announcements`)
    await page.getByRole('button', { name: 'Write an announcement' }).click()
    await page.getByLabel('Subject').fill('Live on Thursday')
    await page.getByRole('textbox', { name: 'What you want to say' }).fill('Bring a **lamp**.')
    await page.getByRole('button', { name: 'Send now' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Send now' }).click()
    await page.getByRole('heading', { name: 'Live on Thursday' }).waitFor()
  })
  const link = await eventually('the letter', () => linkInLetter(school, max.email, /\/letters\/[\w-]+\/announcement/))
  await journey({ browser, school, name: 'letters' }, async (page) => {
    await page.goto(link)
    await page.getByText('Stop these e-mails: Announcements?').waitFor()
    await page.getByRole('button', { name: 'Stop these e-mails' }).click()
    await page.getByText('Done. You get no more e-mails of this kind').waitFor()
    const { preferences } = await max.client.notifications.preferences({})
    assert.equal(preferences.find(({ kind }) => kind === 'announcement')?.mail, 'never')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('All right, they keep coming').waitFor()
  })
  await journey({ browser, school, name: 'announcement-read' }, async (page) => {
    await signIn(page, lena)
    await page.goto(`/learn/${place.course}/announcements`)
    await page.getByRole('heading', { name: 'Live on Thursday' }).waitFor()
    await page.getByRole('link', { name: 'Course board' }).click()
    await page.getByRole('link', { name: 'Hello' }).waitFor()
    assert.deepEqual(await barriersEverywhere(page), [])
    await page.goto('/notifications/settings')
    await page.getByRole('group', { name: 'Replies' }).getByText('Daily').click()
    await eventually('the choice', async () => {
      const { preferences } = await lena.client.notifications.preferences({})
      return preferences.some(({ kind, mail }) => kind === 'reply' && mail === 'daily') || undefined
    })
    assert.deepEqual(await barriersEverywhere(page), [])
  })
})

test('what a learner reports waits for the teacher, who hides it for a reason; a visitor sees nothing of the talk', async () => {
  const { id: thread } = await max.client.talk.begin({ course: place.course, lesson: place.lesson, title: 'Shoes', body: 'Buy my shoes', isQuestion: false })
  await lena.client.talk.report({ thread, number: 0, reason: 'Advertising' })
  await journey({ browser, school, name: 'talk-moderate' }, async (page) => {
    await signIn(page, theo)
    await page.goto(`/teach/courses/${place.course}/questions?tab=reports`)
    await page.getByText('Reported once').waitFor()
    assert.deepEqual(await barriersEverywhere(page), [])
    await page.getByRole('button', { name: 'Hide' }).click()
    const dialog = page.getByRole('dialog', { name: 'Hide what Max wrote' })
    assert.equal(await dialog.getByRole('button', { name: 'Hide' }).isEnabled(), false, 'not without a reason')
    await dialog.getByLabel('Why').fill('No advertising')
    await dialog.getByRole('button', { name: 'Hide' }).click()
    await page.getByText('Nothing was reported').waitFor()
  })
  assert.equal(
    (await lena.client.talk.threads({ course: place.course, lesson: place.lesson })).threads.some(({ id }) => id === thread),
    false,
  )
  await journey({ browser, school, name: 'talk-visitor' }, async (page) => {
    await page.goto(`/learn/${place.slug}/${place.lesson}?thread=${thread}`)
    await page
      .getByRole('heading', { name: 'Enrol to see this lesson' })
      .or(page.getByRole('button', { name: 'Sign in' }).first())
      .first()
      .waitFor()
    assert.equal(await page.getByText('Buy my shoes').count(), 0)
  })
})
