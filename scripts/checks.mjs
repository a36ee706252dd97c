import { join } from 'node:path'
import { checkLock } from './lock.mjs'
import { buildWeb, root, schoolEnvironment, schoolNode } from './setup.mjs'
import { dim, duration, green, red, run, Trouble } from './terminal.mjs'

const packages = join(root, 'node_modules')

/**
 * Runs a tool's own script with the school's Node. Trouble carries what it found.
 * @param {string} trouble
 * @param {readonly string[]} args the script and its arguments
 */
const tool = async (trouble, args) => {
  const { code, output } = await run(await schoolNode(), args, { cwd: root, env: schoolEnvironment() })
  if (code !== 0) throw new Trouble(trouble, output)
  return 'clean'
}

/** @typedef {{ name: string, work: () => Promise<string> }} Check */

/** What the packages' lock must hold; it needs none of them. @type {Check} */
export const LOCK = { name: 'Lock', work: checkLock }

/** The pages, without which no journey can begin. @type {Check} */
export const WEB_APP = { name: 'Web app', work: buildWeb }

/**
 * What must hold of the text alone. The types of the web app are partly written by its build.
 * @type {(Check & { isAfterWeb?: true })[]}
 */
export const CHECKS = [
  {
    name: 'Types',
    work: () => tool('The types do not hold:', [join(packages, '@typescript', 'native', 'bin', 'tsc'), '-p', '.', '--pretty', 'false']),
  },
  {
    // What a newcomer starts is read by whatever Node the machine has, so it is held to the oldest that may.
    name: 'Launchers',
    work: () => tool('Older Node could not run these:', [join(packages, '@typescript', 'native', 'bin', 'tsc'), '-p', 'scripts', '--pretty', 'false']),
  },
  {
    name: 'Lint',
    work: () =>
      tool('Biome found:', [join(packages, '@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '--colors=off', '--max-diagnostics=40', '.']),
  },
  { name: 'Generated', work: () => tool('Generated files are out of date. Run: npm run gen', [join(root, 'scripts', 'gen.ts'), '--check']) },
  {
    name: 'Web types',
    isAfterWeb: true,
    work: () => tool('The types of the web app do not hold:', [join(packages, 'vue-tsc', 'bin', 'vue-tsc.js'), '-p', 'web', '--pretty', 'false']),
  },
]

/** @param {unknown} error */
const linesOf = (error) => (error instanceof Trouble ? [error.message, ...error.details.split('\n')] : [String(error instanceof Error ? error.stack : error)])

/**
 * Each counts as one test. What it found is in what is to be printed.
 * @param {Check} check
 */
export const runCheck = async ({ name, work }) => {
  const started = performance.now()
  const title = (/** @type {string} */ sign, /** @type {string} */ done) =>
    `  ${sign} ${name.padEnd(10)} ${done} ${dim(duration(performance.now() - started))}\n`
  try {
    const done = await work()
    return { printed: title(green('✓'), done), counts: { passed: 1, failed: 0, failures: [] } }
  } catch (error) {
    const found = linesOf(error).map((line) => `    ${line}\n`)
    return { printed: `${title(red('✗'), '')}${found.join('')}`, counts: { passed: 0, failed: 1, failures: [{ name, place: 'a check', reason: '' }] } }
  }
}
