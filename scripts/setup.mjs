import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, Trouble } from './terminal.mjs'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

const OLDEST_NODE = [24, 15]
const modules = join(root, 'node_modules')
const packagesStamp = join(modules, '.lectern-stamp')
const cache = join(modules, '.cache', 'lectern')
const webStamp = join(cache, 'web-stamp')
const packagedNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** @param {string} path */
const exists = (path) =>
  access(path).then(
    () => true,
    () => false,
  )

/**
 * The text of a file, or undefined where there is none.
 * @param {string} path
 */
export const textOf = (path) =>
  readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })

/** @param {string} text */
const hash = (text) => createHash('sha256').update(text).digest('hex')

/** @param {string} version such as `26.10.0` */
const isRecent = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > (OLDEST_NODE[0] ?? 0) || (major === OLDEST_NODE[0] && minor >= (OLDEST_NODE[1] ?? 0))
}

/** The Node that runs the school: the one among the packages, else this machine's if it is recent enough. */
export const schoolNode = async () => {
  if (await exists(packagedNode)) return packagedNode
  if (isRecent(process.versions.node)) return process.execPath
  throw new Trouble('Node 26 is missing from node_modules: npm was told to run no install scripts. Run: npm rebuild node --ignore-scripts=false')
}

/** How Node opens the school: V8's semi-spaces, in MiB, of which it would take 32 and fill them over half an hour (decision 81). */
export const schoolFlags = ['--max-semi-space-size=16']

/**
 * What the allocator of glibc is told (mallopt(3)); others do not read it. Left to itself it takes ever larger pieces from heaps that it cannot give
 * back, of which it makes one for each thread. Bytes.
 */
export const schoolMemory = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '32768', MALLOC_TRIM_THRESHOLD_: '262144' }

/** The environment for programs the school's Node runs: compiled code is kept, so that later starts are quicker. */
export const schoolEnvironment = () => ({ NODE_COMPILE_CACHE: join(cache, 'compiled'), ...process.env })

/**
 * Runs a program of the school's to its end; this one then ends with the same code.
 * @param {readonly string[]} args the program and its arguments
 * @param {'inherit' | 'ignore'} [stdin]
 */
export const runProgram = async (args, stdin = 'inherit') => {
  const child = spawn(await schoolNode(), args, { cwd: root, env: schoolEnvironment(), stdio: [stdin, 'inherit', 'inherit'] })
  process.exitCode = await new Promise((ended) => child.on('error', () => ended(127)).on('close', (code) => ended(code ?? 1)))
}

/**
 * The packages of a lock by their place, without those this call does not want and those that fit other machines only.
 * @param {string | undefined} text
 * @param {boolean} dev
 * @returns {Record<string, { version: string, optional?: boolean, inBundle?: boolean }>}
 */
const lockedPackages = (text, dev) => {
  if (text === undefined) return {}
  const entries = Object.entries(JSON.parse(text).packages ?? {})
  return Object.fromEntries(entries.filter(([place, entry]) => place !== '' && (dev || !(entry.dev || entry.devOptional))))
}

/**
 * Whether what npm itself last installed here is what the lock asks for: someone may have run `npm install` by hand. Of packages that come
 * inside another's archive npm does not write down every one.
 * @param {string} lock
 * @param {boolean} dev
 */
export const isInstalled = async (lock, dev, folder = modules) => {
  const installed = lockedPackages(await textOf(join(folder, '.package-lock.json')), true)
  return Object.entries(lockedPackages(lock, dev)).every(([place, { version, optional, inBundle }]) => {
    const found = installed[place]
    return found ? found.version === version : optional === true || inBundle === true
  })
}

/**
 * In one line where the reason is known, else with what npm said.
 * @param {string} output
 */
const npmTrouble = (output) => {
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH/.test(output)) {
    return new Trouble('The packages could not be fetched. Is this machine online? Try again when it is.')
  }
  if (output.includes('ENOSPC')) return new Trouble('The disk is full: the packages need about a gigabyte.')
  if (/EACCES|EPERM/.test(output)) return new Trouble(`node_modules cannot be written to. Who owns ${root}?`)
  return new Trouble('The packages could not be installed. npm said:', output)
}

/**
 * Runs npm, in the folder of the manifest that is meant.
 * @param {readonly string[]} args
 */
export const npm = async (args, cwd = root) => {
  const { npm_execpath: script, npm_node_execpath: node } = process.env
  // The Node that runs npm, never the one in node_modules, which npm is about to replace.
  const isNpm = script !== undefined && basename(script) === 'npm-cli.js'
  const [command, first] = isNpm ? [node ?? process.execPath, [script]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
  const { code, output } = await run(command, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd })
  if (code !== 0) throw npmTrouble(output)
}

/**
 * Sees to it that node_modules is what package-lock.json says. Developers' packages that are there stay.
 * @param {{ dev: boolean }} wants
 */
