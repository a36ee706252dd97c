import { hasCode } from '#homes/machine/error-code.ts'
import { Trouble } from '../terminal.mjs'
import { DeployTrouble } from './tools.ts'

const STRANGERS = ['CredentialsProviderError', 'ExpiredTokenException', 'UnrecognizedClientException', 'InvalidSignatureException']

/** What an owner can mend, in words; undefined for a fault. */
export const troubleIn = (error: unknown): Trouble | undefined => {
  if (!(error instanceof Error)) return undefined
  // By its code, not its class: that lies among packages which a school at home does without, and its verbs come here too.
  if (error instanceof DeployTrouble || hasCode(error, 'keys-trouble')) return new Trouble(error.message)
  if (STRANGERS.includes(error.name))
    return new Trouble('There are no credentials for an AWS account, or they have ended. Try: aws sso login, or set AWS_PROFILE and AWS_REGION.')
  if (hasCode(error, 'ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'ETIMEDOUT'))
    return new Trouble('AWS could not be reached. Is this machine online, and is there such a region?', error.message)
  if (error.message === 'Region is missing') return new Trouble('Say in which region: AWS_REGION=eu-central-1')
  return error.name === 'AccessDeniedException' ? new Trouble('This account’s leave does not reach so far. AWS said:', error.message) : undefined
}
