import type { Page, Route } from 'playwright-core'
import { startSending } from './pages.ts'
import { eventually, type Program } from './program.ts'

const PARTS = /^http:\/\/[^/]+\/uploads\//

/** Lets so many parts through to the store and holds the rest back, as a line that has died would. */
export const holdPartsAfter = async (page: Page, parts: number): Promise<{ sent: string[]; release(): void; fail(): Promise<void> }> => {
  const sent: string[] = []
  const held: Route[] = []
  let room = parts
  let isOpen = false
  await page.route(PARTS, async (route) => {
    const part = new URL(route.request().url()).searchParams.get('part') ?? ''
    if (isOpen) return route.continue()
    if (room <= 0) return void held.push(route)
    room -= 1
    const answer = await route.fetch()
    if (answer.ok()) sent.push(part)
    await route.fulfill({ response: answer })
  })
  return {
    sent,
    release: () => {
      room = Number.POSITIVE_INFINITY
    },
    /** Tells the browser that nobody answered, and is out of the way from then on. */
    fail: async () => {
      isOpen = true
      await Promise.all(held.map((route) => route.abort('connectionrefused')))
    },
  }
}

/** Sends a film from a course's page; after two parts the server is killed and started again, and the page goes on by itself. */
export const sendThroughAKill = async (page: Page, school: Pick<Program, 'kill' | 'start'>, film: string): Promise<void> => {
  const line = await holdPartsAfter(page, 2)
  await page.getByLabel('Video for The lesson').setInputFiles(film)
  await startSending(page)
  await eventually('two parts', () => (line.sent.length === 2 ? true : undefined))
  await school.kill()
  await line.fail()
  await page.getByText('Connection lost, trying again…').first().waitFor()
  await school.start()
}
