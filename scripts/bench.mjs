import { isNodeRecent } from './guard.mjs'

// Imported only then: an old Node could not even read it.
if (isNodeRecent()) void import('./yardsticks.mjs').then(({ runBenches }) => runBenches(process.argv.slice(2)))
