import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type MachineSettings, readSettings } from '#homes/machine/settings.ts'
import { hasStore, type Unsound, unsoundDatabases, unsoundObjects } from '#homes/machine/soundness.ts'
import { checkDataFolder, checkPort, isStamped, isWebBuilt, root } from '../setup.mjs'
import { green, red, say, yellow } from '../terminal.mjs'
import type { Verb } from './verb.ts'

const ENOUGH_BYTES = 5 * 1024 ** 3

/** A finding: well, worth a look, or in the way of a school. */
type Finding = { state: 'well' | 'doubtful' | 'ill'; says: string }
const well = (says: string): Finding => ({ state: 'well', says })
const doubtful = (says: string): Finding => ({ state: 'doubtful', says })
const ill = (says: string): Finding => ({ state: 'ill', says })

const disk = async ({ data }: MachineSettings): Promise<Finding> => {
  const { bavail, bsize } = await statfs(data)
  const free = `${Math.floor((bavail * bsize) / 1024 ** 3)} GB free`
  return bavail * bsize < ENOUGH_BYTES ? doubtful(`${free}: videos need room`) : well(free)
}

/** Loads it in a process of its own: a library that does not fit this machine takes its process down. */
const ffmpeg = async ({ ffmpegPath }: MachineSettings): Promise<Finding> => {
  const [program, args] = ffmpegPath ? [ffmpegPath, ['-version']] : [process.execPath, ['--input-type=module', '--eval', "await import('node-av/lib')"]]
  const { stdout } = await promisify(execFile)(program, args, { cwd: root, timeout: 30_000 })
  return well(ffmpegPath ? (stdout.split('\n')[0] ?? ffmpegPath) : 'embedded')
}

const MOST_NAMED = 20

const named = (found: readonly Unsound[]): string => {
  const some = found.slice(0, MOST_NAMED).map(({ what, says }) => `${what}: ${says}`)
  return [`damaged: ${found.length}. Take these from a backup (npm run lectern -- restore --help):`, ...some].join('\n             ')
}

const databases = async ({ data }: MachineSettings): Promise<Finding> => {
  const unsound = await unsoundDatabases(data)
  return unsound.length === 0 ? well('hold together') : ill(named(unsound))
}

const objects = async ({ data }: MachineSettings): Promise<Finding> => {
  if (!(await hasStore(data))) return well('none yet')
  const { read, unsound } = await unsoundObjects(data)
  return unsound.length === 0 ? well(`${read} are as they were stored`) : ill(named(unsound))
}

const EXAMINATIONS: [name: string, examine: (settings: MachineSettings) => Promise<Finding>][] = [
  ['Node', async () => well(process.versions.node)],
  ['Packages', async () => ((await isStamped()) ? well('as the lock asks') : doubtful('not as the lock asks: npm start installs them'))],
  ['Web app', async () => ((await isWebBuilt()) ? well('built') : doubtful('not built from these sources: npm start builds it'))],
  ['Data', async ({ data }) => well(await checkDataFolder(data))],
  ['Databases', databases],
  ['Disk', disk],
  // Taken is as it should be while the school is open.
  ['Port', ({ port }) => checkPort(port).then(well, (error: Error) => doubtful(error.message))],
  ['FFmpeg', ffmpeg],
]

/** What takes as long as reading the whole store. */
const THOROUGH: typeof EXAMINATIONS = [['Objects', objects]]

const SIGNS = { well: green('✓'), doubtful: yellow('!'), ill: red('✗') }

export const doctor: Verb = {
  name: 'doctor',
  says: 'looks for what would keep the school from opening or from making videos',
  help: `
npm run lectern -- doctor [--thorough]

Looks at Node, packages, the web app, the data folder (making it if need be), its databases page by page, free disk, the port and FFmpeg.
--thorough reads every object of the store as well, films among them, and names each whose bytes have changed.
Reads the same environment as npm start: PORT, LECTERN_DATA, FFMPEG_PATH, …
Ends with 1 where something is in the way.`,
  async run(args) {
    const settings = readSettings(process.env)
    const findings: Finding[] = []
    say()
    const examinations = args.includes('--thorough') ? [...EXAMINATIONS, ...THOROUGH] : EXAMINATIONS
    for (const [name, examine] of examinations) {
      const finding = await examine(settings).catch((error: Error) => ill(error.message))
      findings.push(finding)
      say(`${SIGNS[finding.state]} ${name.padEnd(10)} ${finding.says}`)
    }
    say()
    return findings.some(({ state }) => state === 'ill') ? 1 : 0
  },
}
