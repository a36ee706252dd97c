import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { DeployTrouble, type Tools } from './tools.ts'
import { versionsOf } from './versions.ts'
import type { Wish } from './wish.ts'

const Manifest = z.object({ artifacts: z.record(z.string(), z.object({ type: z.string(), displayName: z.string().optional() })) })

/**
 * Hold what cannot be made again: people, the table, videos, secrets, drafts; and queues, where letters and payments that failed an
 * hour ago wait to be told again.
 */
const KEEPING = ['store', 'data', 'content', 'events', 'media']

const stacksIn = async (assembly: string): Promise<string[]> => {
  const { artifacts } = Manifest.parse(JSON.parse(await readFile(join(assembly, 'manifest.json'), 'utf8')))
  return Object.entries(artifacts).flatMap(([id, { type, displayName }]) => (type === 'aws:cloudformation:stack' ? [displayName ?? id] : []))
}

/** Of a stage's stacks, those whose going loses nothing. What is not known by name is kept. */
export const losingNothing = (stacks: readonly string[], stage: string): string[] =>
  stacks.filter((stack) => stack.startsWith(`lectern-${stage}-`) && !KEEPING.includes(stack.slice(`lectern-${stage}-`.length)))

const STILL_THERE = [
  'AWS still holds, because their stacks were told to leave them: the table (deletion protection on), the buckets, the user pool',
  '(deletion protection on), the secrets and the keys. docs/operations/aws.md, "Taking it down", removes each with one command.',
]

/** `npm run aws:destroy -- staging [--with-data]` */
export const destroy = async (tools: Tools, wish: Wish): Promise<void> => {
  const versions = versionsOf(tools.kept, wish.stage)
  const current = await versions.current()
  if (!current)
    throw new DeployTrouble(
      `Nothing of ${wish.stage} was deployed from this machine: aws:deploy it once more, or delete the stacks lectern-${wish.stage}-… by hand.`,
    )
  const { assembly } = versions.placesOf(current.version)
  const stacks = await stacksIn(assembly)
  const isWhole = wish.flags.has('--with-data')
  const going = isWhole ? stacks : losingNothing(stacks, wish.stage)
  tools.say(
    isWhole
      ? 'Everything goes, the stacks with what people have made and with what waits in queues too:'
      : 'What can be made again goes; people, table, videos, secrets and what waits in queues stay:',
  )
  for (const stack of going) tools.say(`  ${stack}`)
  const asked = isWhole ? `Type the name of the stage, ${wish.stage}, to go on` : `Type yes to go on`
  const typed = isWhole || !wish.flags.has('--yes') ? (await tools.ask(asked)).trim() : 'yes'
  if (typed !== (isWhole ? wish.stage : 'yes')) throw new DeployTrouble('Nothing was removed.')
  await tools.cdk(['destroy', ...going, '--exclusively', '--force', '--app', assembly])
  if (isWhole) for (const line of STILL_THERE) tools.say(line)
  else
    tools.say(`Gone. npm run aws:deploy -- ${wish.stage} opens the school again, with everything in it. CloudFront gives it another name: lead its hosts there`)
}
