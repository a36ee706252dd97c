import { join } from 'node:path'
import { installPackages, root, runProgram } from './setup.mjs'
import { step } from './terminal.mjs'

/** What speaks to an account; scripts/aws/verbs.ts has the work. */
const NAMES = /** @type {const} */ (['diff', 'deploy', 'outputs', 'destroy', 'secrets', 'keys'])

/**
 * These verbs for the one program of the AWS home. Each is run by the school's own Node, which reads TypeScript.
 * @type {Record<string, (args: readonly string[]) => Promise<void>>}
 */
export const DEPLOY_VERBS = Object.fromEntries(
  NAMES.map((name) => [
    name,
    async (args) => {
      await step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: true }))
      await runProgram([join(root, 'scripts', 'aws', 'main.ts'), name, ...args])
    },
  ]),
)
