import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { launchBrowser } from './browser.ts'

/*
 * Lighthouse's figures of a running school: `npm run lighthouse` looks at http://localhost:4600, `npm run lighthouse -- <address>` at another.
 * Lighthouse weighs more than the school (176 MB), so npx fetches it when somebody asks for it; it is no dependency.
 */
const LIGHTHOUSE = 'lighthouse@13.5.0'
const school = (process.argv[2] ?? 'http://localhost:4600').replace(/\/$/, '')

const jsonOf = async <T>(path: string): Promise<T> => {
  const response = await fetch(`${school}${path}`)
  if (!response.ok) throw new Error(`${path} answered ${response.status}: is a school open at ${school}?`)
  // The school's own static files, of the contract's schemas.
  return (await response.json()) as T
}

type Course = { slug: string; sections: { lessons: { id: string; isPreview: boolean }[] }[] }

/** Home, a course, and a lesson that everybody may open: where one is published. */
const pages = async (): Promise<[string, string][]> => {
  const { courses } = await jsonOf<{ courses: { slug: string }[] }>('/catalogue/index.json')
  const whole = await Promise.all(courses.map(({ slug }) => jsonOf<Course>(`/catalogue/${slug}.json`)))
  const preview = whole.flatMap(({ slug, sections }) =>
    sections.flatMap(({ lessons }) => lessons.filter(({ isPreview }) => isPreview).map(({ id }) => `/learn/${slug}/${id}`)),
  )[0]
  const [course] = whole
  return [
    ['home', '/'],
    ...(course ? [['course', `/courses/${course.slug}`] as [string, string]] : []),
    ...(preview ? [['lesson', preview] as [string, string]] : []),
  ]
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}

type Report = {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>
  audits: Record<string, { score: number | null; title: string; displayValue?: string }>
}

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo']

/** Each by itself: the bare Chromium among the packages cannot be traced, and then the others are still told. */
const measured = async (port: number, path: string, { category, folder }: { category: string; folder: string }): Promise<Report> => {
  const file = join(folder, 'report.json')
  const options = ['--output=json', `--output-path=${file}`, `--port=${port}`, '--quiet', `--only-categories=${category}`]
  // It ends with 1 where something could not be measured, and says so in its report.
  await promisify(execFile)('npx', ['--yes', LIGHTHOUSE, `${school}${path}`, ...options], { maxBuffer: 1 << 26 }).catch(() => undefined)
  // Lighthouse's own report.
  return JSON.parse(await readFile(file, 'utf8')) as Report
}

/** What keeps a category from being whole, the heaviest first. */
const short = ({ categories, audits }: Report): string[] =>
  Object.values(categories).flatMap(({ auditRefs }) =>
    auditRefs
      .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => `    ${id}: ${audits[id]?.displayValue ?? audits[id]?.title ?? ''}`),
  )

const port = await freePort()
const browser = await launchBrowser([`--remote-debugging-port=${port}`])
const folder = await mkdtemp(join(tmpdir(), 'lectern-lighthouse-'))
try {
  for (const [name, path] of await pages()) {
    for (const category of CATEGORIES) {
      const report = await measured(port, path, { category, folder })
      const score = report.categories[category]?.score ?? null
      const shown = score === null ? 'could not be measured with this browser' : String(Math.round(score * 100))
      process.stdout.write(
        `${name.padEnd(8)} ${category.padEnd(16)} ${shown}\n${
          score === null
            ? ''
            : short(report)
                .map((line) => `${line}\n`)
                .join('')
        }`,
      )
    }
  }
} finally {
  await browser.close()
  await rm(folder, { recursive: true })
}
