import { handOver } from './hand-over.mjs'
import { buildWeb, installPackages } from './setup.mjs'
import { end, step } from './terminal.mjs'

/** What `npm run soak` does: sees to packages and pages, and hands over. @param {readonly string[]} args */
export const runSoak = async (args) => {
  const isHelp = args.includes('--help')
  return step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: true }))
    .then(() => (isHelp ? undefined : step('Web app', 'building', buildWeb)))
    .then(() => handOver(['bench', 'soak', 'main.ts'], args))
    .catch(end)
}
