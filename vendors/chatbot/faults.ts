import { APICallError, type LanguageModelUsage, NoObjectGeneratedError } from 'ai'
import { ChatbotFailed, type ChatbotTokens } from '#ports/chatbot.ts'
import { AnswerTooLarge } from './capped-fetch.ts'

/** What became of a try that failed: the fault to tell, and how long to wait where another try may do better. */
export type Failure = { fault: ChatbotFailed; againAfterMs: number | undefined }

export type Try = {
  /** What is paid for where an answer is lost on its way. */
  most: ChatbotTokens
  /** Whether any of the answer came. */
  isAnswered: boolean
  isLate: boolean
  retryMs: number
  hide(text: string): string
}

const NOTHING: ChatbotTokens = { input: 0, output: 0 }

/** Services that tell no usage are taken to have used all that they might. */
export const tokensOf = ({ inputTokens, outputTokens }: Partial<LanguageModelUsage>, most: ChatbotTokens): ChatbotTokens => ({
  input: inputTokens || most.input,
  output: outputTokens ?? most.output,
})

const isBusy = (status: number): boolean => status === 408 || status === 409 || status === 429 || status >= 500

const secondsIn = (headers: Record<string, string> | undefined): number | undefined => {
  const seconds = Number(headers?.['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}

const noObject = ({ finishReason, text, usage }: NoObjectGeneratedError, { most }: Try): ChatbotFailed => {
  const tokens = tokensOf(usage ?? {}, most)
  if (finishReason === 'length') return new ChatbotFailed('cut-off', `The chatbot was cut off after ${tokens.output} tokens.`, { tokens })
  if (finishReason === 'content-filter') return new ChatbotFailed('refused', 'The chatbot does not answer this.', { tokens })
  return new ChatbotFailed('malformed', `The chatbot answered ${text?.length ?? 0} characters that are no JSON.`, { tokens })
}

const unanswered = (error: unknown, { most, isAnswered, retryMs, hide }: Try): Failure => {
  const why = hide(error instanceof Error ? error.message : String(error))
  const fault = new ChatbotFailed('unreachable', `No answer from the chatbot: ${why}`, { tokens: isAnswered ? most : NOTHING })
  return { fault, againAfterMs: isAnswered ? undefined : retryMs }
}

const called = (error: APICallError, tried: Try): Failure => {
  const { most, retryMs, hide } = tried
  const { statusCode: status, responseHeaders } = error
  if (status === undefined) return unanswered(error, tried)
  if (status < 300)
    return { fault: new ChatbotFailed('malformed', `The chatbot’s answer cannot be read: ${hide(error.message)}`, { tokens: most }), againAfterMs: undefined }
  const says = `The chatbot answered ${status}: ${hide(error.message)}`
  if (!isBusy(status)) return { fault: new ChatbotFailed('refused', says), againAfterMs: undefined }
  const seconds = secondsIn(responseHeaders)
  return { fault: new ChatbotFailed('unreachable', says), againAfterMs: seconds === undefined ? retryMs : seconds * 1000 }
}

/**
 * What an error of the SDK means to whoever asked. It goes no further itself: it carries the whole request, and what a log makes of that is
 * nobody's to know. A try whose answer was on its way, or was waited for in vain, counts as if it had come whole: it may well be on the bill, and
 * none is made after it.
 */
export const failureOf = (error: unknown, tried: Try): Failure => {
  const { most, isLate } = tried
  if (error instanceof ChatbotFailed) return { fault: error, againAfterMs: undefined }
  if (isLate) return { fault: new ChatbotFailed('slow', 'The chatbot did not answer in time.', { tokens: most }), againAfterMs: undefined }
  if (error instanceof AnswerTooLarge) return { fault: new ChatbotFailed('malformed', error.message, { tokens: most }), againAfterMs: undefined }
  if (NoObjectGeneratedError.isInstance(error)) return { fault: noObject(error, tried), againAfterMs: undefined }
  if (APICallError.isInstance(error)) return called(error, tried)
  return unanswered(error, tried)
}
