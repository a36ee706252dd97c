import { isNodeRecent } from './guard.mjs'

// Imported only then: an old Node could not even read it.
if (isNodeRecent()) void import('./aws-home.mjs').then(({ runAws }) => runAws(process.argv.slice(2)))
