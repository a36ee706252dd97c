import { BELOW, doubtful, type Finding as Found, ill, well } from '#homes/findings.ts'
import { type Ailment, givenUp, leftovers, lostObjects, openSecretFiles, orphans } from '#homes/machine/ailments.ts'
import { systemClock } from '#homes/machine/clock.ts'
import { missingPages } from '#homes/machine/missing-pages.ts'
import { damagedFinding, diskFinding, ffmpegFinding } from '#homes/machine/premises.ts'
import { type MachineSettings, readSettings } from '#homes/machine/settings.ts'
import { standings } from '#homes/machine/shape.ts'
import { refuseNewer, SHAPES } from '#homes/machine/shapes.ts'
import { hasStore, unsoundDatabases, unsoundObjects } from '#homes/machine/soundness.ts'
import { checkDataFolder, checkPort, isStamped, isWebBuilt } from '../setup.mjs'
import { green, red, say, yellow } from '../terminal.mjs'
import type { Verb } from './verb.ts'

/** `mend`: what puts it right without anybody's decision, and answers what it did. */
type Finding = Found & { mend?: (() => Promise<string>) | undefined }

const databases = async ({ data }: MachineSettings): Promise<Finding> => {
  const unsound = await unsoundDatabases(data)
  return unsound.length === 0 ? well('hold together') : damagedFinding(unsound)
}

const objects = async ({ data }: MachineSettings): Promise<Finding> => {
  if (!(await hasStore(data))) return well('none yet')
  const { read, unsound } = await unsoundObjects(data)
  return unsound.length === 0 ? well(`${read} are as they were stored`) : damagedFinding(unsound)
}

/** How far the databases are behind this version; a later one's are refused. */
const version = async ({ data }: MachineSettings): Promise<Finding> => {
  const behind = (await standings(data, SHAPES)).filter(({ lacks }) => lacks.length > 0)
  if (behind.length === 0) return well('the databases are of this version')
  return doubtful(`${behind.map(({ file }) => file).join(', ')}: of an earlier version. npm run lectern -- upgrade --dry-run shows what is to be done`)
}

const FEW = 5

const ailing = (found: Ailment | undefined, sound: string, state: typeof doubtful | typeof ill = doubtful): Finding => {
  if (!found) return well(sound)
  const { says, names, mend, advice } = found
  const listed = `${names.slice(0, FEW).join(', ')}${names.length > FEW ? ` and ${names.length - FEW} more` : ''}`
  return { ...state(`${names.length} ${says}: ${listed}${advice === undefined ? '' : `${BELOW}${advice}`}`), mend }
}

const TOLD: [name: string, examine: (settings: MachineSettings) => Promise<Finding>][] = [
  ['Version', version],
  ['Secrets', async ({ data }) => ailing(await openSecretFiles({ data, clock: systemClock }), 'are for their owner alone')],
  ['Leftovers', async ({ data }) => ailing(await leftovers({ data, clock: systemClock }), 'none')],
  ['Lost', async ({ data }) => ailing(await lostObjects({ data, clock: systemClock }), 'no object is without its file', ill)],
  ['Orphans', async ({ data }) => ailing(await orphans({ data, clock: systemClock }), 'none')],
  ['Given up', async ({ data }) => ailing(await givenUp({ data, clock: systemClock }), 'nothing')],
  ['Pages', async (settings) => ailing(await missingPages(settings), 'of what is published are there, or being written')],
]

const EXAMINATIONS: [name: string, examine: (settings: MachineSettings) => Promise<Finding>][] = [
  ['Node', async () => well(process.versions.node)],
  ['Packages', async () => ((await isStamped()) ? well('as the lock asks') : doubtful('not as the lock asks: npm start installs them'))],
  ['Web app', async () => ((await isWebBuilt()) ? well('built') : doubtful('not built from these sources: npm start builds it'))],
  ['Data', async ({ data }) => well(await checkDataFolder(data))],
  ...TOLD,
  ['Databases', databases],
  ['Disk', diskFinding],
  // Taken is as it should be while the school is open.
  ['Port', ({ port }) => checkPort(port).then(well, (error: Error) => doubtful(error.message))],
  ['FFmpeg', ffmpegFinding],
]

/** What takes as long as reading the whole store. */
const THOROUGH: typeof EXAMINATIONS = [['Objects', objects]]

const SIGNS = { well: green('✓'), doubtful: yellow('!'), ill: red('✗') }

const line = (name: string, { state, says }: Finding): void => {
  say(`${SIGNS[state]} ${name.padEnd(10)} ${says}`)
}

const told = (name: string, finding: Finding): Finding => {
  line(name, finding.mend ? { ...finding, says: `${finding.says}${BELOW}doctor --fix mends it` } : finding)
  return finding
}

const mended = async (name: string, finding: Finding): Promise<Finding> => {
  if (!finding.mend) return told(name, finding)
  const outcome = await finding.mend().then(
    (done) => well(`${finding.says}${BELOW}mended: they ${done}`),
    (error: Error) => ill(`${finding.says}${BELOW}not mended: ${error.message}`),
  )
  line(name, outcome)
  return outcome
}

export const doctor: Verb = {
  name: 'doctor',
  says: 'looks for what would keep the school from opening or from making videos',
  help: `
npm run lectern -- doctor [--thorough] [--fix]

Looks at Node, packages, the web app, the data folder (making it if need be), its databases page by page, free disk, the port and FFmpeg.
--thorough reads every object of the store as well, films among them, and names each whose bytes have changed.
Reads the same environment as npm start: PORT, LECTERN_DATA, FFMPEG_PATH, …
--fix mends what can be mended without anybody's decision, and says what it did: rights of files with secrets in them, what killed programs left,
files of the store that have belonged to nothing for a day, pages of published courses that are not there. Nothing that anything refers to is
removed, and dead letters are told of, never tried again. The school may be open.
Ends with 1 where something is in the way.`,
  async run(args) {
    const settings = readSettings(process.env)
    const findings: Finding[] = []
    say()
    // What a later version refers to is not known here, so that anything of its might seem to belong to nothing.
    const mends =
      args.includes('--fix') &&
      (await refuseNewer(settings.data).then(
        () => true,
        () => false,
      ))
    const examinations = args.includes('--thorough') ? [...EXAMINATIONS, ...THOROUGH] : EXAMINATIONS
    for (const [name, examine] of examinations) {
      const finding = await examine(settings).catch((error: Error) => ill(error.message))
      findings.push(mends ? await mended(name, finding) : told(name, finding))
    }
    say()
    return findings.some(({ state }) => state === 'ill') ? 1 : 0
  },
}
