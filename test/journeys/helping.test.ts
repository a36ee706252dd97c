import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '#scripts/browser.ts'
import { barriers } from './barriers.ts'
import { openWindow, signInByPages } from './pages.ts'
import { type Someone, someone } from './people.ts'
import { program } from './program.ts'

const school = await program({ args: ['--empty'] })
let browser: Browser
let olive: Someone
let aino: Someone

before(async () => {
  await school.start()
  olive = await someone(school, 'Olive', 'owner')
  aino = await someone(school, 'Aino')
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await school.close()
})

test('a teacher has somebody help, who finds the course and no more of it than they may', async () => {
  const { id: course } = await olive.client.courses.create({ title: 'Painting with light' })
  const theirs = await openWindow(browser, school)
  await signInByPages(theirs.page, olive)
  const { page } = theirs
  await page.goto(`${school.url}/teach/courses/${course}/people`)
  await page.getByText('Nobody helps with this course yet.').waitFor()
  await page.getByLabel('Their e-mail address').fill('nobody@lectern.test')
  await page.getByRole('button', { name: 'Add them' }).click()
  await page.getByText('Nobody here has an account with that address').waitFor()
  await page.getByLabel('Their e-mail address').fill(aino.email)
  await page.getByRole('button', { name: 'Add them' }).click()
  await page.getByRole('button', { name: 'Change what Aino may do' }).waitFor()
  assert.deepEqual(await barriers(page), [])

  const hers = await openWindow(browser, school)
  await signInByPages(hers.page, aino)
  await hers.page.goto(`${school.url}/teach`)
  await hers.page.getByText('Assistant · taught by Olive').waitFor()
  assert.equal(await hers.page.getByRole('button', { name: 'New course' }).count(), 0)
  await hers.page.getByRole('link', { name: 'Painting with light' }).click()
  await hers.page.waitForURL(/\/handings$/)
  const tabs = await hers.page.getByRole('navigation', { name: 'Pages of this course' }).getByRole('link').allInnerTexts()
  assert.deepEqual(tabs, ['Grading', 'Questions'])
  assert.deepEqual([...theirs.complaints, ...hers.complaints], [])
  for (const each of [theirs, hers]) await each.close()
})

test('an owner finds somebody and makes them support, with a reason that is kept', async () => {
  const theirs = await openWindow(browser, school)
  await signInByPages(theirs.page, olive)
  const { page } = theirs
  await page.goto(`${school.url}/school/people`)
  await page.getByRole('searchbox', { name: 'Find by name or e-mail address' }).fill('ain')
  await page.getByRole('link', { name: 'Olive' }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Aino' }).click()
  await page.getByRole('button', { name: 'Change roles' }).click()
  await page.getByRole('checkbox', { name: 'Support' }).click()
  await page.getByLabel('Why?').fill('Answers the telephone')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Learner → Support').waitFor()
  await page.getByText('Answers the telephone').waitFor()
  assert.deepEqual(await barriers(page), [])
  assert.deepEqual((await aino.client.accounts.me({})).roles, ['learner', 'support'])
  await theirs.close()
})
