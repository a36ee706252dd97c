import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import type { HookedRepository } from '#api/webhooks.ts'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import type { World } from '#ports/world.ts'
import { github } from '#vendors/github/github.ts'
import { type ContentEnvironment, type ContentSettings, contentOf } from '../content-environment.ts'
import { text } from '../environment.ts'
import { heldSecret } from './held-secret.ts'
import type { SchoolSecret } from './school-secret.ts'

/**
 * What the repository is written to with, under the names of the environment. It has a secret of its own, which the webhooks' function
 * and the program that writes cannot read; the chatbot's key has another, which nothing but that program can.
 */
export const GithubSecret = z.object({ GITHUB_TOKEN: text, GITHUB_APP_KEY: text }).refine(({ GITHUB_TOKEN: token, GITHUB_APP_KEY: key }) => !token || !key, {
  path: ['GITHUB_TOKEN'],
  message: 'a token or the key of an app, and not both',
})
export type GithubSecret = z.infer<typeof GithubSecret>

type Options = { client: SecretsManagerClient; arn: string; clock: Clock; log: Log; isUsed: boolean }

const NOTHING: GithubSecret = {}

/** Not asked for while no repository is named. */
export const githubSecret = ({ isUsed, ...options }: Options): (() => Promise<GithubSecret>) => {
  if (!isUsed) return async () => NOTHING
  return heldSecret({
    ...options,
    schema: GithubSecret,
    called: 'The secret of GitHub (GITHUB_SECRET_ARN)',
    whileEmpty: 'no courses are kept in Git: its secret is empty',
  })
}

/** A school whose keys are not in their secret yet keeps no courses in Git; the rest of it is open. */
export const contentWith = (environment: ContentEnvironment, secret: GithubSecret): ContentSettings => {
  const { GITHUB_REPOSITORY: repository, GITHUB_APP_ID: app, GITHUB_APP_INSTALLATION: installation, ...others } = environment
  const isApp = app !== undefined && installation !== undefined && secret.GITHUB_APP_KEY !== undefined
  if (isApp) return contentOf({ ...others, ...secret, GITHUB_REPOSITORY: repository, GITHUB_APP_ID: app, GITHUB_APP_INSTALLATION: installation })
  return contentOf({ ...others, ...(secret.GITHUB_TOKEN !== undefined && repository !== undefined && { ...secret, GITHUB_REPOSITORY: repository }) })
}

export const repositoryWith = (environment: ContentEnvironment, secret: GithubSecret, { githubWebhookSecrets = [] }: SchoolSecret): World['repository'] => {
  const options = contentWith(environment, secret).github
  return options && github({ ...options, webhookSecrets: githubWebhookSecrets })
}

/** What the webhooks' function judges by: it has the secrets of webhooks, and no key to the repository. */
export const hookedRepository = (environment: ContentEnvironment, { githubWebhookSecrets: webhookSecrets }: SchoolSecret): HookedRepository | undefined => {
  const options = contentWith(environment, { GITHUB_TOKEN: 'none' }).github
  return options && webhookSecrets && github({ ...options, webhookSecrets })
}
