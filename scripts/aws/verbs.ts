import { Trouble } from '../terminal.mjs'
import { deploy } from './deploy.ts'
import { destroy } from './destroy.ts'
import { diff, outputs } from './look.ts'
import { type Making, realTools } from './real-tools.ts'
import { keys } from './rotate.ts'
import { secrets } from './school-secrets.ts'
import type { Tools } from './tools.ts'
import { troubleIn } from './trouble.ts'
import { type Wish, wishOf } from './wish.ts'

const VERBS: Readonly<Record<string, (tools: Tools, wish: Wish) => Promise<void>>> = { diff, deploy, outputs, destroy, secrets, keys }

/** @throws Trouble for what an owner can mend */
export const runVerb = async (name: string, args: readonly string[], making: Making): Promise<void> => {
  try {
    const wish = wishOf(args)
    const work = VERBS[name]
    if (work === undefined) throw new Trouble(`"${name}" is nothing to be done with an account. Try one of: ${Object.keys(VERBS).join(', ')}`)
    await work(await realTools(making), wish)
  } catch (error) {
    throw troubleIn(error) ?? error
  }
}
