import { doubtful, type Finding, ill, well } from '#homes/findings.ts'
import { damagedFinding, diskFinding, ffmpegFinding } from '#homes/machine/premises.ts'
import { type MachineSettings, readSettings } from '#homes/machine/settings.ts'
import { hasStore, unsoundDatabases, unsoundObjects } from '#homes/machine/soundness.ts'
import { checkDataFolder, checkPort, isStamped, isWebBuilt } from '../setup.mjs'
import { green, red, say, yellow } from '../terminal.mjs'
import type { Verb } from './verb.ts'

const databases = async ({ data }: MachineSettings): Promise<Finding> => {
  const unsound = await unsoundDatabases(data)
  return unsound.length === 0 ? well('hold together') : damagedFinding(unsound)
}

const objects = async ({ data }: MachineSettings): Promise<Finding> => {
  if (!(await hasStore(data))) return well('none yet')
  const { read, unsound } = await unsoundObjects(data)
  return unsound.length === 0 ? well(`${read} are as they were stored`) : damagedFinding(unsound)
}

const EXAMINATIONS: [name: string, examine: (settings: MachineSettings) => Promise<Finding>][] = [
  ['Node', async () => well(process.versions.node)],
  ['Packages', async () => ((await isStamped()) ? well('as the lock asks') : doubtful('not as the lock asks: npm start installs them'))],
  ['Web app', async () => ((await isWebBuilt()) ? well('built') : doubtful('not built from these sources: npm start builds it'))],
  ['Data', async ({ data }) => well(await checkDataFolder(data))],
  ['Databases', databases],
  ['Disk', diskFinding],
  // Taken is as it should be while the school is open.
  ['Port', ({ port }) => checkPort(port).then(well, (error: Error) => doubtful(error.message))],
  ['FFmpeg', ffmpegFinding],
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
