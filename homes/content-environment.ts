import * as z from 'zod'
import { type Secret, secret } from '#ports/secret.ts'
import type { ChatbotOptions } from '#vendors/chatbot/chatbot.ts'
import type { GithubOptions } from '#vendors/github/github.ts'
import { count, readEnvironment, SettingsError, text } from './environment.ts'

/** US dollars per million tokens, which are millionths of a dollar per token. */
const price = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,6})?$/, 'dollars per million tokens, such as 0.15')
  .optional()

/** Hosts whose pages a draft may link to, besides those of its series' own sources. */
const LINK_HOSTS = 'wikipedia.org,developer.mozilla.org,w3.org,ietf.org,rfc-editor.org,doi.org,arxiv.org'

/** Whoever writes, and the repository it is proposed to: what the school and the programs read alike, without what is secret. */
export const CONTENT = {
  CHATBOT_PROVIDER: z.enum(['openai-compatible', 'anthropic', 'bedrock']).default('openai-compatible'),
  CHATBOT_URL: z.url({ protocol: /^https?$/ }).optional(),
  CHATBOT_MODEL: text,
  CHATBOT_INPUT_PRICE: price,
  CHATBOT_OUTPUT_PRICE: price,
  /** US dollars that all series together may cost in a month of UTC. */
  CHATBOT_MONTH_BUDGET: z.coerce.number().positive().max(100_000).default(25),
  /** How long an answer is waited for; Node's `fetch` waits five minutes at most. */
  CHATBOT_SECONDS: count(240, 290),
  GITHUB_REPOSITORY: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name')
    .optional(),
  GITHUB_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.github.com'),
  GITHUB_WEB_URL: z.url({ protocol: /^https?$/ }).optional(),
  GITHUB_BRANCH: z.string().min(1).max(100).default('main'),
  GITHUB_APP_ID: text,
  GITHUB_APP_INSTALLATION: text,
  CONTENT_FOLDER: z
    .string()
    .regex(/^([\w-]+(\/[\w-]+)*)?$/, 'a folder such as courses')
    .default('courses'),
  CONTENT_PROPOSALS_A_DAY: count(3, 100),
  CONTENT_LINK_HOSTS: z
    .string()
    .regex(/^[a-z0-9.,-]*$/, 'hosts by comma')
    .default(LINK_HOSTS),
}

/** What is secret of it: from the environment at home, from Secrets Manager on AWS. */
export const CONTENT_SECRETS = { CHATBOT_KEY: text, GITHUB_TOKEN: text, GITHUB_APP_KEY: text, GITHUB_WEBHOOK_SECRETS: text }

const Content = z.object({ ...CONTENT, ...CONTENT_SECRETS })
export type ContentEnvironment = z.infer<typeof Content>

/** The names of all of it, for whoever hands it on to a program. */
export const CONTENT_NAMES: readonly string[] = Object.keys(Content.shape)

export type ChatbotSettings = ChatbotOptions & { inputMicros: number; outputMicros: number }

export type ContentSettings = {
  chatbot: ChatbotSettings | undefined
  /** Of the stand-in too. */
  chatbotSeconds: number
  github: GithubOptions | undefined
  proposalsADay: number
  /** What all series together may cost in a month, in millionths of a dollar. */
  monthMicros: number
  linkHosts: readonly string[]
}

const secretOf = (value: string | undefined): Secret | undefined => (value === undefined ? undefined : secret(value))

const chatbotOf = (environment: ContentEnvironment): ChatbotSettings | undefined => {
  const { CHATBOT_PROVIDER: provider, CHATBOT_URL: url, CHATBOT_MODEL: model, CHATBOT_KEY: key } = environment
  const { CHATBOT_INPUT_PRICE: input, CHATBOT_OUTPUT_PRICE: output } = environment
  if (model === undefined) {
    if (url !== undefined || key !== undefined) throw new SettingsError('CHATBOT_URL and CHATBOT_KEY are of no use without CHATBOT_MODEL.')
    return undefined
  }
  if (input === undefined || output === undefined)
    throw new SettingsError('CHATBOT_MODEL needs CHATBOT_INPUT_PRICE and CHATBOT_OUTPUT_PRICE: no budget can be kept without them.')
  if (provider === 'openai-compatible' && url === undefined) throw new SettingsError('CHATBOT_MODEL needs CHATBOT_URL, such as https://api.openai.com/v1.')
  return { provider, url, model, key: secretOf(key), inputMicros: Math.round(Number(input) * 1e6), outputMicros: Math.round(Number(output) * 1e6) }
}

const githubOf = (environment: ContentEnvironment): GithubOptions | undefined => {
  const { GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token, GITHUB_APP_ID: id, GITHUB_APP_INSTALLATION: installation, GITHUB_APP_KEY: key } = environment
  const { GITHUB_WEBHOOK_SECRETS: hooks, GITHUB_API_URL: apiUrl, GITHUB_BRANCH: branch, CONTENT_FOLDER: folder, GITHUB_WEB_URL: webUrl } = environment
  if (repository === undefined) {
    if (token !== undefined || id !== undefined || hooks !== undefined)
      throw new SettingsError('GITHUB_TOKEN and the like are of no use without GITHUB_REPOSITORY.')
    return undefined
  }
  const app = id !== undefined && installation !== undefined && key !== undefined ? { id, installation, key: secret(key) } : undefined
  if ((token === undefined) === (app === undefined))
    throw new SettingsError('GITHUB_REPOSITORY needs GITHUB_TOKEN, or GITHUB_APP_ID with GITHUB_APP_INSTALLATION and GITHUB_APP_KEY, and not both.')
  const auth = app ? { app } : { token: secret(token ?? '') }
  const webhookSecrets = (hooks ?? '').split(',').flatMap((each) => (each.trim() === '' ? [] : [secret(each.trim())]))
  return { repository, branch, folder, apiUrl, auth, webhookSecrets, ...(webUrl !== undefined && { webUrl }) }
}

export const contentOf = (environment: ContentEnvironment): ContentSettings => ({
  chatbot: chatbotOf(environment),
  chatbotSeconds: environment.CHATBOT_SECONDS,
  github: githubOf(environment),
  proposalsADay: environment.CONTENT_PROPOSALS_A_DAY,
  monthMicros: Math.round(environment.CHATBOT_MONTH_BUDGET * 1e6),
  linkHosts: environment.CONTENT_LINK_HOSTS.split(',').filter((host) => host !== ''),
})

/** @throws SettingsError naming each variable that is wrong, never its value. */
export const readContent = (variables: NodeJS.ProcessEnv): ContentSettings => contentOf(readEnvironment(Content, variables))
