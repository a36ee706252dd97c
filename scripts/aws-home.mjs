import { access } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { installPackages, isInstalled, npm, root, schoolEnvironment, schoolNode, textOf } from './setup.mjs'
import { runTestsAt } from './suite.mjs'
import { bold, end, run, say, step, Trouble } from './terminal.mjs'

const amplify = join(root, 'amplify')
const STAGES = ['staging', 'production']
/** Where the tests of this home lie. `npm test` runs none of them: what they need is a gigabyte. */
const TESTS = ['homes/aws', 'test/aws', 'amplify']

/** What a deployment needs and a school at home does not. */
const installAmplify = async () => {
  const lock = await textOf(join(amplify, 'package-lock.json'))
  if (lock === undefined) throw new Trouble('amplify/package-lock.json is missing: is this a whole copy of the project?')
  if (await isInstalled(lock, true, join(amplify, 'node_modules'))) return 'already there'
  await npm(['ci'], amplify)
  return 'installed'
}

/** Everything of this home that is not in the packages of the school. */
export const prepareAws = async () => {
  await step('Packages', 'installing (the first time takes a minute or two)', () => installPackages({ dev: true }))
  await step('AWS', 'installing a gigabyte of packages (once, some minutes)', installAmplify)
  await step('Bundles', 'making', bundle)
}

/** A program of ours or of the packages in `amplify/`, by the school's Node, with that Node first where programs are looked for. */
const inAmplify = async (/** @type {readonly string[]} */ args) => {
  const node = await schoolNode()
  const env = { ...schoolEnvironment(), PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` }
  return run(node, args, { cwd: amplify, env })
}

const bundle = async () => {
  const script = join(amplify, 'bundle.ts')
  const isThere = await access(script).then(
    () => true,
    () => false,
  )
  if (!isThere) return 'none yet: the templates name a placeholder'
  const { code, output } = await inAmplify([script])
  if (code !== 0) throw new Trouble('The functions could not be bundled. esbuild said:', output)
  return 'made'
}

/**
 * The templates of one stage in `amplify/cdk.out`, checked by CloudFormation's own rules and two packs of cdk-nag's.
 * @param {string} stage
 * @param {readonly string[]} more passed to the CDK, such as `-c domain=school.example`
 */
const synthesise = async (stage, more) => {
  const cdk = join(amplify, 'node_modules', 'aws-cdk', 'bin', 'cdk')
  const context = ['-c', `stage=${stage}`, '-c', `amplify-backend-name=${stage}`]
  const { code, output } = await inAmplify([cdk, 'synth', '--quiet', '--no-notices', '--no-version-reporting', ...context, ...more])
  if (code !== 0) throw new Trouble('The templates do not hold. The CDK said:', output)
  return `amplify/cdk.out holds ${stage}`
}

/** @param {readonly string[]} args */
const stageOf = ([given = 'staging', ...more]) => {
  if (given.startsWith('-')) return { stage: 'staging', more: [given, ...more] }
  if (!STAGES.includes(given)) throw new Trouble(`There is no stage "${given}". Try: npm run aws:synth -- ${STAGES.join(' | ')}`)
  return { stage: given, more }
}

/** @param {readonly string[]} args */
const synth = async (args) => {
  const { stage, more } = stageOf(args)
  say()
  say(bold(`The AWS home, ${stage}`))
  await prepareAws()
  await step('Templates', 'making and checking', () => synthesise(stage, more))
}

/** @param {readonly string[]} paths */
const test = async (paths) => {
  say()
  say(bold('The AWS home'))
  await prepareAws()
  await runTestsAt(paths.length > 0 ? paths : TESTS)
}

/** @type {Record<string, (args: readonly string[]) => Promise<void>>} */
const VERBS = { synth, test }

/** @param {readonly string[]} args */
export const runAws = async ([verb = '', ...args]) => {
  try {
    const work = VERBS[verb]
    if (!work) throw new Trouble(`"${verb}" is nothing the AWS home can do. Try one of: ${Object.keys(VERBS).join(', ')}`)
    await work(args)
  } catch (error) {
    end(error)
  }
}
