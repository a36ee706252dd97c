import { handOver } from './hand-over.mjs'
import { installPackages } from './setup.mjs'
import { bold, end, say, step } from './terminal.mjs'

/** What `npm run bench` does: sees to the packages, and hands over. @param {readonly string[]} args */
export const runBenches = async (args) => {
  say()
  say(bold('Bench'))
  return step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: false }))
    .then(() => handOver(['bench', 'main.ts'], args))
    .catch(end)
}
