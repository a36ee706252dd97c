import { handOver } from './hand-over.mjs'
import { installPackages } from './setup.mjs'
import { end, step } from './terminal.mjs'

/** What `npm run simulate` does: sees to the packages, and hands over. @param {readonly string[]} args */
export const runSimulations = async (args) =>
  step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: false }))
    .then(() => handOver(['test', 'simulation', 'main.ts'], args))
    .catch(end)
