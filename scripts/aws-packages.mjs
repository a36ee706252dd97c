import { delimiter, dirname, join } from 'node:path'
import { installPackages, isInstalled, npm, root, schoolEnvironment, schoolNode, textOf } from './setup.mjs'
import { run, step, Trouble } from './terminal.mjs'

export const amplify = join(root, 'amplify')

const install = async () => {
  const lock = await textOf(join(amplify, 'package-lock.json'))
  if (lock === undefined) throw new Trouble('amplify/package-lock.json is missing: is this a whole copy of the project?')
  if (await isInstalled(lock, true, join(amplify, 'node_modules'))) return 'already there'
  await npm(['ci'], amplify)
  return 'installed'
}

/** @type {Promise<string> | undefined} */
let installing
/** What a deployment needs and a school at home does not: installed once, whoever asks first. */
export const installAmplify = () => {
  installing ??= install()
  return installing
}

/** A program of ours or of the packages in `amplify/`, by the school's Node, with that Node first where programs are looked for. */
export const inAmplify = async (/** @type {readonly string[]} */ args, /** @type {Record<string, string>} */ more = {}) => {
  const node = await schoolNode()
  const env = { ...schoolEnvironment(), PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`, ...more }
  return run(node, args, { cwd: amplify, env })
}

const bundle = async () => {
  const script = join(amplify, 'bundle.ts')
  const { code, output } = await inAmplify([script])
  if (code !== 0) throw new Trouble('The functions could not be bundled. esbuild said:', output)
  return 'made'
}

/** Everything of this home that is not in the packages of the school. */
export const prepareAws = async () => {
  await step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: true }))
  await step('AWS', 'installing a gigabyte of packages (once, some minutes)', installAmplify)
  await step('Bundles', 'making', bundle)
}

/** The functions, without which no test of this home can begin. */
export const BUNDLES = { name: 'Bundles', work: () => installAmplify().then(bundle) }

/** What must hold of the infrastructure's text alone. */
export const TYPES = {
  name: 'AWS types',
  work: async () => {
    const { code, output } = await inAmplify([join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc'), '-p', '.', '--pretty', 'false'])
    if (code !== 0) throw new Trouble('The types of the infrastructure do not hold:', output)
    return 'clean'
  },
}
