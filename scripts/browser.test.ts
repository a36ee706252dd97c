import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { launchBrowser } from './browser.ts'

test('the browser of the journeys shows a page of this machine and reaches no other', async () => {
  const server = createServer((request, response) => response.setHeader('content-type', 'text/html').end(`<title>${request.url}</title><p>Good morning</p>`))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.goto(`http://localhost:${address.port}/here`)
    assert.equal(await page.getByText('Good morning').count(), 1)
    await assert.rejects(page.goto('http://example.com/'), /ERR_NAME_NOT_RESOLVED/)
    await assert.rejects(page.goto('http://192.0.2.1/'), /ERR_NAME_NOT_RESOLVED/)
  } finally {
    await browser.close()
    server.close()
  }
})
