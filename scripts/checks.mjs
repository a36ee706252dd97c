import { join } from 'node:path'
import { checkLock } from './lock.mjs'
import { buildWeb, root, schoolEnvironment, schoolNode } from './setup.mjs'
import { run, step, Trouble } from './terminal.mjs'

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

/** @type {Promise<string> | undefined} */
let building
/** The web app is built once, whoever asks first. */
const webBuilt = () => {
  building ??= buildWeb()
  return building
}

/** @typedef {{ name: string, doing: string, work: () => Promise<string>, isSlow?: true, isLate?: true }} Check */

/**
 * What must hold of the text alone, in the order of how soon it tells. Each counts as one test. The slow ones, which keep one core
 * busy for half a minute, are begun with the first; the late one of them may end beside the tests, which need nothing of it.
 * @type {Check[]}
 */
export const CHECKS = [
  { name: 'Lock', doing: 'looking for builds that are missing', work: checkLock },
  {
    name: 'Types',
    doing: 'checking',
    work: () => tool('The types do not hold:', [join(packages, '@typescript', 'native', 'bin', 'tsc'), '-p', '.', '--pretty', 'false']),
  },
  {
    name: 'Lint',
    doing: 'checking',
    work: () =>
      tool('Biome found:', [join(packages, '@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '--colors=off', '--max-diagnostics=40', '.']),
  },
  { name: 'Generated', doing: 'checking', work: () => tool('Generated files are out of date. Run: npm run gen', [join(root, 'scripts', 'gen.ts'), '--check']) },
  { name: 'Web app', doing: 'building', isSlow: true, work: webBuilt },
  {
    name: 'Web types',
    doing: 'checking',
    isSlow: true,
    isLate: true,
    work: async () => {
      // The interface's types are partly written by its build; where that fails, it says so itself.
      await webBuilt().catch(() => undefined)
      return tool('The types of the web app do not hold:', [join(packages, 'vue-tsc', 'bin', 'vue-tsc.js'), '-p', 'web', '--pretty', 'false'])
    },
  },
]

/** Begun now, told of when its turn comes. @param {Check} check */
const begin = ({ work }) => {
  const begun = work()
  begun.catch(() => undefined)
  return () => begun
}

/** Begins those that are slow. @param {Check[]} checks */
export const begun = (checks) => checks.map((check) => (check.isSlow ? { ...check, work: begin(check) } : check))

/**
 * Runs checks one after another; a failure is printed and the next one runs all the same.
 * @param {Check[]} checks
 */
export const runChecks = async (checks) => {
  /** @type {{ passed: number, failed: number, failures: { name: string, place: string }[] }} */
  const counts = { passed: 0, failed: 0, failures: [] }
  for (const { name, doing, work } of checks) {
    try {
      await step(name, doing, work)
      counts.passed += 1
    } catch (error) {
      counts.failed += 1
      counts.failures.push({ name, place: 'a check' })
      const lines = error instanceof Trouble ? [error.message, ...error.details.split('\n')] : [String(error instanceof Error ? error.stack : error)]
      process.stdout.write(`${lines.map((line) => `    ${line}`).join('\n')}\n`)
    }
  }
  return counts
}
