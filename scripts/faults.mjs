import { isNodeRecent } from './guard.mjs'

// Imported only then: an old Node could not even read it.
if (isNodeRecent()) void import('./troubles.mjs').then(({ runFaults }) => runFaults(process.argv.slice(2)))
