import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModel } from 'ai'
import { ChatbotFailed } from '#ports/chatbot.ts'
import type { Secret } from '#ports/secret.ts'

export type Provider = 'openai-compatible' | 'anthropic' | 'bedrock'

export type ModelOptions = {
  provider: Provider
  /** As of `https://api.openai.com/v1`; each provider's own where it is left out. */
  url: string | undefined
  key: Secret | undefined
  model: string
}

type Fetch = typeof globalThis.fetch
type Open = (options: ModelOptions, fetch: Fetch) => Promise<LanguageModel> | LanguageModel

const needed = (what: string): never => {
  throw new ChatbotFailed('refused', `The chatbot cannot be asked: ${what}.`)
}

/** Signed with the role of the task it runs in, unless it has a key of Bedrock's own. Only the cloud's image holds these packages. */
const openBedrock: Open = async ({ url, key, model }, fetch) => {
  const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock').catch(() => needed('the package @ai-sdk/amazon-bedrock is not installed'))
  const of = { fetch, ...(url !== undefined && { baseURL: url }) }
  if (key) return createAmazonBedrock({ ...of, apiKey: key.reveal() })(model)
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node').catch(() => needed('there is no key, and no role of AWS to sign with'))
  return createAmazonBedrock({ ...of, credentialProvider: defaultProvider() })(model)
}

/** OpenAI's newer models refuse `max_tokens`, the name by which everybody else knows the bound. */
const inTheirWords = (url: string): { transformRequestBody?: (body: Record<string, unknown>) => Record<string, unknown> } =>
  new URL(url).hostname === 'api.openai.com' ? { transformRequestBody: ({ max_tokens: most, ...body }) => ({ ...body, max_completion_tokens: most }) } : {}

const OPENERS: Record<Provider, Open> = {
  'openai-compatible': ({ url = needed('its address is missing'), key, model }, fetch) =>
    createOpenAICompatible({
      name: 'chatbot',
      baseURL: url,
      fetch,
      supportsStructuredOutputs: true,
      ...inTheirWords(url),
      ...(key && { apiKey: key.reveal() }),
    })(model),
  // Without a key of ours the package would look for one in the environment.
  anthropic: ({ url, key = needed('its key is missing'), model }, fetch) =>
    createAnthropic({ apiKey: key.reveal(), fetch, ...(url !== undefined && { baseURL: url }) })(model),
  bedrock: openBedrock,
}

/** The model that is asked, over the given `fetch`. A model is always an object here: the SDK leads a bare name to a gateway of its makers. */
export const openModel = async (options: ModelOptions, fetch: Fetch): Promise<LanguageModel> => OPENERS[options.provider](options, fetch)
