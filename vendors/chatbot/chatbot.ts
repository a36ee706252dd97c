import { setTimeout as pause } from 'node:timers/promises'
import { generateText, jsonSchema, NoObjectGeneratedError, Output } from 'ai'
import { type Chatbot, type ChatbotAnswer, ChatbotFailed, type ChatbotQuestion, type ChatbotTokens, mostInputTokens } from '#ports/chatbot.ts'
import type { Secret } from '#ports/secret.ts'
import { cappedFetch } from './capped-fetch.ts'
import { failureOf, tokensOf } from './faults.ts'
import { type ModelOptions, openModel } from './models.ts'

const LIMITS = {
  /** Below the five minutes after which Node's `fetch` gives up waiting for the first byte. */
  tryMs: 240_000,
  /** For all tries of a question; two questions fit into the time of a task. */
  totalMs: 360_000,
  tries: 3,
  retryMs: 2000,
  /** A service that asks for more patience than this is unreachable. */
  mostRetryMs: 30_000,
  /** The longest lesson is a fiftieth of it. */
  answerBytes: 4 * 1024 * 1024,
}

export type ChatbotOptions = ModelOptions & { limits?: Partial<typeof LIMITS> }

type Line = { options: ModelOptions; limits: typeof LIMITS }

const SAID_CHARACTERS = 300
const hiding =
  (key: Secret | undefined) =>
  (text: string): string =>
    (key ? text.replaceAll(key.reveal(), '[secret]') : text).replace(/\s+/g, ' ').slice(0, SAID_CHARACTERS)

const MODEL_CHARACTERS = 100

const generated = async ({ options }: Line, question: ChatbotQuestion, { fetch, signal }: { fetch: typeof globalThis.fetch; signal: AbortSignal }) => {
  const model = await openModel(options, fetch)
  return generateText({
    model,
    instructions: question.system,
    prompt: question.prompt,
    output: Output.object({ schema: jsonSchema(question.schema), name: question.name }),
    maxOutputTokens: question.maxOutputTokens,
    // Tries are counted here, where each can be paid for.
    maxRetries: 0,
    abortSignal: signal,
    telemetry: { isEnabled: false },
  })
}

const triedOnce = async (line: Line, question: ChatbotQuestion, signal: AbortSignal): Promise<ChatbotAnswer | ReturnType<typeof failureOf>> => {
  const { options, limits } = line
  const most: ChatbotTokens = { input: mostInputTokens(question), output: question.maxOutputTokens }
  const late = AbortSignal.any([signal, AbortSignal.timeout(limits.tryMs)])
  let isAnswered = false
  const fetch = cappedFetch(limits.answerBytes, ({ ok }) => {
    isAnswered = ok
  })
  try {
    const answer = await generated(line, question, { fetch, signal: late })
    const { usage, response, finishReason, text } = answer
    // No text at all, and so no output: the SDK says so only when it is read.
    if (text === '') throw new NoObjectGeneratedError({ response, usage, finishReason, text })
    return { value: answer.output, tokens: tokensOf(usage, most), model: (response.modelId || options.model).slice(0, MODEL_CHARACTERS) }
  } catch (error) {
    return failureOf(error, { most, isAnswered, isLate: late.aborted, retryMs: limits.retryMs, hide: hiding(options.key) })
  }
}

const sum = (a: ChatbotTokens, b: ChatbotTokens): ChatbotTokens => ({ input: a.input + b.input, output: a.output + b.output })
const withTokens = ({ reason, message }: ChatbotFailed, tokens: ChatbotTokens): ChatbotFailed => new ChatbotFailed(reason, message, { tokens })

const askedOver = async (line: Line, question: ChatbotQuestion, signal: AbortSignal): Promise<ChatbotAnswer> => {
  const { limits } = line
  let spent: ChatbotTokens = { input: 0, output: 0 }
  for (let count = 1; ; count += 1) {
    const found = await triedOnce(line, question, signal)
    if ('value' in found) return { ...found, tokens: sum(spent, found.tokens) }
    const { fault, againAfterMs } = found
    spent = sum(spent, fault.tokens)
    if (againAfterMs === undefined || againAfterMs > limits.mostRetryMs || count === limits.tries) throw withTokens(fault, spent)
    // Running out of time here leaves the fault that was found.
    const isOver = await pause(againAfterMs, false, { signal }).catch(() => true)
    if (isOver) throw withTokens(fault, spent)
  }
}

/** Somebody who writes, reached over the `ai` SDK: one POST a try, to the address of its options, and no other call. */
export const chatbot = ({ limits: given, ...options }: ChatbotOptions): Chatbot => {
  const limits = { ...LIMITS, ...given }
  return { ask: (question) => askedOver({ options, limits }, question, AbortSignal.timeout(limits.totalMs)) }
}
