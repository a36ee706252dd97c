import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OUTPUTS } from '#homes/aws/outputs.ts'
import { keysOf, publicHalves } from '#homes/aws/rotation.ts'
import { toldBefore } from './deploy.ts'
import { DeployTrouble, type Tools } from './tools.ts'
import { versionsOf } from './versions.ts'
import { contextOf, type Wish } from './wish.ts'

/** `npm run aws:diff -- staging`: what a deployment would change. Changes nothing. */
export const diff = async (tools: Tools, wish: Wish): Promise<void> => {
  const keys = await keysOf(tools.secrets, wish.stage)
  if (!keys) tools.say('Nothing was deployed yet: everything below would be new')
  await tools.prepare()
  const context = { ...(await toldBefore(tools, wish.stage)), ...(await contextOf(wish, tools.stages)), ...(keys && { signingKeys: publicHalves(keys) }) }
  const folder = await mkdtemp(join(tmpdir(), 'lectern-diff-'))
  try {
    await tools.synthesise(wish.stage, context, folder)
    tools.say('What a deployment would change:')
    await tools.cdk(['diff', '--all', '--app', folder])
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Of a school that another machine deployed the account knows the addresses, and nobody here the versions. */
const fromAccount = async (tools: Tools, stage: string): Promise<void> => {
  const stacks = Object.keys(OUTPUTS).map((concern) => `lectern-${stage}-${concern}`)
  const told = await Promise.all(stacks.map(async (stack) => ({ stack, names: await tools.outputs(stack) })))
  if (told.every(({ names }) => names === undefined)) throw new DeployTrouble(`Nothing of ${stage} is deployed: npm run aws:deploy -- ${stage}`)
  tools.say(`${stage} was not deployed from this machine, which knows of no version of it. The account says:`)
  for (const { stack, names = {} } of told) for (const [name, value] of Object.entries(names)) sayOutput(tools, stack, name, value)
}

const sayOutput = ({ say }: Tools, stack: string, name: string, value: string): void => {
  if (!/^(Exports|Publish)Output/.test(name)) say(`${stack}  ${name}  ${value}`)
}

/** `npm run aws:outputs -- staging`: what the last deployment from this machine told, or else the account. */
export const outputs = async (tools: Tools, wish: Wish): Promise<void> => {
  const versions = versionsOf(tools.kept, wish.stage)
  const current = await versions.current()
  if (!current) return fromAccount(tools, wish.stage)
  tools.say(`${wish.stage} at ${current.version}, deployed ${current.at}`)
  for (const [stack, told] of Object.entries(await versions.outputsOf(current.version)))
    for (const [name, value] of Object.entries(told)) sayOutput(tools, stack, name, value)
  const others = (await versions.list()).map(({ version }) => version).filter((version) => version !== current.version)
  if (others.length > 0) tools.say(`Can be gone back to: ${others.join(', ')}`)
}
