import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { DEPLOY_VERBS } from './aws-deploy.mjs'
import { AWS_HELP } from './aws-help.mjs'
import { amplify, inAmplify, prepareAws } from './aws-packages.mjs'
import { root, runProgram, textOf } from './setup.mjs'
import { runAwsSuite } from './suite.mjs'
import { bold, end, say, step, Trouble } from './terminal.mjs'

const STAGES = ['staging', 'production']

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

/** @param {readonly string[]} paths */
const test = async (paths) => {
  say()
  say(bold('The AWS home'))
  await runAwsSuite(paths)
}

/** The school on AWS without AWS: its templates, its bundles and its journeys on this machine. */
const rehearse = async () => {
  say()
  say(bold('The AWS home, rehearsed'))
  await prepareAws()
  await runProgram([join(root, 'test', 'aws', 'rehearsal', 'rehearse.ts')], 'ignore')
}

/** @type {Record<string, (args: readonly string[]) => Promise<void>>} */
const VERBS = { synth, rehearse, test, ...DEPLOY_VERBS }

/** @param {readonly string[]} args */
export const runAws = async ([verb = '', ...args]) => {
  try {
    const work = VERBS[verb]
    if (!work) throw new Trouble(`"${verb}" is nothing the AWS home can do. Try one of: ${Object.keys(VERBS).join(', ')}; each explains itself with --help`)
    if (args.includes('--help')) process.stdout.write(`\n${(AWS_HELP[verb] ?? '').replace(/^(?=.)/gm, '  ')}\n\n`)
    else await work(args)
  } catch (error) {
    end(error)
  }
}
