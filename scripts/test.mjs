import { isNodeRecent } from './guard.mjs'

// Imported only then: an old Node could not even read it.
if (isNodeRecent()) void import('./suite.mjs').then(({ runSuite }) => runSuite(process.argv.slice(2)))
