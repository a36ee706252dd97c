import { type ChoiceQuestion, rightOptions } from '#contract/questions.ts'
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
/** `problems` of a lesson: what might be better, and is no reason to do without it. */
type Answered = { tokens: ChatbotTokens; model: string } & ({ written: Written; problems: string[] } | Fault)

const MOST_PROBLEMS = 8
const inWords = ({ path, message }: { path: PropertyKey[]; message: string }): string => `${path.map(String).join('.') || 'the answer'}: ${message}`

const keyProblem = (question: ChoiceQuestion): string | undefined => {
  const right = rightOptions(question)
  if (right === 0) return 'has no right option'
  return question.kind === 'single' && right > 1 ? `is "single" and has ${right} right options` : undefined
}

const quizProblems = ({ questions }: Written, wanted: number): string[] => [
  ...(questions.length === wanted ? [] : [`questions: there are ${questions.length} instead of ${wanted}`]),
  ...questions.flatMap((question, place) => {
    const problem = keyProblem(question)
    return problem === undefined ? [] : [`questions.${place}: it ${problem}`]
  }),
]

const parsed = (value: unknown, wanted: number): { written: Written; problems: string[] } | Fault => {
  const found = Written.safeParse(value)
  if (found.success) return { written: found.data, problems: quizProblems(found.data, wanted) }
  const problems = found.error.issues.slice(0, MOST_PROBLEMS).map(inWords)
  return { fault: 'malformed', detail: `The answer is no lesson: ${problems.join('; ')}`, problems }
}

const asked = async ({ brief, author: { chatbot, model } }: Asking, question: ChatbotQuestion): Promise<Answered> => {
  try {
    const answer = await chatbot.ask(question)
    return { tokens: answer.tokens, model: answer.model, ...parsed(answer.value, brief.brief.questions) }
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

const come = (answer: Answered) =>
  'written' in answer ? { written: answer.written } : { reason: { code: REASON[answer.fault], detail: answer.detail }, isFinal: answer.fault === 'refused' }
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
 * Asks for the lesson of a brief, and once more (`before`: the first answer) where there was something wrong with it; never for more than its
 * limits have room for.
 */
export const askForLesson = async (given: Asking, before?: Answered): Promise<Outcome> => {
  const { brief, author, spent, note } = given
  const asking = questionOf(brief)
  const question = before ? { ...asking, prompt: asking.prompt + repairWords(before.problems) } : asking
  const room = bound(question, given)
  // Without room for a second answer the first is what has come of it.
  if ('short' in room) return { tokens: spent, model: before?.model ?? author.model, ...(before ? come(before) : overBudget(room.short)) }
  await note(sum(spent, { input: mostInputTokens(question), output: room.maxOutputTokens }))
  const answer = await asked(given, { ...question, maxOutputTokens: room.maxOutputTokens })
  const tokens = sum(spent, answer.tokens)
  const over = beyond(tokens, brief.limits, author.prices)
  if (over) return { tokens, model: answer.model, ...over }
  const isRepairable = 'written' in answer ? answer.problems.length > 0 : answer.fault === 'malformed'
  if (isRepairable && !before) return askForLesson({ ...given, spent: tokens }, answer)
  // A lesson whose questions are unsound is shown to people; a second answer that is none does not take it away.
  const best = before && 'written' in before && !('written' in answer) ? before : answer
  return { tokens, model: best.model, ...come(best) }
}
