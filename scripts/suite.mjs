import { join, resolve } from 'node:path'
import { BUNDLES, installAmplify, prepareAws, TYPES } from './aws-packages.mjs'
import { CHECKS, LOCK, runCheck, WEB_APP } from './checks.mjs'
import { fillsCore, fillsMachine } from './journeys.mjs'
import { planned } from './lengths.mjs'
import { runPool } from './pool.mjs'
import { scratch } from './scratch.mjs'
import { buildWeb, installPackages, root } from './setup.mjs'
import { bold, dim, duration, progress, red, say, step, Trouble, wipe, yellow } from './terminal.mjs'
import { runFiles, testFiles } from './test-files.mjs'

/** They end what hangs, and judge nobody's speed: a file of many tests on a machine with much else to do takes minutes. */
const TEST_TIMEOUT_MS = 300_000
/** A journey encodes real films besides, and so does a rehearsal. */
const JOURNEY_TIMEOUT_MS = 600_000
/** Of these some are told at the end, so that whoever makes the suite slow sees it. */
const SLOWEST = 10

/** Tests of the AWS home: what they need is installed by `npm run test:aws`, and by nothing else. */
const AWS = ['homes/aws', 'test/aws', 'amplify'].map((folder) => join(folder, ''))

/** @typedef {import('./reporter.mjs').Counts} Counts */
/** @typedef {(counts: Pick<Counts, 'passed' | 'failed'> & Partial<Counts>) => void} Adding */
/** @typedef {import('./pool.mjs').Job} Job */
/** @typedef {{ add: Adding, scratch: Awaited<ReturnType<typeof scratch>> }} Run */

