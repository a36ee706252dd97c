import { isNodeRecent } from './guard.mjs'

// Imported only then: an old Node could not even read it.
if (isNodeRecent()) void import('./simulations.mjs').then(({ runSimulations }) => runSimulations(process.argv.slice(2)))
