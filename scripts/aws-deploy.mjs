import { installPackages } from './setup.mjs'
import { step } from './terminal.mjs'

/** What speaks to an account; scripts/aws/verbs.ts has the work. */
const NAMES = /** @type {const} */ (['diff', 'deploy', 'outputs', 'destroy', 'secrets', 'keys'])

/**
 * These verbs for the one program of the AWS home. `making` is how it makes bundles and templates.
 * @param {import('./aws/real-tools.ts').Making} making
 * @returns {Record<string, (args: readonly string[]) => Promise<void>>}
 */
export const deployVerbs = (making) =>
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      async (args) => {
        await step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: true }))
        // Imported only then: it is made of those packages.
        const { runVerb } = await import('./aws/verbs.ts')
        await runVerb(name, args, making)
      },
    ]),
  )
