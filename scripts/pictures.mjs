import { handOver } from './hand-over.mjs'
import { buildWeb, installPackages } from './setup.mjs'
import { end, step } from './terminal.mjs'

/** What `npm run screens` does: sees to packages (a browser among them) and pages, and hands over. */
export const takePictures = async () =>
  step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: true }))
    .then(() => step('Web app', 'building', buildWeb))
    .then(() => handOver(['test', 'screens', 'main.ts'], []))
    .catch(end)
