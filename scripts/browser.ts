import { execFile } from 'node:child_process'
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'

const CACHE = join(import.meta.dirname, '..', 'node_modules', '.cache', 'lectern')

// The host rules make a page that needs anything but this machine fail here, as it would for a school without a connection.
const FLAGS = [
  ...['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic'],
  ...[
    '--no-proxy-server',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1',
    '--autoplay-policy=no-user-gesture-required',
  ],
]

const INSTALLED: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe'],
}

type Candidate = { executablePath: string; libraries?: string }

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Unpacks into a folder of its own and moves it into place at the end: several tests may want it at once. */
const unpacked = async (name: string, fill: (folder: string) => Promise<void>): Promise<string> => {
  const place = join(CACHE, name)
  if (await exists(place)) return place
  await mkdir(CACHE, { recursive: true })
  const folder = await mkdtemp(join(CACHE, `${name}-`))
  await fill(folder)
  await rename(folder, place).catch(async (error: NodeJS.ErrnoException) => {
    if (!(await exists(place))) throw error
    await rm(folder, { recursive: true })
  })
  return place
}

/** The Chromium inside the npm package, which downloads nothing. It is built for Linux alone. */
const packaged = async (): Promise<Candidate[]> => {
  if (process.platform !== 'linux') return []
  const bin = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', '..', 'bin')
  const inflated = async (file: string): Promise<Buffer> => promisify(brotliDecompress)(await readFile(join(bin, file)))
  const untar = async (file: string, folder: string): Promise<void> => {
    const archive = join(folder, 'archive.tar')
    await writeFile(archive, await inflated(file))
    await promisify(execFile)('tar', ['--no-same-owner', '-xf', archive, '-C', folder])
    await rm(archive)
  }
  const folder = await unpacked('chromium-147', async (into) => {
    await writeFile(join(into, 'chromium'), await inflated('chromium.br'))
    await chmod(join(into, 'chromium'), 0o755)
    await untar('swiftshader.tar.br', into)
  })
  const executablePath = join(folder, 'chromium')
  // Its libraries lie on any usual machine; the barest images have no libnss3, and the package brings a copy.
  const libraries = await unpacked('chromium-147-libraries', (into) => untar('al2023.tar.br', into))
  return [{ executablePath }, { executablePath, libraries: join(libraries, 'lib') }]
}

/** The browser, if it starts and plays what lessons are made of: H.264 with AAC. */
const opened = async ({ executablePath, libraries }: Candidate, more: readonly string[]): Promise<Browser | undefined> => {
  // Without a language it reads no file whose name has other letters than ASCII's.
  const plain = { LANG: 'C.UTF-8', ...process.env }
  const env = libraries === undefined ? plain : { ...plain, LD_LIBRARY_PATH: libraries }
  // A browser that does not start is one to pass over; the caller says so when none is left.
  const browser = await chromium.launch({ executablePath, args: [...FLAGS, ...more], env }).catch(() => undefined)
  if (!browser) return undefined
  const page = await browser.newPage()
  const plays = await page.evaluate<boolean>(`MediaSource.isTypeSupported('video/mp4; codecs="avc1.640028, mp4a.40.2"')`)
  await page.close()
  if (plays) return browser
  await browser.close()
  return undefined
}

/**
 * A real browser that reaches this machine alone: `CHROME_PATH`, else an installed Chrome or Chromium, else Playwright's, else the one among the packages.
 * `more`: flags besides the usual ones.
 * @throws where none starts and plays H.264 with AAC
 */
export const launchBrowser = async (more: readonly string[] = []): Promise<Browser> => {
  const chosen = process.env['CHROME_PATH']
  const paths = chosen ? [chosen] : [...(INSTALLED[process.platform] ?? []), chromium.executablePath()]
  for (const executablePath of paths) {
    const browser = (await exists(executablePath)) ? await opened({ executablePath }, more) : undefined
    if (browser) return browser
  }
  for (const candidate of chosen ? [] : await packaged()) {
    const browser = await opened(candidate, more)
    if (browser) return browser
  }
  throw new Error(`No browser that plays H.264 starts here${chosen ? ` from CHROME_PATH ${chosen}` : ''}. Install Chrome, or set CHROME_PATH to one.`)
}
