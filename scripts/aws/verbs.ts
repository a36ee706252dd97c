import { deploy } from './deploy.ts'
import { destroy } from './destroy.ts'
import { diff, outputs } from './look.ts'
import { type Making, realTools } from './real-tools.ts'
import { keys } from './rotate.ts'
import { secrets } from './school-secrets.ts'
import { troubleIn } from './trouble.ts'
import { wishOf } from './wish.ts'

const VERBS = { diff, deploy, outputs, destroy, secrets, keys }

/** @throws Trouble for what an owner can mend */
export const runVerb = async (name: keyof typeof VERBS, args: readonly string[], making: Making): Promise<void> => {
  try {
    const wish = wishOf(args)
    await VERBS[name](await realTools(making), wish)
  } catch (error) {
    throw troubleIn(error) ?? error
  }
}
