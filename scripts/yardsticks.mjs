import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { installPackages, root, schoolEnvironment, schoolNode } from './setup.mjs'
import { bold, end, say, step } from './terminal.mjs'

/** @param {readonly string[]} args */
const run = async (args) => {
  const bench = spawn(await schoolNode(), [join(root, 'bench', 'main.ts'), ...args], { cwd: root, env: schoolEnvironment(), stdio: 'inherit' })
  process.on('SIGINT', () => process.stdin.isTTY || bench.kill('SIGINT'))
  process.on('SIGTERM', () => bench.kill('SIGTERM'))
  bench.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]))
}

/** What `npm run bench` does: sees to the packages, and hands over. @param {readonly string[]} args */
export const runBenches = async (args) => {
  say()
  say(bold('Bench'))
  return step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: false }))
    .then(() => run(args))
    .catch(end)
}
