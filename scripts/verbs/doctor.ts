import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type MachineSettings, readSettings } from '#homes/machine/settings.ts'
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

const EXAMINATIONS: [name: string, examine: (settings: MachineSettings) => Promise<Finding>][] = [
  ['Node', async () => well(process.versions.node)],
  ['Packages', async () => ((await isStamped()) ? well('as the lock asks') : doubtful('not as the lock asks: npm start installs them'))],
  ['Web app', async () => ((await isWebBuilt()) ? well('built') : doubtful('not built from these sources: npm start builds it'))],
  ['Data', async ({ data }) => well(await checkDataFolder(data))],
  ['Disk', disk],
  // Taken is as it should be while the school is open.
  ['Port', ({ port }) => checkPort(port).then(well, (error: Error) => doubtful(error.message))],
  ['FFmpeg', ffmpeg],
]

const SIGNS = { well: green('✓'), doubtful: yellow('!'), ill: red('✗') }

export const doctor: Verb = {
  name: 'doctor',
  says: 'looks for what would keep the school from opening or from making videos',
  help: `
npm run lectern -- doctor

Looks at Node, packages, the web app, the data folder (making it if need be), free disk, the port and FFmpeg.
Reads the same environment as npm start: PORT, LECTERN_DATA, FFMPEG_PATH, …
Ends with 1 where something is in the way.`,
  async run() {
    const settings = readSettings(process.env)
    const findings: Finding[] = []
    say()
    for (const [name, examine] of EXAMINATIONS) {
      const finding = await examine(settings).catch((error: Error) => ill(error.message))
      findings.push(finding)
      say(`${SIGNS[finding.state]} ${name.padEnd(10)} ${finding.says}`)
    }
    say()
    return findings.some(({ state }) => state === 'ill') ? 1 : 0
  },
}
