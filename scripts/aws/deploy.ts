import type { Concern, OUTPUTS } from '#homes/aws/outputs.ts'
import { keysOf, newPair, type Pair, publicHalves, putKeys } from '#homes/aws/rotation.ts'
import { deploySite } from '#homes/aws/site.ts'
import { refusePlaceholders } from './placeholders.ts'
import { DeployTrouble, makingWith, type Tools } from './tools.ts'
import { type Outputs, type Version, type Versions, versionsOf } from './versions.ts'
import { contextOf, type Wish } from './wish.ts'

type Deploying = { tools: Tools; wish: Wish; versions: Versions }

const stackOf = (stage: string, concern: string): string => `lectern-${stage}-${concern}`

const outputOf = <C extends Concern>(outputs: Outputs, stage: string, concern: C, name: (typeof OUTPUTS)[C][number]): string => {
  const found = outputs[stackOf(stage, concern)]?.[name]
  if (found === undefined) throw new DeployTrouble(`The stack ${stackOf(stage, concern)} does not tell its ${name}: was it deployed?`)
  return found
}

/** `20261128T181500Z-1a2b3c4`: sorted by time, and it says what was checked out. */
const versionName = (now: Date, commit: string): string => `${now.toISOString().replace(/[-:]|\.\d+/g, '')}-${commit}`

const isAtEase = ({ flags }: Wish): boolean => flags.has('--yes')

/** What is about to be changed for the wider in somebody's leave is asked about, unless nobody is there to be asked. */
const deployStacks = ({ tools, wish }: Deploying, assembly: string, outputs: string, stacks: readonly string[]): Promise<void> =>
  tools.cdk(['deploy', ...stacks, '--app', assembly, '--outputs-file', outputs, '--require-approval', isAtEase(wish) ? 'never' : 'broadening'])

const TRIES = 24
const TRY_EVERY_SECONDS = 5

/** The school answers by the address its learners use; a new name in DNS may take a while to be known. */
const smoke = async ({ say, status, wait }: Tools, url: string): Promise<void> => {
  say(`Asking ${url}/api/health whether the school is open`)
  let last: number | undefined
  for (let tried = 0; tried < TRIES; tried += 1) {
    last = await status(`${url}/api/health`)
    if (last === 200) return say('It is.')
    await wait(TRY_EVERY_SECONDS)
  }
  const why = last === 403 ? ' Does Cloudflare show the secret the school asks for?' : ''
  throw new DeployTrouble(
    `Deployed, but ${url}/api/health ${last === undefined ? 'does not answer' : `answers ${last}`}.${why} Roll back with --to, or look at the logs.`,
  )
}

/** The first deployment has to put the private halves into a secret that the store's stack makes, before anything signs with them. */
const firstKeys = async (deploying: Deploying, assembly: string, outputs: string, pair: Pair): Promise<void> => {
  const { tools, wish } = deploying
  tools.say('First deployment: the store and its secrets before the rest, so that the signing keys have a place')
  await deployStacks(deploying, assembly, outputs, ['--exclusively', stackOf(wish.stage, 'store')])
  await putKeys(tools.secrets, wish.stage, pair)
  tools.say('The signing keys were made here and are in Secrets Manager; their public halves are in the templates')
}

const urlOf = (context: Record<string, string>, outputs: Outputs, stage: string): string =>
  context['domain'] === undefined ? `https://${outputOf(outputs, stage, 'delivery', 'DistributionDomain')}` : `https://${context['domain']}`

/**
 * What the templates take from the deployment before, as the account tells it: another machine, or a runner that keeps nothing, may
 * have made that. Without it a school on CloudFront's own name would be told another address for as long as a deployment takes.
 */
export const toldBefore = async ({ outputs }: Tools, stage: string): Promise<Record<string, string>> => {
  const told = await outputs(stackOf(stage, 'delivery'))
  if (!told) return {}
  const all = { [stackOf(stage, 'delivery')]: told }
  return { distribution: outputOf(all, stage, 'delivery', 'DistributionId'), url: urlOf({}, all, stage) }
}

/** What only a first deployment can tell the templates: the distribution's id, and where there is no domain its name. */
const toldByOutputs = (context: Record<string, string>, outputs: Outputs, stage: string): Record<string, string> => ({
  ...context,
  distribution: outputOf(outputs, stage, 'delivery', 'DistributionId'),
  ...(context['domain'] === undefined && { url: urlOf(context, outputs, stage) }),
})

