import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { installAmplify, prepareAws, TYPES } from './aws-packages.mjs'
import { begun, CHECKS, runChecks } from './checks.mjs'
import { fillsMachine } from './journeys.mjs'
import { buildWeb, installPackages, root, schoolEnvironment, schoolNode } from './setup.mjs'
import { bold, red, say, step, Trouble, yellow } from './terminal.mjs'

const TEST_TIMEOUT_MS = 120_000
/** A journey encodes real films, on whatever machine it is. */
const JOURNEY_TIMEOUT_MS = 300_000
const NOT_OURS = new Set(['node_modules', 'dist', 'data', 'coverage', 'cdk.out'])

/** Tests of the AWS home: what they need is installed by `npm run test:aws`, and by nothing else. */
const AWS = ['homes/aws', 'test/aws', 'amplify'].map((folder) => join(folder, ''))

/** @typedef {import('./reporter.mjs').Counts} Counts */
/** @typedef {(counts: Pick<Counts, 'passed' | 'failed'> & Partial<Counts>) => void} Adding */

/** @type {Counts} */
const NONE = { passed: 0, failed: 0, skipped: [], failures: [] }

/**
 * The test files at or below a path, sorted.
 * @param {string} path
 * @returns {Promise<string[]>} relative to the root
 */
const testFiles = async (path) => {
  const found = await stat(path).catch(() => {
    throw new Trouble(`There is no ${relative(root, path)}.`)
  })
  if (found.isFile()) return [relative(root, path)]
  const entries = await readdir(path, { withFileTypes: true })
  const ours = entries.filter(({ name }) => !name.startsWith('.') && !NOT_OURS.has(name))
  const below = ours.filter((entry) => entry.isDirectory() || entry.name.endsWith('.test.ts')).map(({ name }) => testFiles(join(path, name)))
  return (await Promise.all(below)).flat().sort()
}

/**
 * @param {readonly string[]} files
 * @param {{ title: string, atOnce: number, timeoutMs: number }} options
 * @returns {Promise<Counts>}
 */
const runTests = async (files, { title, atOnce, timeoutMs }) => {
  if (files.length === 0) return structuredClone(NONE)
  say()
  say(bold(title))
  const folder = await mkdtemp(join(tmpdir(), 'lectern-test-'))
  const told = join(folder, 'counts.json')
  const how = [
    `--test-concurrency=${atOnce}`,
    `--test-timeout=${timeoutMs}`,
    `--test-reporter=${join(root, 'scripts', 'reporter.mjs')}`,
    '--test-reporter-destination=stdout',
  ]
  const env = { ...schoolEnvironment(), LECTERN_TEST_COUNTS: told }
  const runner = spawn(await schoolNode(), ['--test', ...how, ...files], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise((done) => runner.on('close', done))
  /** @type {Counts} */
  const counts = JSON.parse(await readFile(told, 'utf8').catch(() => JSON.stringify(NONE)))
  await rm(folder, { recursive: true, force: true })
  if (code === 0 || counts.failed > 0) return counts
  say(red(`The test runner ended with ${code} and named no failed test.`))
  return { ...counts, failed: 1 }
}

/** @param {Counts} counts */
const close = ({ passed, failed, skipped, failures }) => {
  say()
  for (const { name, reason } of skipped) say(`${yellow('–')} skipped: ${name} (${reason})`)
  // Told in full where it happened, which is far above by now.
  for (const { name, place } of failures) say(`${red('✗')} failed: ${name} (${place})`)
  if (passed + failed === 0) say(red('No test ran.'))
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}\n`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}

/** @param {string} file */
const isOfAws = (file) => AWS.some((folder) => file.startsWith(folder))

/** @param {readonly string[]} paths @param {(file: string) => boolean} isWanted those of all that are run where no path is given */
const filesOf = async (paths, isWanted) => {
  const found = (await Promise.all((paths.length > 0 ? paths : ['.']).map((path) => testFiles(resolve(root, path))))).flat()
  return paths.length > 0 ? found : found.filter(isWanted)
}

/** @param {string} file */
const isJourney = (file) => file.startsWith(join('test', 'journeys'))

/** @param {readonly string[]} files @param {Adding} add */
const runMany = async (files, add) => add(await runTests(files, { title: 'Tests', atOnce: 2, timeoutMs: TEST_TIMEOUT_MS }))

/** @param {readonly string[]} journeys @param {Adding} add */
const runJourneys = async (journeys, add) => {
  if (journeys.length === 0) return
  await step('Web app', 'building', buildWeb)
  const filling = await Promise.all(journeys.map((file) => fillsMachine(join(root, file))))
  // Each drives a browser and a whole school: two are as many as a small machine bears, and one while long films are encoded.
  const light = journeys.filter((_, at) => !filling[at])
  add(await runTests(light, { title: 'Journeys', atOnce: 2, timeoutMs: JOURNEY_TIMEOUT_MS }))
  const heavy = journeys.filter((_, at) => filling[at])
  add(await runTests(heavy, { title: 'Journeys with long films', atOnce: 1, timeoutMs: JOURNEY_TIMEOUT_MS }))
}

/** @param {readonly string[]} paths @param {Adding} add */
const runAwsTests = async (paths, add) => {
  say()
  say(bold('The AWS home'))
  await prepareAws()
  if (paths.length === 0) add(await runChecks([TYPES]))
  await runMany(await filesOf(paths, isOfAws), add)
}

/**
 * Runs tests and says at the end how many held. Expected trouble is one that failed.
 * @param {(add: Adding) => Promise<void>} work
 */
const counted = async (work) => {
  /** @type {Counts} */
  const totals = structuredClone(NONE)
  /** @type {Adding} */
  const add = ({ passed, failed, skipped = [], failures = [] }) => {
    totals.passed += passed
    totals.failed += failed
    totals.skipped.push(...skipped)
    totals.failures.push(...failures)
  }
  try {
    await work(add)
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    say(red(error.message))
    say(error.details)
    add({ passed: 0, failed: 1 })
  }
  close(totals)
}

/**
 * What `npm run test:aws` does: work that counts as tests, then the tests of the AWS home, or those at or below some paths.
 * @param {readonly string[]} paths
 */
export const runAwsSuite = (paths) => counted((add) => runAwsTests(paths, add))

/**
 * What `npm test` does. `--checks` stops after the static checks; `--aws` adds the tests of the AWS home; paths run only the test
 * files at or below them.
 * @param {readonly string[]} args
 */
export const runSuite = (args) =>
  counted(async (add) => {
    const paths = args.filter((arg) => !arg.startsWith('--'))
    const isWhole = paths.length === 0
    const isForTests = !args.includes('--checks')
    const isWithAws = isForTests && args.includes('--aws')
    const [lock, ...afterwards] = CHECKS
    say()
    say(bold('Checks'))
    // The lock first: what it lacks would fail the install with a riddle.
    if (lock && isWhole) add(await runChecks([lock]))
    // Its packages take longer to arrive than all checks together; what goes wrong with them is told when they are needed.
    if (isWithAws) installAmplify().catch(() => undefined)
    await step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: true }))
    const checks = isWhole ? begun(afterwards) : []
    add(await runChecks(checks.filter(({ isLate }) => !isLate)))
    const files = isForTests ? await filesOf(paths, (file) => !isOfAws(file)) : []
    await runMany(
      files.filter((file) => !isJourney(file)),
      add,
    )
    add(await runChecks(checks.filter(({ isLate }) => isLate)))
    await runJourneys(files.filter(isJourney), add)
    if (isWithAws) await runAwsTests([], add)
  })
