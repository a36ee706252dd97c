import { spawn } from 'node:child_process'
import { access, rm } from 'node:fs/promises'
import { delimiter, dirname, join, relative } from 'node:path'
import { deployVerbs } from './aws-deploy.mjs'
import { installPackages, isInstalled, npm, root, schoolEnvironment, schoolNode, textOf } from './setup.mjs'
import { runAwsSuite } from './suite.mjs'
import { bold, end, run, say, step, Trouble } from './terminal.mjs'

const amplify = join(root, 'amplify')
const STAGES = ['staging', 'production']
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
const inAmplify = async (/** @type {readonly string[]} */ args, /** @type {Record<string, string>} */ more = {}) => {
  const node = await schoolNode()
  const env = { ...schoolEnvironment(), PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`, ...more }
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
 * What was said as `-c name=value`.
 * @param {readonly string[]} args
 */
const contextOf = (args) => {
  const pairs = args.filter((arg) => arg !== '-c').map((arg) => /^([\w.:/@-]+)=([\s\S]*)$/.exec(arg))
  if (pairs.includes(null)) throw new Trouble('Say what differs as: npm run aws:synth -- production -c domain=school.example -c certificate=arn:…')
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]))
}

/**
 * The templates of one stage in `amplify/cdk.out`, checked by CloudFormation's own rules and two packs of cdk-nag's. The program is run
 * as the CDK's own would run it, which takes a third more time; whatever deploys is given the folder.
 * @param {string} stage
 * @param {readonly string[]} args
 */
export const synthesise = async (stage, args, folder = join(amplify, 'cdk.out')) => {
  const { context } = JSON.parse((await textOf(join(amplify, 'cdk.json'))) ?? '{}')
  const wanted = { ...context, ...contextOf(args), stage, 'amplify-backend-name': stage }
  await rm(folder, { recursive: true, force: true })
  const { code, output } = await inAmplify(['backend.ts'], { CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(wanted), CDK_VALIDATION: 'true' })
  // What was asked for is wrong, and says so in a sentence: nobody needs the stack around it.
  const asked = /PlanError: (.+)/.exec(output)?.[1]
  if (code !== 0) throw asked === undefined ? new Trouble('The templates do not hold. The CDK said:', output) : new Trouble(asked)
  return `${relative(root, folder)} holds ${stage}`
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

const TYPES = {
  name: 'Types',
  doing: 'checking',
  work: async () => {
    const { code, output } = await inAmplify([join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc'), '-p', '.', '--pretty', 'false'])
    if (code !== 0) throw new Trouble('The types of the infrastructure do not hold:', output)
    return 'clean'
  },
}

/** @param {readonly string[]} paths */
const test = async (paths) => {
  say()
  say(bold('The AWS home'))
  await runAwsSuite({ prepare: prepareAws, checks: [TYPES], paths })
}

/** The school on AWS without AWS: its templates, its bundles and its journeys on this machine. */
const rehearse = async () => {
  say()
  say(bold('The AWS home, rehearsed'))
  await prepareAws()
  const program = join(root, 'test', 'aws', 'rehearsal', 'rehearse.ts')
  const child = spawn(await schoolNode(), [program], { cwd: root, env: schoolEnvironment(), stdio: ['ignore', 'inherit', 'inherit'] })
  process.exitCode = await new Promise((ended) => child.on('error', () => ended(127)).on('close', (code) => ended(code ?? 1)))
}

/** @type {Record<string, (args: readonly string[]) => Promise<void>>} */
const VERBS = { synth, rehearse, test, ...deployVerbs({ prepareAws, synthesise }) }

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
