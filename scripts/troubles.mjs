import { runSuite } from './suite.mjs'
import { end } from './terminal.mjs'

/** What `npm run faults` does: the tests below test/faults; `--long` with ten thousand idle connections. @param {readonly string[]} args */
export const runFaults = async (args) => {
  if (args.includes('--long')) process.env['LECTERN_IDLE'] = '10000'
  await runSuite(['test/faults']).catch(end)
}
