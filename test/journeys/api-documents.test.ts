import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { aServedHome } from '#homes/machine/served.fixture.ts'
import { launchBrowser } from '#scripts/browser.ts'
import { journey } from './pages.ts'

const { port, close } = await aServedHome({})
let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await close()
})

test('whoever writes a program reads in the API’s documents and tries an operation, under a policy that stops nothing of it', async () => {
  const school = { url: `http://127.0.0.1:${port}` }
  await journey({ browser, school, name: 'api-documents' }, async (page, { complaints }) => {
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.goto('/api/docs')
    await page.getByText('The API of a Lectern school.').waitFor()
    assert.equal(await page.locator('.renderedMarkdown code').first().textContent(), 'Authorization: Bearer …')
    // Others are drawn when somebody scrolls to them.
    assert.ok((await page.locator('.opblock').count()) >= 10)
    const operation = page.locator('.opblock', { has: page.getByText('The school, and how to sign in to it', { exact: true }) })
    await operation.locator('.opblock-summary-control').click()
    await operation.getByText('Access: anyone.').waitFor()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor()
  })
})
