import * as z from 'zod/mini'
import { ChoiceQuestion, MOST_QUESTIONS, Pause, problemOf, type Question, rightOptions, type SentQuestion } from '#contract/questions.ts'
import { isOwnId, named, sharesIds } from '#core/quizzes/naming.ts'
import type { KnownKeys } from './findings.ts'
import { said, YesNo } from './said.ts'

const optionText = ChoiceQuestion.shape.options.def.element.shape.text

/** `- right: Four`, or `- wrong: Five`. */
const Option = z.pipe(
  z
    .object({ right: z.optional(optionText), wrong: z.optional(optionText) })
    .check(z.refine(({ right, wrong }) => (right === undefined) !== (wrong === undefined), 'has to be “right: …” or “wrong: …”')),
  z.transform(({ right, wrong }) => ({ text: right ?? wrong ?? '', isRight: right !== undefined })),
)

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i

const Num = z.pipe(z.string().check(z.refine((text) => NUMBER.test(text), 'has to be a number, such as 9.81')), z.transform(Number))

/** `1:02:03`, `2:03` or `83`, in seconds. */
const CLOCK = /^(?:(\d{1,2}):)?(?:(\d{1,2}):)?(\d{1,5})$/

const Moment = z.pipe(
  z.string().check(z.refine((text) => CLOCK.test(text), 'has to be a moment of the video, such as 2:05')),
  z.transform((text) => text.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0)),
)

const clockOf = (seconds: number): string => {
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, String(seconds % 60).padStart(2, '0')]
  const hours = Math.floor(seconds / 3600)
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** The longest that a kind of question may be is the school's to say: it is parsed by its schema afterwards. */
const Said = z.object({
  ask: ChoiceQuestion.shape.prompt,
  id: z.optional(z.string().check(z.regex(/^qst_[0-9a-z]{8,32}$/))),
  kind: z.optional(z.enum(['single', 'multiple', 'true-false', 'numeric', 'text', 'ordering', 'matching', 'blanks'])),
  points: z.optional(Num),
  at: z.optional(Moment),
  skip: z.optional(YesNo),
  options: z.optional(z.array(Option).check(z.minLength(2), z.maxLength(8))),
  answer: z.optional(z.string()),
  ...{ tolerance: z.optional(Num), unit: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(40))) },
  ...{ accept: z.optional(z.array(optionText).check(z.minLength(1), z.maxLength(20))), case: z.optional(YesNo) },
  order: z.optional(z.array(optionText).check(z.minLength(2), z.maxLength(10))),
  pairs: z.optional(z.array(z.object({ left: optionText, right: optionText })).check(z.minLength(2), z.maxLength(10))),
  passage: z.optional(ChoiceQuestion.shape.prompt),
  explanation: z._default(ChoiceQuestion.shape.explanation, ''),
})
type Said = z.infer<typeof Said>

export const QUESTION_KEYS: KnownKeys = {
  questions: Object.keys(Said.shape),
  'questions.options': ['right', 'wrong'],
  'questions.pairs': ['left', 'right'],
}

type Options = Pick<ChoiceQuestion, 'options'>

/** One right option makes a question with one answer. */
const usualKind = (of: Options): ChoiceQuestion['kind'] => (rightOptions(of) === 1 ? 'single' : 'multiple')

const YES = new Set(['true', 'yes'])
const NO = new Set(['false', 'no'])

/** What its key makes of it; undefined where it has none. */
const keyed = ({ kind, options, answer, tolerance, unit, accept, case: isCase, order, pairs, passage }: Said) => {
  if (options) return { kind: kind === 'single' || kind === 'multiple' ? kind : usualKind({ options }), options }
  if (accept) return { kind: 'text' as const, accepted: accept, matchesCase: isCase ?? false }
  if (order) return { kind: 'ordering' as const, items: order }
  if (pairs) return { kind: 'matching' as const, pairs }
  if (passage !== undefined) return { kind: 'blanks' as const, passage }
  if (answer === undefined) return undefined
  if (YES.has(answer) || NO.has(answer)) return { kind: 'true-false' as const, isTrue: YES.has(answer) }
  if (NUMBER.test(answer)) return { kind: 'numeric' as const, value: Number(answer), tolerance: tolerance ?? 0, ...(unit !== undefined && { unit }) }
  return undefined
}

const KEYS = ['options', 'answer', 'accept', 'order', 'pairs', 'passage'] as const

