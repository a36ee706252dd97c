import { program } from './program.ts'
import { launchBrowser } from '#scripts/browser.ts'
import { openWindow, signIn } from './pages.ts'
import { someone } from './people.ts'
import { aCourseOf } from './courses.ts'
const school = await program({ args: ['--empty'] })
await school.start()
const browser = await launchBrowser()
const teacher = await someone(school, 'Theo', 'instructor')
await aCourseOf(teacher, { title: 'Light for painters', kind: 'article' })
const { page } = await openWindow(browser, school)
page.setDefaultTimeout(8000)
try {
await signIn(page, teacher)
await page.goto('/teach/series/new')
const cron = async (w: string) => console.log(w, await page.getByLabel('Cron').inputValue())

await page.getByText('Own schedule', { exact: true }).click()
await page.getByLabel('Time zone').click()
await page.getByPlaceholder('Find a city').fill('UTC')
await page.getByRole('option', { name: 'UTC', exact: false }).first().click()
await page.getByLabel('Cron').fill('every morning')
await cron('at once')
for (let i = 0; i < 5; i++) { await new Promise((r) => setTimeout(r, 200)); await cron('later') }
await page.screenshot({ path: '/tmp/shots7/x.png' })
} finally { await browser.close(); await school.close() }
