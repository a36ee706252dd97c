import * as z from 'zod/mini'
import { QuizRules, type Telling, USUAL_RULES } from '#contract/quizzes.ts'
import type { KnownKeys } from './findings.ts'
import { filled, said, YesNo } from './said.ts'

export const Whole = z.pipe(z.string().check(z.refine((text) => /^\d{1,4}$/.test(text), 'has to be a whole number')), z.transform(Number))
export const Percent = z.pipe(
  z.string().check(z.refine((text) => /^\d{1,3} ?%$/.test(text) && Number.parseInt(text, 10) <= 100, 'has to be a share such as 70 %')),
  z.transform((text) => Number.parseInt(text, 10)),
)

const WORDS: Record<Telling, string> = { each: 'after each answer', 'handed-in': 'after handing in', passed: 'after passing', never: 'never' }
const Explain = z.pipe(
  z.enum(['after each answer', 'after handing in', 'after passing', 'never']),
  z.transform(
    (words): Telling => (words === 'after each answer' ? 'each' : words === 'after handing in' ? 'handed-in' : words === 'after passing' ? 'passed' : 'never'),
  ),
)

const Head = z.object({
  pass: z.optional(Percent),
  attempts: z.optional(Whole),
  minutes: z.optional(Whole),
  shuffle: z.optional(YesNo),
  explain: z.optional(Explain),
  draw: z.optional(z.array(z.object({ bank: z.string(), questions: Whole }))),
})
type Head = z.infer<typeof Head>

export const QUIZ_KEYS: KnownKeys = { quiz: Object.keys(Head.shape), 'quiz.draw': ['bank', 'questions'] }

const rulesOf = ({ pass, attempts, minutes, shuffle, explain, draw }: Head): QuizRules => ({
  passPercent: pass ?? USUAL_RULES.passPercent,
  ...(attempts !== undefined && { attempts }),
  ...(minutes !== undefined && { minutes }),
  isShuffled: shuffle ?? USUAL_RULES.isShuffled,
  telling: explain ?? USUAL_RULES.telling,
  draws: (draw ?? []).map(({ bank, questions }) => ({ bank, count: questions })),
})

const unsound = (head: Head): string | undefined => {
  const read = QuizRules.safeParse(rulesOf(head))
  const [issue] = read.error?.issues ?? []
  return issue && `its ${String(issue.path.findLast((step) => typeof step === 'string') ?? 'rules')} are not possible`
}

/** What a quiz wants, as its file says it. */
export const QuizHead = z.pipe(
  Head.check(({ value, issues }) => {
    // What has no shape yet is told of by its own schema.
    const says = issues.length > 0 ? undefined : unsound(value)
    if (says !== undefined) issues.push({ code: 'custom', message: says, input: value })
  }),
  z.transform(rulesOf),
)

export const quizHead = ({ passPercent, attempts, minutes, isShuffled, telling, draws }: QuizRules) =>
  said({
    pass: `${passPercent} %`,
    attempts: attempts,
    minutes: minutes,
    shuffle: isShuffled ? undefined : false,
    explain: telling === USUAL_RULES.telling ? undefined : WORDS[telling],
    draw: filled(draws.map(({ bank, count }) => ({ bank, questions: count }))),
  })
