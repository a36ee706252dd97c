import { Trouble } from '../terminal.mjs'
import { deploy } from './deploy.ts'
import { destroy } from './destroy.ts'
import { diff, outputs } from './look.ts'
import { realTools } from './real-tools.ts'
import { keys } from './rotate.ts'
import { secrets } from './school-secrets.ts'
import { DeployTrouble } from './tools.ts'
import { wishOf } from './wish.ts'

const VERBS = { diff, deploy, outputs, destroy, secrets, keys }

const withoutCredentials = (error: unknown): boolean =>
  error instanceof Error && ['CredentialsProviderError', 'ExpiredTokenException', 'UnrecognizedClientException'].includes(error.name)

/** The verbs that speak to an account, for the one program of the AWS home; `making` is how it makes bundles and templates. */
export const deployVerbs = (making: Parameters<typeof realTools>[0]): Record<string, (args: readonly string[]) => Promise<void>> =>
  Object.fromEntries(
    Object.entries(VERBS).map(([name, verb]) => [
      name,
      async (args: readonly string[]): Promise<void> => {
        try {
          const wish = wishOf(args)
          await verb(await realTools(making), wish)
        } catch (error) {
          if (error instanceof DeployTrouble) throw new Trouble(error.message)
          if (withoutCredentials(error))
            throw new Trouble('There are no credentials for an AWS account, or they have ended. Try: aws sso login, or set AWS_PROFILE and AWS_REGION.')
          if (error instanceof Error && error.message === 'Region is missing') throw new Trouble('Say in which region: AWS_REGION=eu-central-1')
          throw error
        }
      },
    ]),
  )