export const installPackages = async ({ dev }) => {
  const lock = await textOf(join(root, 'package-lock.json'))
  if (lock === undefined) throw new Trouble('package-lock.json is missing: is this a whole copy of the project?')
  const stamp = JSON.parse((await textOf(packagesStamp)) ?? '{}')
  const withDev = dev || stamp.dev === true
  const wanted = { lock: hash(lock), dev: withDev }
  if (stamp.lock === wanted.lock && stamp.dev === wanted.dev) return 'up to date'

  await rm(packagesStamp, { force: true })
  const isThere = await isInstalled(lock, withDev)
  if (!isThere) {
    const which = withDev ? '--include=dev' : '--omit=dev'
    // An install that never ended leaves no such file, and cannot be mended. One that did may be serving a school just now.
    const wasFinished = await exists(join(modules, '.package-lock.json'))
    await npm(wasFinished ? ['install', '--no-save', which] : ['ci', which])
  }
  const hasDev = withDev || (await isInstalled(lock, true))
  await writeFile(packagesStamp, JSON.stringify({ ...wanted, dev: hasDev }))
  return isThere ? 'already there' : `installed ${Object.keys(lockedPackages(await textOf(join(modules, '.package-lock.json')), true)).length} packages`
}

/**
 * One line a file: its name, size and time of change.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
const listing = async (folder) => {
  const entries = await readdir(folder, { withFileTypes: true })
  const parts = entries
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && !name.endsWith('.test.ts'))
    .map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return listing(path)
      const { size, mtimeMs } = await stat(path)
      return [`${relative(root, path)} ${size} ${mtimeMs}`]
    })
  return (await Promise.all(parts)).flat().sort()
}

const webInputs = async () => {
  const files = await Promise.all(['web', 'contract'].map((folder) => listing(join(root, folder))))
  return hash([...files.flat(), await textOf(join(root, 'package-lock.json'))].join('\n'))
}

/** Whether the built web app is the one its sources would make. */
export const isWebBuilt = async () => {
  const made = await Promise.all([join('dist', 'index.html'), join('drawing', 'dist', 'draw.js')].map((file) => exists(join(root, 'web', file))))
  return made.every(Boolean) && (await textOf(webStamp)) === (await webInputs())
}

/** Builds the web app unless it is current. */
export const buildWeb = async () => {
  if (await isWebBuilt()) return 'up to date'
  const inputs = await webInputs()
  await rm(webStamp, { force: true })
  const vite = join(modules, 'vite', 'bin', 'vite.js')
  // What draws its pages where they are published, then the app itself.
  for (const more of [['--ssr', 'src/draw.ts'], []]) {
    const { code, output } = await run(await schoolNode(), [vite, 'build', 'web', '--logLevel=warn', ...more], { cwd: root, env: schoolEnvironment() })
    if (code !== 0) throw new Trouble('The web app could not be built. vite said:', output)
  }
  await mkdir(cache, { recursive: true })
  await writeFile(webStamp, inputs)
  return 'built'
}

/** Whether node_modules is what the lock asks for. */
export const isStamped = async () => {
  const stamp = JSON.parse((await textOf(packagesStamp)) ?? '{}')
  return stamp.lock === hash((await textOf(join(root, 'package-lock.json'))) ?? '')
}

export const portWanted = () => {
  const given = process.env['PORT'] || '4600'
  const port = Number(given)
  if (!/^\d+$/.test(given) || port > 65_535) throw new Trouble(`PORT is "${given}", which is no port. Try: PORT=4700 npm start`)
  return port
}

/** @param {number} port */
export const checkPort = (port) =>
  new Promise((resolvePort, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error)
      if (code === 'EADDRINUSE')
        return reject(new Trouble(`Port ${port} is taken: another program, or this school, is using it. Try: PORT=${port + 1} npm start`))
      if (code === 'EACCES') return reject(new Trouble(`Port ${port} needs more rights than you have. Try: PORT=4600 npm start`))
      return reject(error)
    })
    server.listen(port, () => server.close(() => resolvePort(port === 0 ? 'any' : `${port} is free`)))
  })

export const dataFolder = () => resolve(root, process.env['LECTERN_DATA'] || './data')

/**
 * As `mkdir` with `recursive`, which never comes back where the system answers "no such folder" for one whose parent is there, as in /proc.
 * @param {string} folder
 * @returns {Promise<void>}
 */
const makeFolder = async (folder) => {
  if (await exists(folder)) return
  await makeFolder(dirname(folder))
  await mkdir(folder)
}

/** Tries to write: permissions alone tell nothing to root, on a full disk or on a read-only one. */
export const checkDataFolder = async (folder = dataFolder()) => {
  // Known by this name to backups and to `doctor` (homes/machine/scratch-names.ts), which not every Node that runs this can read.
  const probe = join(folder, `.probe-${process.pid}`)
  try {
    await makeFolder(folder)
    await writeFile(probe, 'x')
    await rm(probe)
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    throw new Trouble(`The data folder ${folder} cannot be written to (${code}). Try: LECTERN_DATA=/some/folder npm start`)
  }
  return folder.startsWith(join(root, '')) ? relative(root, folder) || folder : folder
}
