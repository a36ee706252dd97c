import { execFile } from 'node:child_process'
import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { BOUNDS } from '#core/operations/bounds.ts'
import type { Check, Premises } from '#ports/premises.ts'
import { doubtful, examined, type Finding, ill, well } from '../findings.ts'
import type { MachineSettings } from './settings.ts'
import { databasesBelow, type Unsound } from './soundness.ts'

const run = promisify(execFile)
const LOOK_MS = 30_000
const KEPT_MS = 60_000
const MOST_NAMED = 20

type Place = Pick<MachineSettings, 'data'>

export const diskFinding = async ({ data }: Place): Promise<Finding> => {
  const { bavail, bsize } = await statfs(data)
  const free = `${Math.floor((bavail * bsize) / 1024 ** 3)} GB free`
  return bavail * bsize < BOUNDS.lowBytes ? doubtful(`${free}: videos need room, and uploads are refused at 1 GB`) : well(free)
}

/** Loads it in a process of its own: a library that does not fit this machine takes its process down. */
export const ffmpegFinding = async ({ ffmpegPath }: Pick<MachineSettings, 'ffmpegPath'>): Promise<Finding> => {
  const [program, args] = ffmpegPath ? [ffmpegPath, ['-version']] : [process.execPath, ['--input-type=module', '--eval', "await import('node-av/lib')"]]
  const { stdout } = await run(program, args, { cwd: join(import.meta.dirname, '..', '..'), timeout: LOOK_MS })
  return well(ffmpegPath ? (stdout.split('\n')[0] ?? ffmpegPath) : 'embedded')
}

export const damagedFinding = (found: readonly Unsound[]): Finding => {
  const some = found.slice(0, MOST_NAMED).map(({ what, says }) => `${what}: ${says}`)
  return ill([`damaged: ${found.length}. Take these from a backup (npm run lectern -- restore --help):`, ...some].join('\n             '))
}

const SOUNDNESS = join(import.meta.dirname, 'soundness.ts')
const PRINT = `const { unsoundDatabases } = await import(process.argv[1]); process.stdout.write(JSON.stringify(await unsoundDatabases(process.argv[2])))`

/** Reads every page in a process of its own: here, everybody would wait for it. */
const databasesFinding = async ({ data }: Place): Promise<Finding> => {
  try {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', PRINT, SOUNDNESS, data], { timeout: LOOK_MS })
    // What the line above has printed.
    const found = JSON.parse(stdout) as Unsound[]
    return found.length === 0 ? well('hold together') : damagedFinding(found)
  } catch (error) {
    // Killed by the time it is given.
    if (error instanceof Error && 'killed' in error && error.killed === true)
      return doubtful('too large to be read in half a minute: npm run lectern -- doctor')
    throw error
  }
}

const mailFinding = async ({ mail }: Pick<MachineSettings, 'mail'>): Promise<Finding> =>
  mail ? well('letters go by your mail server') : doubtful('letters stay on this machine, at /sandbox/mail: set SMTP_URL and MAIL_FROM before people sign up')

const paymentsFinding = async ({ stripe }: Pick<MachineSettings, 'stripe'>): Promise<Finding> =>
  stripe
    ? well('Stripe is set up')
    : doubtful('a stand-in takes payments, and no money moves: set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRETS before you sell')

type Settings = Pick<MachineSettings, 'data' | 'ffmpegPath' | 'mail' | 'stripe'>

const lookAt = (settings: Settings): Promise<Check[]> =>
  examined([
    ['Node', async () => well(process.versions.node)],
    ['Databases', () => databasesFinding(settings)],
    ['Disk', () => diskFinding(settings)],
    ['FFmpeg', () => ffmpegFinding(settings)],
    ['Mail server', () => mailFinding(settings)],
    ['Card payments', () => paymentsFinding(settings)],
  ])

/** What this machine tells of itself. A look costs two processes, so one serves whoever asks within the minute. */
export const premises = (settings: Settings, now: () => number): Premises => {
  let last: { until: number; checks: Promise<Check[]> } | undefined
  return {
    look: () => {
      if (!last || now() >= last.until) last = { until: now() + KEPT_MS, checks: lookAt(settings) }
      return last.checks
    },
    databaseBytes: async () => {
      const sizes = (await databasesBelow(settings.data)).map(async (path) => (await stat(path)).size)
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    },
  }
}