/** @param {Counts} counts */
const close = ({ passed, failed, skipped, failures, files }) => {
  say()
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)
  if (files.length > SLOWEST) say(bold('The slowest files'))
  if (files.length > SLOWEST) for (const { file, seconds } of slowest) say(`${duration(seconds * 1000).padStart(8)}  ${file}`)
  for (const { name, reason } of skipped) say(`${yellow('–')} skipped: ${name} (${reason})`)
  // Told in full where it happened, which is far above by now.
  for (const { name, place, reason } of failures) say(`${red('✗')} failed: ${name} (${place})${reason === '' ? '' : `\n    ${dim(reason)}`}`)
  if (passed + failed === 0) say(red('No test ran.'))
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}\n`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}

/** @param {string} file */
const isOfAws = (file) => AWS.some((folder) => file.startsWith(folder))

/** @param {string} file */
const isJourney = (file) => file.startsWith(join('test', 'journeys'))

/** Whether a file's school shows the built pages. @param {string} file */
const needsPages = (file) => isJourney(file) || file.startsWith(join('test', 'faults'))

/** @param {readonly string[]} paths @param {(file: string) => boolean} isWanted those of all that are run where no path is given */
const filesOf = async (paths, isWanted) => {
  const found = (await Promise.all((paths.length > 0 ? paths : ['.']).map((path) => testFiles(resolve(root, path))))).flat()
  return paths.length > 0 ? found : found.filter(isWanted)
}

/** @param {Run} run @param {{ printed: string, counts: Parameters<Adding>[0] }} told */
const tell = ({ add }, { printed, counts }) => {
  wipe()
  process.stdout.write(printed)
  add(counts)
}

/** A job, and its answer for what waits for it. @param {Job} job @returns {[Job, Promise<boolean>]} */
const answering = (job) => {
  /** @type {(isDone: boolean) => void} */
  let answer = () => {}
  /** @type {Promise<boolean>} */
  const promise = new Promise((resolved) => {
    answer = resolved
  })
  const work = async () => {
    const isDone = await job.work()
    answer(isDone)
    return isDone
  }
  return [{ ...job, work }, promise]
}

/** @param {Run} run @param {import('./checks.mjs').Check} check @param {Promise<boolean>} [after] @returns {Job} */
const checking = (run, check, after) => ({
  ...{ name: check.name, kind: 'check', ...(after && { after }) },
  work: async () => {
    const told = await runCheck(check)
    tell(run, told)
    return told.counts.failed === 0
  },
})

/** What a file of tests asks of the machine. @param {string} file @returns {Promise<Job['kind']>} */
const kindOf = async (file) => {
  if (!isJourney(file)) return 'test'
  if (await fillsMachine(join(root, file))) return 'heavy'
  return (await fillsCore(join(root, file))) ? 'encoding' : 'journey'
}

/**
 * The jobs of test files: the longest first, so that none stands alone at the end.
 * @param {Run} run
 * @param {readonly string[]} files
 * @param {Promise<boolean>} [after]
 * @returns {Promise<Job[]>}
 */
const testing = (run, files, after) =>
  Promise.all(
    planned(files, isJourney).map(async (some) => {
      const [first = ''] = some
      const timeoutMs = isJourney(first) || isOfAws(first) ? JOURNEY_TIMEOUT_MS : TEST_TIMEOUT_MS
      return {
        name: some.length > 1 ? `${first} and ${some.length - 1} more` : first,
        kind: await kindOf(first),
        ...(after && { after }),
        work: async () => {
          tell(run, await runFiles(some, { timeoutMs, ...run.scratch }))
          return true
        },
      }
    }),
  )

/** The jobs of the AWS home, whose bundles are there by then. @param {Run} run @param {readonly string[]} files @param {Promise<boolean>} [bundled] */
const testingAws = (run, files, bundled) => {
  const env = { ...run.scratch.env, LECTERN_BUNDLED: '1' }
  return testing({ ...run, scratch: { ...run.scratch, env } }, files, bundled)
}

/** @param {readonly Job[]} jobs */
const runJobs = async (jobs) => {
  /** @type {readonly string[]} */
  let names = []
  const stop = progress(() => names.join(', '))
  const leftOut = await runPool(jobs, (running) => {
    names = running
  })
  stop()
  if (leftOut.length > 0) say(red(`Not run after what failed: ${leftOut.join(', ')}`))
}

/**
 * Runs tests and says at the end how many held. Expected trouble is one that failed.
 * @param {(run: Run) => Promise<void>} work
 */
const counted = async (work) => {
  /** @type {Counts} */
  const totals = { passed: 0, failed: 0, skipped: [], failures: [], files: [] }
  /** @type {Adding} */
  const add = ({ passed, failed, skipped = [], failures = [], files = [] }) => {
    totals.passed += passed
    totals.failed += failed
    totals.skipped.push(...skipped)
    totals.failures.push(...failures)
    totals.files.push(...files)
  }
  const place = await scratch()
  try {
    await work({ add, scratch: place })
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    say(red(error.message))
    say(error.details)
    add({ passed: 0, failed: 1 })
  } finally {
    place.remove()
  }
  close(totals)
}

/**
 * What `npm run test:aws` does: work that counts as tests, then the tests of the AWS home, or those at or below some paths.
 * @param {readonly string[]} paths
 */
export const runAwsSuite = (paths) =>
  counted(async (run) => {
    await prepareAws()
    // People sign in with the pages that are deployed.
    await step('Web app', 'building', buildWeb)
    const types = paths.length === 0 ? [checking(run, TYPES)] : []
    await runJobs([...types, ...(await testingAws(run, await filesOf(paths, isOfAws)))])
  })

/** @param {Run} run @param {{ isWhole: boolean, isForTests: boolean, isWithAws: boolean }} how @param {readonly string[]} files */
const jobsOf = async (run, { isWhole, isForTests, isWithAws }, files) => {
  const [web, built] = answering(checking(run, WEB_APP))
  const checks = isWhole ? CHECKS.map((check) => checking(run, check, check.isAfterWeb && built)) : []
  const isWebNeeded = isWhole || isWithAws || files.some(needsPages)
  const first = isWebNeeded ? [web, ...checks] : []
  const tests = isForTests ? await testing(run, files, isWebNeeded ? built : undefined) : []
  if (!isWithAws) return [...first, ...tests]
  // Where they do not arrive, the bundles say why.
  const installed = installAmplify().then(
    () => true,
    () => true,
  )
  const [bundles, bundled] = answering(checking(run, BUNDLES, installed))
  const isReady = Promise.all([bundled, built]).then((all) => all.every(Boolean))
  const ofAws = await testingAws(run, await filesOf([], isOfAws), isReady)
  return [...first, bundles, checking(run, TYPES, installed), ...ofAws, ...tests]
}

/**
 * What `npm test` does. `--checks` stops after the static checks; `--aws` adds the tests of the AWS home; paths run only the test
 * files at or below them.
 * @param {readonly string[]} args
 */
export const runSuite = (args) =>
  counted(async (run) => {
    const paths = args.filter((arg) => !arg.startsWith('--'))
    const isWhole = paths.length === 0
    const isForTests = !args.includes('--checks')
    const isWithAws = isForTests && args.includes('--aws')
    say()
    say(bold('Checks and tests'))
    // The lock first: what it lacks would fail the install with a riddle.
    if (isWhole) tell(run, await runCheck(LOCK))
    // Its packages take longer to arrive than all checks together; what goes wrong with them is told when they are needed.
    if (isWithAws) installAmplify().catch(() => undefined)
    await step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: true }))
    const files = isForTests ? await filesOf(paths, (file) => !isOfAws(file)) : []
    await runJobs(await jobsOf(run, { isWhole, isForTests, isWithAws }, files))
  })
