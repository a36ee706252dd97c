import { isNodeRecent } from './guard.mjs'

// Imported only then: an old Node could not even read it.
if (isNodeRecent()) void import('./endurance.mjs').then(({ runSoak }) => runSoak(process.argv.slice(2)))