const put = async ({ tools, wish, versions }: Deploying, told: Version): Promise<void> => {
  const { site } = versions.placesOf(told.version)
  const outputs = await versions.outputsOf(told.version)
  const [bucket, table] = [outputOf(outputs, wish.stage, 'store', 'StoreBucket'), outputOf(outputs, wish.stage, 'data', 'TableName')]
  const url = urlOf(told.context, outputs, wish.stage)
  tools.say('Uploading the web app')
  // How long a file may be kept is all that is asked of the table of behaviours here: nothing of it is about hosts.
  const count = await deploySite({ ...tools.siteStore({ bucket, table }), settings: { url, mediaUrl: url, connects: [] } }, site)
  tools.say(`${count} files are there`)
  await smoke(tools, url)
  await versions.finish(told.version)
  tools.say(`${wish.stage} is at ${told.version}. Back to it from a later one: npm run aws:deploy -- ${wish.stage} --to ${told.version}`)
}

/** The templates of a stage, with every function in them. */
const makeTemplates = async ({ tools, wish }: Deploying, context: Record<string, string>, assembly: string): Promise<void> => {
  await tools.synthesise(wish.stage, context, assembly)
  await refusePlaceholders(assembly)
}

/** Whoever signs up with this address is the school's admin, and is written to when something is wrong: nobody would be, and nobody told. */
const refuseWithoutOwner = ({ owner }: Record<string, string>, stage: string): void => {
  if (owner === undefined || owner === '')
    throw new DeployTrouble(`Say whose school it is: { "owner": "you@example.com" } in amplify/stages/${stage}.json, or -c owner=you@example.com.`)
}

/** Makes and deploys a version with these keys. `isFirst`: nobody has put them into their secret yet. */
export const deployWith = async (deploying: Deploying, pair: Pair, isFirst: boolean): Promise<Version> => {
  const { tools, wish, versions } = deploying
  const given = await contextOf(wish, tools.stages)
  refuseWithoutOwner(given, wish.stage)
  const { site } = await tools.prepare()
  const context = { ...(await toldBefore(tools, wish.stage)), ...given, signingKeys: publicHalves(pair) }
  const version = versionName(tools.now(), await tools.commit())
  const { assembly, outputs } = await versions.begin(version, site)
  let told: Version = { version, commit: await tools.commit(), at: tools.now().toISOString(), keys: pair.map(({ id }) => id), context }
  tools.say('Making the templates, checked by CloudFormation’s rules and cdk-nag')
  await makeTemplates(deploying, context, assembly)
  if (isFirst) await firstKeys(deploying, assembly, outputs, pair)
  tools.say('Deploying: the CDK shows what it does; CloudFormation undoes a stack that fails')
  await deployStacks(deploying, assembly, outputs, ['--all'])
  const whole = toldByOutputs(context, await versions.outputsOf(version), wish.stage)
  if (whole['distribution'] !== context['distribution' as keyof typeof context]) {
    tools.say('The distribution has its name now: deploying once more for what waits for it')
    told = { ...told, context: whole }
    await makeTemplates(deploying, whole, assembly)
    await deployStacks(deploying, assembly, outputs, ['--all'])
  }
  await versions.remember(told)
  return told
}

/** Deploys templates that were made for another time, as they were. */
const goBack = async (deploying: Deploying, to: string, keys: Pair | undefined): Promise<void> => {
  const { tools, versions } = deploying
  const told = await versions.find(to)
  if (keys?.some(({ id }) => !told.keys.includes(id)) !== false)
    throw new DeployTrouble(`The signing keys have been rotated since ${to}: its templates would close every video. Check out ${told.commit} and deploy that.`)
  const { assembly, outputs } = versions.placesOf(to)
  tools.say(`Deploying ${to} again, as it was. What is in the table and the store stays as it is now`)
  await deployStacks(deploying, assembly, outputs, ['--all'])
  await put(deploying, told)
}

/** `npm run aws:deploy -- staging [-c name=value …] [--to <version>] [--yes]` */
export const deploy = async (tools: Tools, wish: Wish): Promise<void> => {
  const deploying = { tools, wish, versions: versionsOf(tools.kept, wish.stage) }
  tools.say(`Looking for the signing keys of ${wish.stage}`)
  const keys = await keysOf(tools.secrets, wish.stage)
  if (wish.to !== undefined) return goBack(deploying, wish.to, keys)
  const told = await deployWith(deploying, keys ?? newPair(makingWith(tools)), keys === undefined)
  await put(deploying, told)
  if (keys === undefined) tools.say(`Now give the school its secrets: npm run aws:secrets -- ${wish.stage}`)
}
