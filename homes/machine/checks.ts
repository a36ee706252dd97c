import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { BOUNDS } from '#core/operations/bounds.ts'
import { doubtful, type Finding, well } from '#core/operations/findings.ts'
import { ailing, leftovers, type Mendable, openSecretFiles } from './ailments.ts'
import { systemClock } from './clock.ts'
import { LONG_CHECKS } from './long-checks.ts'
import { missingPages } from './missing-pages.ts'
import type { MachineSettings } from './settings.ts'

const run = promisify(execFile)
const LOOK_MS = 30_000

const disk = async ({ data }: MachineSettings): Promise<Finding> => {
  const { bavail, bsize } = await statfs(data)
  const free = `${Math.floor((bavail * bsize) / 1024 ** 3)} GB free`
  return bavail * bsize < BOUNDS.lowBytes ? doubtful(`${free}: videos need room, and uploads are refused at 1 GB`) : well(free)
}

/** Loads it in a process of its own: a library that does not fit this machine takes its process down. */
const ffmpeg = async ({ ffmpegPath }: MachineSettings): Promise<Finding> => {
  const [program, args] = ffmpegPath ? [ffmpegPath, ['-version']] : [process.execPath, ['--input-type=module', '--eval', "await import('node-av/lib')"]]
  const { stdout } = await run(program, args, { cwd: join(import.meta.dirname, '..', '..'), timeout: LOOK_MS })
  return well(ffmpegPath ? (stdout.split('\n')[0] ?? ffmpegPath) : 'embedded')
}

const mailServer = async ({ mail }: MachineSettings): Promise<Finding> =>
  mail ? well('letters go by your mail server') : doubtful('letters stay on this machine, at /sandbox/mail: set SMTP_URL and MAIL_FROM before people sign up')

const cardPayments = async ({ stripe }: MachineSettings): Promise<Finding> =>
  stripe
    ? well('Stripe is set up')
    : doubtful('a stand-in takes payments, and no money moves: set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRETS before you sell')

export type MachineCheck = { name: string; find(settings: MachineSettings): Promise<Mendable> }

const SHORT_CHECKS: readonly MachineCheck[] = [
  { name: 'Node', find: async () => well(process.versions.node) },
  { name: 'Secrets', find: async ({ data }) => ailing(await openSecretFiles({ data, clock: systemClock }), 'are for their owner alone') },
  { name: 'Leftovers', find: async ({ data }) => ailing(await leftovers({ data, clock: systemClock }), 'none') },
  { name: 'Pages', find: async (settings) => ailing(await missingPages(settings), 'of what is published are there, or being written') },
  { name: 'Disk', find: disk },
  { name: 'FFmpeg', find: ffmpeg },
  { name: 'Mail server', find: mailServer },
  { name: 'Card payments', find: cardPayments },
]

/** What a school on this machine rests on: looked at by `lectern doctor`, and by an open school for its admins. */
export const CHECKS: readonly MachineCheck[] = [...LONG_CHECKS, ...SHORT_CHECKS]

const LONG = join(import.meta.dirname, 'long-checks.ts')
const PRINT = `const { LONG_CHECKS } = await import(process.argv[1])
for (const { find } of LONG_CHECKS) {
  const finding = await find({ data: process.argv[2] }).catch(({ message }) => ({ state: 'ill', says: message }))
  process.stdout.write(JSON.stringify(finding) + '\\n')
}`

/** What a process has printed by the time it is given. */
const printedWithin = async (args: readonly string[]): Promise<string> => {
  try {
    return (await run(process.execPath, args, { timeout: LOOK_MS })).stdout
  } catch (error) {
    if (error instanceof Error && 'killed' in error && error.killed === true && 'stdout' in error) return String(error.stdout)
    throw error
  }
}

const TOO_LARGE = doubtful('too large to be read in half a minute: npm run lectern -- doctor')

/** Done in a process of its own, one after the other: here, everybody would wait for it. */
const longFindings = async (data: string): Promise<ReadonlyMap<string, Finding>> => {
  const lines = (await printedWithin(['--input-type=module', '--eval', PRINT, LONG, data])).split('\n').filter((line) => line !== '')
  return new Map(
    lines.map((line, at) => {
      // What the lines above have printed.
      const finding = JSON.parse(line) as Finding
      return [LONG_CHECKS[at]?.name ?? '', finding]
    }),
  )
}

/** The same checks where nobody may be kept waiting by them. */
export const checksApart = ({ data }: MachineSettings): readonly MachineCheck[] => {
  const long = longFindings(data)
  return [...LONG_CHECKS.map(({ name }) => ({ name, find: async () => (await long).get(name) ?? TOO_LARGE })), ...SHORT_CHECKS]
}