const PROBLEMS = {
  ...{ 'no-right': 'a question of kind single has exactly one right option', 'several-right': 'a question of kind single has exactly one right option' },
  ...{
    'same-option': 'says the same twice',
    'no-gap': 'has no gap; write [[…]] around the words that are left out',
    'empty-gap': 'has a gap that nothing fits into',
  },
  'many-gaps': 'has too many gaps',
}

const BESIDE: readonly { key: 'tolerance' | 'unit' | 'case'; kind: Question['kind']; says: string }[] = [
  { key: 'tolerance', kind: 'numeric', says: '“tolerance” belongs to an answer that is a number' },
  { key: 'unit', kind: 'numeric', says: '“unit” belongs to an answer that is a number' },
  { key: 'case', kind: 'text', says: '“case” belongs to “accept”' },
]

/** What nobody can make a question of. */
const unsound = (asked: Said): string | undefined => {
  const given = KEYS.filter((key) => asked[key] !== undefined)
  if (given.length !== 1) return `has to have one of: ${KEYS.join(', ')}`
  const key = keyed(asked)
  if (!key) return 'answer has to be true, false, or a number; for words, say “accept:” and a list'
  if (asked.kind !== undefined && asked.kind !== key.kind) return `what it has makes it a question of kind ${key.kind}`
  const stray = BESIDE.find((each) => asked[each.key] !== undefined && each.kind !== key.kind)
  if (stray) return stray.says
  if (asked.skip !== undefined && asked.at === undefined) return '“skip” belongs to “at”, a moment of the video'
  if (asked.at !== undefined && !Pause.shape.atSeconds.safeParse(asked.at).success) return '“at” is past the end of any video'
  if (asked.points !== undefined && !(Number.isInteger(asked.points) && asked.points >= 1 && asked.points <= 100))
    return 'points have to be a whole number from 1 to 100'
  if (key.kind === 'multiple' && asked.kind === undefined && rightOptions(key) === 0) return 'no option is right; where that is meant, say “kind: multiple”'
  const problem = problemOf(sent(asked, key))
  // Those of the oldest files say the same twice.
  return problem === undefined || (problem === 'same-option' && 'options' in key) ? undefined : PROBLEMS[problem]
}

const sent = ({ ask, id, points, at, skip, explanation }: Said, key: NonNullable<ReturnType<typeof keyed>>): SentQuestion => ({
  ...{ prompt: ask, explanation, points: points ?? 1 },
  ...(id !== undefined && { id }),
  ...(at !== undefined && { pause: { atSeconds: at, canSkip: skip ?? false } }),
  ...key,
})

const Asked = z.pipe(
  Said.check(({ value, issues }) => {
    // What has no shape yet is told of by its own schema.
    const says = issues.length > 0 ? undefined : unsound(value)
    if (says !== undefined) issues.push({ code: 'custom', message: says, input: value })
  }),
  z.transform((asked) => ({ asked, key: keyed(asked) })),
)

/** The list of them, each with an id. */
export const Questions = z.pipe(
  z.array(Asked).check(
    z.maxLength(MOST_QUESTIONS),
    z.refine((list) => !sharesIds(list.flatMap(({ asked, key }) => (key ? [sent(asked, key)] : []))), 'two of them have the same id'),
  ),
  z.transform((list) => named(list.flatMap(({ asked, key }) => (key ? [sent(asked, key)] : [])))),
)

const keyHead = (question: Question) => {
  switch (question.kind) {
    case 'true-false':
      return { answer: question.isTrue }
    case 'numeric':
      return { answer: question.value, tolerance: question.tolerance || undefined, unit: question.unit }
    case 'text':
      return { accept: question.accepted, case: question.matchesCase || undefined }
    case 'ordering':
      return { order: question.items }
    case 'matching':
      return { pairs: question.pairs.map(({ left, right }) => ({ left, right })) }
    case 'blanks':
      return { passage: question.passage }
    default:
      return {
        kind: question.kind === usualKind(question) && rightOptions(question) > 0 ? undefined : question.kind,
        options: question.options.map(({ text, isRight }) => (isRight ? { right: text } : { wrong: text })),
      }
  }
}

/** A question as its file says it. */
export const questionHead = (question: Question, among: readonly Question[]) => {
  const { prompt, id, points, pause, explanation } = question
  return said({
    ask: prompt,
    id: isOwnId(question, among) ? undefined : id,
    points: points === 1 ? undefined : points,
    at: pause && clockOf(pause.atSeconds),
    skip: pause?.canSkip || undefined,
    ...said(keyHead(question)),
    explanation: explanation === '' ? undefined : explanation,
  })
}
