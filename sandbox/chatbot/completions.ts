import { setTimeout as pause } from 'node:timers/promises'
import { type Fault, struck } from './faults.ts'
import { fitted, schemaIn } from './fitting.ts'
import { hostile } from './hostile.ts'
import { lessonFor } from './lesson.ts'
import type { Store } from './store.ts'

export const MODEL = 'stand-in'

export type Question = {
  model: string
  system: string
  prompt: string
  schema: ReturnType<typeof schemaIn>
  mostTokens: number | undefined
  isStreamed: boolean
}

/** Undefined: the connection is to be cut. */
export type Answer = { status: number; body: unknown; headers?: Record<string, string> } | { status: 200; events: unknown[] } | undefined

type Said = { content: string; finish: 'stop' | 'length'; tokens: { input: number; output: number } }

const get = (given: unknown, name: string): unknown => (typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined)

/** A message is a text, or parts of which some are. */
const textOf = (content: unknown): string => {
  if (typeof content === 'string') return content
  return Array.isArray(content)
    ? content
        .map((part) => get(part, 'text'))
        .filter((text) => typeof text === 'string')
        .join('\n')
    : ''
}

/** What is asked in OpenAI's words, or what is wrong with it. */
export const questionIn = (body: unknown): Question | string => {
  const messages = get(body, 'messages')
  if (!Array.isArray(messages) || messages.length === 0) return '`messages` is a list of one or more.'
  const of = (roles: string[]): string =>
    messages
      .filter((message) => roles.includes(String(get(message, 'role'))))
      .map((message) => textOf(get(message, 'content')))
      .join('\n\n')
  const [model, most] = [get(body, 'model'), get(body, 'max_tokens') ?? get(body, 'max_completion_tokens')]
  return {
    ...{ model: typeof model === 'string' ? model : MODEL, system: of(['system', 'developer']), prompt: of(['user']) },
    schema: schemaIn(get(get(get(body, 'response_format'), 'json_schema'), 'schema')),
    mostTokens: typeof most === 'number' && most > 0 ? most : undefined,
    isStreamed: get(body, 'stream') === true,
  }
}

/** As a rule of thumb has it for English. */
const tokensIn = (text: string): number => Math.ceil(text.length / 4)
const ENORMOUS_CHARACTERS = 16 * 1024 * 1024

/** What the answer's text is while a fault is on; the lesson itself while none is. */
const contentFor = ({ prompt, schema }: Question, fault: Fault, words: string): string => {
  const lesson = lessonFor(prompt)
  const sound = JSON.stringify(schema ? fitted(schema, lesson, lesson.title) : lesson)
  switch (fault) {
    case 'malformed':
      return sound.slice(0, Math.floor(sound.length / 2))
    case 'misfit':
      return JSON.stringify({ answer: lesson.title, questions: 'none', objectives: 3 })
    case 'enormous':
      return JSON.stringify({ ...lesson, text: lesson.text.repeat(Math.ceil(ENORMOUS_CHARACTERS / lesson.text.length)) })
    case 'hostile':
      return JSON.stringify(hostile(lesson))
    case 'said':
      return words
    default:
      return sound
  }
}

const CUT_OFF_AFTER = 0.6

const said = (question: Question, fault: Fault, words: string): Said => {
  const content = contentFor(question, fault, words)
  const input = tokensIn(question.system + question.prompt + JSON.stringify(question.schema ?? ''))
  const most = question.mostTokens ?? Number.POSITIVE_INFINITY
  if (fault === 'greedy') return { content, finish: 'stop', tokens: { input, output: 100 * (question.mostTokens ?? tokensIn(content)) } }
  const output = tokensIn(content)
  const isBeyond = output > most && fault !== 'enormous'
  if (fault !== 'cut-off' && !isBeyond) return { content, finish: 'stop', tokens: { input, output } }
  const cut = content.slice(0, fault === 'cut-off' ? Math.floor(content.length * CUT_OFF_AFTER) : most * 4)
  return { content: cut, finish: 'length', tokens: { input, output: tokensIn(cut) } }
}

const usageOf = ({ input, output }: Said['tokens']) => ({ prompt_tokens: input, completion_tokens: output, total_tokens: input + output })

const PIECE = 400

const asEvents = (head: object, { content, finish, tokens }: Said): unknown[] => {
  const chunk = (delta: object, finishReason: string | null, more: object = {}) => ({
    ...{ ...head, object: 'chat.completion.chunk' },
    choices: [{ index: 0, delta, finish_reason: finishReason }],
    ...more,
  })
  const pieces = content.match(new RegExp(`[\\s\\S]{1,${PIECE}}`, 'g')) ?? []
  return [
    chunk({ role: 'assistant', content: '' }, null),
    ...pieces.map((piece) => chunk({ content: piece }, null)),
    chunk({}, finish, { usage: usageOf(tokens) }),
  ]
}

const refusal = (status: number, message: string, type: string): Answer => ({
  status,
  body: { error: { message: `${message} (a fault that is switched on).`, type, code: null, param: null } },
})

const FAILING: Partial<Record<Fault, Answer>> = {
  '401': refusal(401, 'Incorrect API key provided', 'invalid_request_error'),
  '429': refusal(429, 'Rate limit reached', 'rate_limit_error'),
  '500': refusal(500, 'The server had an error while processing your request', 'server_error'),
}

const NONE = { input: 0, output: 0 }

/** Answers one question as the switches have it, and keeps both; `gone` ends the waiting of a slow answer. */
export const answering =
  (store: Store, now: () => number) =>
  async (question: Question, gone: AbortSignal): Promise<Answer> => {
    const { fault, seconds, words } = store.faults()
    await store.putFaults(struck(store.faults()))
    const { model, system, prompt } = question
    const keep = (answer: string | undefined, status: number | undefined, tokens = NONE): Promise<void> =>
      store.add({ model, system, prompt, answer, status, fault, tokens })
    if (fault === 'down') {
      await keep(undefined, undefined)
      return undefined
    }
    const failing = FAILING[fault]
    if (failing) {
      await keep(undefined, failing.status)
      return failing
    }
    if (fault === 'slow') {
      const isGone = await pause(seconds * 1000, false, { signal: gone }).catch(() => true)
      if (isGone) {
        await keep(undefined, undefined)
        return undefined
      }
    }
    const whole = said(question, fault, words)
    await keep(whole.content, 200, whole.tokens)
    const head = { id: `chatcmpl-${now().toString(36)}`, created: Math.floor(now() / 1000), model }
    if (question.isStreamed) return { status: 200, events: asEvents(head, whole) }
    const choice = { index: 0, message: { role: 'assistant', content: whole.content, refusal: null }, finish_reason: whole.finish }
    return { status: 200, body: { ...head, object: 'chat.completion', choices: [choice], usage: usageOf(whole.tokens) } }
  }
