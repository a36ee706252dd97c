import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { installPackages, root, schoolEnvironment, schoolNode } from './setup.mjs'
import { end, step } from './terminal.mjs'

/** @param {readonly string[]} args */
const run = async (args) => {
  const simulation = spawn(await schoolNode(), [join(root, 'test', 'simulation', 'main.ts'), ...args], {
    cwd: root,
    env: schoolEnvironment(),
    stdio: 'inherit',
  })
  process.on('SIGINT', () => process.stdin.isTTY || simulation.kill('SIGINT'))
  process.on('SIGTERM', () => simulation.kill('SIGTERM'))
  simulation.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]))
}

/** What `npm run simulate` does: sees to the packages, and hands over. @param {readonly string[]} args */
export const runSimulations = async (args) =>
  step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: false }))
    .then(() => run(args))
    .catch(end)
