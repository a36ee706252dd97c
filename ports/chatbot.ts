import type { JsonObject } from './tables.ts'

export type ChatbotQuestion = {
  /** Who the chatbot is to be, and what it must keep to. */
  system: string
  /** What is asked of it; foreign text in it is material, and marked as such by whoever asks. */
  prompt: string
  /** JSON Schema of the answer, an object. */
  schema: JsonObject
  /** What the answer is, in one word of [a-z_]. */
  name: string
  maxOutputTokens: number
}

export type ChatbotTokens = { input: number; output: number }

/**
 * More than a question will take: a token of two bytes, where the usual ones of English have four, and what is written around it. A service
 * counts by its own measure, and what it says counts.
 */
export const mostInputTokens = ({ system, prompt, schema }: Pick<ChatbotQuestion, 'system' | 'prompt' | 'schema'>): number => {
  const bytes = new TextEncoder().encode(system + prompt + JSON.stringify(schema)).length
  return Math.ceil(bytes / 2) + 200
}

/** `value` is JSON, not yet known to fit the schema: whoever asks parses it. */
export type ChatbotAnswer = { value: unknown; tokens: ChatbotTokens; model: string }

/**
 * Somebody who writes. Tries again by itself what may pass by, and never longer than its limits.
 * @throws ChatbotFailed
 */
export type Chatbot = { ask(question: ChatbotQuestion): Promise<ChatbotAnswer> }

/**
 * `unreachable` no answer, or a fault of theirs · `slow` none in time · `refused` the key, the model or the question is not taken
 * · `malformed` an answer that is no JSON of the schema · `cut-off` it ran into the bound of tokens. `tokens` were paid for all the same.
 */
export class ChatbotFailed extends Error {
  readonly code = 'chatbot-failed'
  readonly reason: 'unreachable' | 'slow' | 'refused' | 'malformed' | 'cut-off'
  readonly tokens: ChatbotTokens
  constructor(
    reason: ChatbotFailed['reason'],
    message: string,
    { tokens = { input: 0, output: 0 }, ...options }: { tokens?: ChatbotTokens } & ErrorOptions = {},
  ) {
    super(message, options)
    this.reason = reason
    this.tokens = tokens
  }
}
