import { checkOf, DELIVERIES, deliveriesFinding, doubtful, type Finding, ill, well } from '#core/operations/findings.ts'
import { givenUp, type Mendable } from '#homes/machine/ailments.ts'
import { CHECKS, type MachineCheck } from '#homes/machine/checks.ts'
import { damagedFinding } from '#homes/machine/long-checks.ts'
import { databaseVersions } from '#homes/machine/migrate.ts'
import { MIGRATIONS, refuseNewer } from '#homes/machine/migrations.ts'
import { type MachineSettings, readSettings } from '#homes/machine/settings.ts'
import { hasStore, unsoundObjects } from '#homes/machine/soundness.ts'
import { checkDataFolder, checkPort, isStamped, isWebBuilt } from '../setup.mjs'
import { green, red, say, yellow } from '../terminal.mjs'
import type { Verb } from './verb.ts'

const objects = async ({ data }: MachineSettings): Promise<Mendable> => {
  if (!(await hasStore(data))) return well('none yet')
  const { read, unsound } = await unsoundObjects(data)
  return unsound.length === 0 ? well(`${read} are as they were stored`) : damagedFinding(unsound)
}

/** How far the databases are behind this version; a later one's are refused. */
const version = async ({ data }: MachineSettings): Promise<Mendable> => {
  const behind = (await databaseVersions(data, MIGRATIONS)).filter(({ lacks }) => lacks.length > 0)
  if (behind.length === 0) return well('the databases are of this version')
  return doubtful(`${behind.map(({ file }) => file).join(', ')}: of an earlier version. npm run lectern -- upgrade --dry-run shows what is to be done`)
}

/** An open school tells of them by itself. */
const deliveries = async ({ data }: MachineSettings): Promise<Mendable> => {
  const finding = deliveriesFinding(await givenUp({ data }))
  return { ...finding, advice: finding.advice && `${finding.advice}: npm run lectern -- deadletters` }
}

/** What only matters before a school opens, and what it tells of by itself once it is open. */
const BEFORE: readonly MachineCheck[] = [
  { name: 'Packages', find: async () => ((await isStamped()) ? well('as the lock asks') : doubtful('not as the lock asks: npm start installs them')) },
  { name: 'Web app', find: async () => ((await isWebBuilt()) ? well('built') : doubtful('not built from these sources: npm start builds it')) },
  { name: 'Data', find: async ({ data }) => well(await checkDataFolder(data)) },
  { name: 'Version', find: version },
  { name: DELIVERIES, find: deliveries },
  // Taken is as it should be while the school is open.
  { name: 'Port', find: ({ port }) => checkPort(port).then(well, (error: Error) => doubtful(error.message)) },
]

/** What takes as long as reading the whole store. */
const THOROUGH: readonly MachineCheck[] = [{ name: 'Objects', find: objects }]

const SIGNS = { well: green('✓'), doubtful: yellow('!'), ill: red('✗') }

const WIDTH = 13

/** Under what is said first: beside the sign and the name. */
const BELOW = `\n${' '.repeat(WIDTH + 5)}`

const line = (name: string, finding: Finding): void => {
  const { state, says } = checkOf(name, finding)
  say(`${SIGNS[state]} ${name.padEnd(WIDTH)} ${says.replaceAll('\n', BELOW)}`)
}

const mended = async ({ says, mend, ...rest }: Mendable): Promise<Finding> => {
  if (!mend) return { says, ...rest }
  return mend().then(
    (done) => ({ ...well(says), advice: `mended: they ${done}` }),
    (error: Error) => ({ ...ill(says), advice: `not mended: ${error.message}` }),
  )
}

export const doctor: Verb = {
  name: 'doctor',
  says: 'looks for what would keep the school from opening or from making videos',
  help: `
npm run lectern -- doctor [--thorough] [--fix]

Looks at Node, packages, the web app, the data folder (making it if need be), its databases page by page, free disk, the port, FFmpeg, mail and payments.
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
    for (const { name, find } of [...BEFORE, ...CHECKS, ...(args.includes('--thorough') ? THOROUGH : [])]) {
      const found: Mendable = await find(settings).catch((error: Error) => ill(error.message))
      const finding = mends ? await mended(found) : found
      line(name, finding)
      findings.push(finding)
    }
    say()
    return findings.some(({ state }) => state === 'ill') ? 1 : 0
  },
}
