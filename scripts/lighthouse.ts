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
  environment: { benchmarkIndex: number }
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>
  audits: Record<string, { score: number | null; title: string; displayValue?: string }>
}

const OTHERS = ['accessibility', 'best-practices', 'seo']
const TIMES = 5

/*
 * A phone is as slow wherever it is imitated: Lighthouse slows the processor four times, which is meant for machines of its index 1500 to 2000,
 * and asks to be calibrated on slower ones.
 */
const MEANT_FOR = 1750
const MOST = 4
const slowdownAt = (index: number): number => Math.min(MOST, Math.max(1, Math.round((MOST * index * 10) / MEANT_FOR) / 10))

type Measuring = { port: number; folder: string }

/** Each category by itself: the bare Chromium among the packages cannot be traced, and then the others are still told. */
const measured = async ({ port, folder }: Measuring, path: string, options: readonly string[]): Promise<Report> => {
  const file = join(folder, 'report.json')
  const all = ['--output=json', `--output-path=${file}`, `--port=${port}`, '--quiet', ...options]
  // It ends with 1 where something could not be measured, and says so in its report.
  await promisify(execFile)('npx', ['--yes', LIGHTHOUSE, `${school}${path}`, ...all], { maxBuffer: 1 << 26 }).catch(() => undefined)
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

const scoreOf = ({ categories }: Report, category: string): number | undefined => {
  const score = categories[category]?.score ?? undefined
  return score === undefined ? undefined : Math.round(score * 100)
}

const tell = (page: string, category: string, { report, besides }: { report: Report; besides: string }): void => {
  const score = scoreOf(report, category)
  const lines = score === undefined ? [] : short(report)
  const shown = score === undefined ? 'could not be measured with this browser' : `${score}${besides}`
  process.stdout.write([`${page.padEnd(8)} ${category.padEnd(16)} ${shown}`, ...lines, ''].join('\n'))
}

/** The middle of several, for the same page is measured differently every time. */
const performanceOf = async (measuring: Measuring, path: string, index: number): Promise<{ report: Report; besides: string }> => {
  const slowdown = slowdownAt(index)
  const reports: Report[] = []
  for (let time = 0; time < TIMES; time++)
    reports.push(await measured(measuring, path, ['--only-categories=performance', `--throttling.cpuSlowdownMultiplier=${slowdown}`]))
  reports.sort((a, b) => (scoreOf(a, 'performance') ?? 0) - (scoreOf(b, 'performance') ?? 0))
  const [report] = reports.slice(Math.floor(TIMES / 2))
  if (report === undefined) throw new Error('Nothing was measured.')
  const scores = reports.map((each) => scoreOf(each, 'performance') ?? '–').join(' ')
  return { report, besides: `  the middle of ${scores}; processor slowed ${slowdown} times, at index ${Math.round(index)}` }
}

const measurePage = async (measuring: Measuring, page: string, path: string): Promise<void> => {
  const indexes: number[] = []
  for (const category of OTHERS) {
    const report = await measured(measuring, path, [`--only-categories=${category}`])
    indexes.push(report.environment.benchmarkIndex)
    tell(page, category, { report, besides: '' })
  }
  const [, middle = MEANT_FOR] = indexes.sort((a, b) => a - b)
  tell(page, 'performance', await performanceOf(measuring, path, middle))
}

const port = await freePort()
const browser = await launchBrowser([`--remote-debugging-port=${port}`])
const folder = await mkdtemp(join(tmpdir(), 'lectern-lighthouse-'))
try {
  for (const [name, path] of await pages()) await measurePage({ port, folder }, name, path)
} finally {
  await browser.close()
  await rm(folder, { recursive: true })
}
