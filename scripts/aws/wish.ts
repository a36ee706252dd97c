import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { hasCode } from '#homes/machine/error-code.ts'
import { DeployTrouble } from './tools.ts'

const STAGES = ['staging', 'production'] as const
type Stage = (typeof STAGES)[number]

/** What was asked for on the command line. */
export type Wish = { stage: Stage; context: Record<string, string>; to: string | undefined; flags: ReadonlySet<string>; words: readonly string[] }

const FLAGS = ['--yes', '--with-data', '--now']

const stageIn = (given: string | undefined): Stage => {
  const stage = STAGES.find((each) => each === given)
  if (!stage) throw new DeployTrouble(`Say which stage first: ${STAGES.join(' or ')}.`)
  return stage
}

const VERSION = /^[\w.-]{1,80}$/

/** `staging rotate --now -c domain=school.example --to 2026…`. */
export const wishOf = ([first, ...rest]: readonly string[]): Wish => {
  const wish = {
    stage: stageIn(first),
    context: {} as Record<string, string>,
    to: undefined as string | undefined,
    flags: new Set<string>(),
    words: [] as string[],
  }
  for (let at = 0; at < rest.length; at += 1) {
    const arg = rest[at] ?? ''
    const next = rest[at + 1]
    const [, name, value] = /^([\w.:/@-]+)=([\s\S]*)$/.exec(next ?? '') ?? []
    if (arg === '-c' && name !== undefined && value !== undefined) wish.context[name] = value
    else if (arg === '--to' && next !== undefined && VERSION.test(next)) wish.to = next
    else if (FLAGS.includes(arg)) wish.flags.add(arg)
    else if (!arg.startsWith('-')) wish.words.push(arg)
    else throw new DeployTrouble(`"${arg}" is not understood here. Context is given as -c name=value, a version as --to <version>.`)
    if (arg === '-c' || arg === '--to') at += 1
  }
  return wish
}

const Context = z.record(z.string(), z.string())

/** What the stage is always deployed with, from its file, and what was said this time. No secret belongs into either. */
export const contextOf = async ({ stage, context }: Wish, stages: string): Promise<Record<string, string>> => {
  const path = join(stages, `${stage}.json`)
  try {
    return { ...Context.parse(JSON.parse(await readFile(path, 'utf8'))), ...context }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return context
    throw new DeployTrouble(`amplify/stages/${stage}.json is to be an object of texts, each a name of the context.`, { cause: error })
  }
}
