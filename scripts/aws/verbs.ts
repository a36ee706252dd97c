import { Trouble } from '../terminal.mjs'
import { deploy } from './deploy.ts'
import { destroy } from './destroy.ts'
import { diff, outputs } from './look.ts'
import { type Making, realTools } from './real-tools.ts'
import { keys } from './rotate.ts'
import { secrets } from './school-secrets.ts'
import { DeployTrouble } from './tools.ts'
import { wishOf } from './wish.ts'

const VERBS = { diff, deploy, outputs, destroy, secrets, keys }

const STRANGERS = ['CredentialsProviderError', 'ExpiredTokenException', 'UnrecognizedClientException', 'InvalidSignatureException']

/** What an owner can mend, in words; undefined for a fault. */
const troubleIn = (error: unknown): Trouble | undefined => {
  if (error instanceof DeployTrouble) return new Trouble(error.message)
  if (!(error instanceof Error)) return undefined
  if (STRANGERS.includes(error.name))
    return new Trouble('There are no credentials for an AWS account, or they have ended. Try: aws sso login, or set AWS_PROFILE and AWS_REGION.')
  if (error.message === 'Region is missing') return new Trouble('Say in which region: AWS_REGION=eu-central-1')
  return error.name === 'AccessDeniedException' ? new Trouble('This account’s leave does not reach so far. AWS said:', error.message) : undefined
}

/** @throws Trouble for what an owner can mend */
export const runVerb = async (name: keyof typeof VERBS, args: readonly string[], making: Making): Promise<void> => {
  try {
    const wish = wishOf(args)
    await VERBS[name](await realTools(making), wish)
  } catch (error) {
    throw troubleIn(error) ?? error
  }
}
