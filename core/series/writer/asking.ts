import type { RunReason } from '#contract/series.ts'
import { type Chatbot, ChatbotFailed, type ChatbotQuestion, type ChatbotTokens, mostInputTokens } from '#ports/chatbot.ts'
import { type Brief, Written } from '../papers.ts'
import { isOver, type Limits, type Prices, roomForOutput, sum } from './cost.ts'
import { outputTokensFor, repairWords } from './prompts.ts'
import { questionOf } from './question.ts'

export type Author = { chatbot: Chatbot; prices: Prices; model: string }

export type Outcome = { tokens: ChatbotTokens; model: string } & ({ written: Written } | { reason: RunReason; isFinal: boolean })

type Asking = {
  brief: Brief
  author: Author
  /** Paid for before, and told to nobody yet. */
  spent: ChatbotTokens
  /** Called before each question with all that may have been spent once it is answered. */
  note(most: ChatbotTokens): Promise<void>
}

type Fault = { fault: ChatbotFailed['reason']; detail: string; problems: string[] }
type Answered = { tokens: ChatbotTokens; model: string } & ({ written: Written } | Fault)

const MOST_PROBLEMS = 8
const inWords = ({ path, message }: { path: PropertyKey[]; message: string }): string => `${path.map(String).join('.') || 'the answer'}: ${message}`

const parsed = (value: unknown): { written: Written } | Fault => {
  const found = Written.safeParse(value)
  if (found.success) return { written: found.data }
  const problems = found.error.issues.slice(0, MOST_PROBLEMS).map(inWords)
  return { fault: 'malformed', detail: `The answer is no lesson: ${problems.join('; ')}`, problems }
}

const asked = async ({ chatbot, model }: Author, question: ChatbotQuestion): Promise<Answered> => {
  try {
    const answer = await chatbot.ask(question)
    return { tokens: answer.tokens, model: answer.model, ...parsed(answer.value) }
  } catch (error) {
    if (!(error instanceof ChatbotFailed)) throw error
    return { tokens: error.tokens, model, fault: error.reason, detail: error.message, problems: ['it was no JSON'] }
  }
}

const REASON = {
  unreachable: 'chatbot-unreachable',
  slow: 'chatbot-slow',
  refused: 'chatbot-refused',
  malformed: 'chatbot-malformed',
  'cut-off': 'chatbot-cut-off',
} as const satisfies Record<ChatbotFailed['reason'], RunReason['code']>

const failed = ({ fault, detail }: Fault) => ({ reason: { code: REASON[fault], detail }, isFinal: fault === 'refused' })
const overBudget = (detail: string) => ({ reason: { code: 'over-run-budget' as const, detail }, isFinal: true })

/** How much may be answered, or in words that there is no room for it. */
const bound = (question: Omit<ChatbotQuestion, 'maxOutputTokens'>, { brief, author, spent }: Asking): { maxOutputTokens: number } | { short: string } => {
  const { wanted, least } = outputTokensFor(brief.brief)
  const input = mostInputTokens(question)
  const room = roomForOutput(sum(spent, { input, output: 0 }), brief.limits, author.prices)
  if (room >= least) return { maxOutputTokens: Math.min(room, wanted) }
  const left = Math.max(room, 0)
  return { short: `The question takes up to ${input} tokens and the lesson ${least} at least; the run’s budget leaves ${left} for the lesson.` }
}

/** What a service has used although it was asked not to. */
const beyond = (tokens: ChatbotTokens, limits: Limits, prices: Prices) =>
  isOver(tokens, limits, prices) ? overBudget(`The chatbot used ${tokens.input + tokens.output} tokens, which is more than it was allowed.`) : undefined

/**
 * Asks for the lesson of a brief, and once more (`before`: what was wrong) where the answer was none; never for more than its limits have room for.
 */
export const askForLesson = async (given: Asking, before?: Fault): Promise<Outcome> => {
  const { brief, author, spent, note } = given
  const asking = questionOf(brief)
  const question = before ? { ...asking, prompt: asking.prompt + repairWords(before.problems) } : asking
  const room = bound(question, given)
  // Without room for a second try the fault is what it was.
  if ('short' in room) return { tokens: spent, model: author.model, ...(before ? failed(before) : overBudget(room.short)) }
  await note(sum(spent, { input: mostInputTokens(question), output: room.maxOutputTokens }))
  const answer = await asked(author, { ...question, maxOutputTokens: room.maxOutputTokens })
  const { model } = answer
  const tokens = sum(spent, answer.tokens)
  const over = beyond(tokens, brief.limits, author.prices)
  if (over) return { tokens, model, ...over }
  if ('written' in answer) return { tokens, model, written: answer.written }
  if (answer.fault === 'malformed' && !before) return askForLesson({ ...given, spent: tokens }, answer)
  return { tokens, model, ...failed(answer) }
}
