import * as z from 'zod/mini'
import { id } from './base.ts'

/** Markdown. */
const prompt = z.string().check(z.trim(), z.minLength(1), z.maxLength(2000))
/** Shown once it is answered. Markdown. */
const explanation = z.string().check(z.maxLength(2000))
const line = z.string().check(z.trim(), z.minLength(1), z.maxLength(500))
const options = z.array(z.object({ text: line, isRight: z.boolean() })).check(z.minLength(2), z.maxLength(8))

/** What chatbots write, and the oldest lessons have: one of the options is right, or any number of them. */
export const ChoiceQuestion = z.object({ prompt, kind: z.enum(['single', 'multiple']), options, explanation })
export type ChoiceQuestion = z.infer<typeof ChoiceQuestion>

const MOST_POINTS = 100
/** A day: no video is longer. */
const MOST_SECONDS = 86_400

/** Where a lesson's video stops to ask it; whoever may not skip it goes on once they have answered, whatever the answer. */
export const Pause = z.object({ atSeconds: z.int().check(z.minimum(0), z.maximum(MOST_SECONDS)), canSkip: z.boolean() })
export type Pause = z.infer<typeof Pause>

const points = z._default(z.int().check(z.minimum(1), z.maximum(MOST_POINTS)), 1)
const anyNumber = z.number().check(z.minimum(-1e15), z.maximum(1e15))

const common = { prompt, explanation, points, pause: z.optional(Pause) }

const kinds = <T extends z.core.$ZodShape>(rest: T) =>
  z.discriminatedUnion('kind', [
    z.object({ ...rest, kind: z.enum(['single', 'multiple']), options }),
    z.object({ ...rest, kind: z.literal('true-false'), isTrue: z.boolean() }),
    z.object({
      ...rest,
      kind: z.literal('numeric'),
      value: anyNumber,
      /** By how much an answer may be off. */
      tolerance: z.number().check(z.minimum(0), z.maximum(1e15)),
      unit: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(40))),
    }),
    z.object({ ...rest, kind: z.literal('text'), accepted: z.array(line).check(z.minLength(1), z.maxLength(20)), matchesCase: z.boolean() }),
    /** In the right order. */
    z.object({ ...rest, kind: z.literal('ordering'), items: z.array(line).check(z.minLength(2), z.maxLength(10)) }),
    z.object({ ...rest, kind: z.literal('matching'), pairs: z.array(z.object({ left: line, right: line })).check(z.minLength(2), z.maxLength(10)) }),
    /** Its gaps are written `[[straight]]`, or `[[grey|gray]]` where several words fit. */
    z.object({ ...rest, kind: z.literal('blanks'), passage: z.string().check(z.trim(), z.minLength(1), z.maxLength(2000)) }),
  ])

/** A question with its key: for teachers only. */
export const Question = kinds({ id: id('qst'), ...common })
export type Question = z.infer<typeof Question>
export type QuestionKind = Question['kind']

/** As an editor sends it; a new one has no id yet. */
export const SentQuestion = kinds({ id: z.optional(id('qst')), ...common })
export type SentQuestion = z.infer<typeof SentQuestion>

/** How many of its options are right. */
export const rightOptions = ({ options }: Pick<ChoiceQuestion, 'options'>): number => options.filter(({ isRight }) => isRight).length

/** Of one lesson. */
export const MOST_QUESTIONS = 60

const GAP = /\[\[[^[\]]*\]\]/g

/** A passage taken apart: what stands around its gaps, and what fits into each; there is always one piece more than gaps. */
export const gapsOf = (passage: string): { pieces: string[]; gaps: string[][] } => {
  const gaps = [...passage.matchAll(GAP)].map(([gap]) =>
    gap
      .slice(2, -2)
      .split('|')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  )
  return { pieces: passage.split(GAP), gaps }
}

const MOST_GAPS = 20

/** What makes a question unanswerable or its key unsound; the browser says it in words. Of a lesson kept in Git, what its file may still say. */
export type QuestionProblem = 'no-right' | 'several-right' | 'same-option' | 'no-gap' | 'empty-gap' | 'many-gaps'

const hasTwice = (texts: readonly string[]): boolean => new Set(texts.map((text) => text.trim())).size < texts.length

/** One that is written in the shape of its kind, and still cannot be asked. */
export const problemOf = (question: SentQuestion): QuestionProblem | undefined => {
  switch (question.kind) {
    case 'single': {
      if (hasTwice(question.options.map(({ text }) => text))) return 'same-option'
      const right = rightOptions(question)
      if (right === 1) return undefined
      return right === 0 ? 'no-right' : 'several-right'
    }
    case 'multiple':
      return hasTwice(question.options.map(({ text }) => text)) ? 'same-option' : undefined
    case 'ordering':
      return hasTwice(question.items) ? 'same-option' : undefined
    case 'matching':
      return hasTwice(question.pairs.map(({ left }) => left)) ? 'same-option' : undefined
    case 'blanks': {
      const { gaps } = gapsOf(question.passage)
      if (gaps.length === 0) return 'no-gap'
      if (gaps.length > MOST_GAPS) return 'many-gaps'
      return gaps.some((fitting) => fitting.length === 0) ? 'empty-gap' : undefined
    }
    default:
      return undefined
  }
}

const askedCommon = { id: z.string(), prompt: z.string(), points: z.int(), pause: z.optional(Pause) }

/** A question as learners are asked it, without its key. What is to be put in order, or matched, is in an order that tells nothing. */
export const AskedQuestion = z.discriminatedUnion('kind', [
  z.object({ ...askedCommon, kind: z.enum(['single', 'multiple']), options: z.array(z.string()) }),
  z.object({ ...askedCommon, kind: z.literal('true-false') }),
  z.object({ ...askedCommon, kind: z.literal('numeric'), unit: z.optional(z.string()) }),
  z.object({ ...askedCommon, kind: z.literal('text') }),
  z.object({ ...askedCommon, kind: z.literal('ordering'), items: z.array(z.string()) }),
  z.object({ ...askedCommon, kind: z.literal('matching'), lefts: z.array(z.string()), rights: z.array(z.string()) }),
  /** Between two of its pieces there is a gap. */
  z.object({ ...askedCommon, kind: z.literal('blanks'), pieces: z.array(z.string()) }),
])
export type AskedQuestion = z.infer<typeof AskedQuestion>

const MOST_PARTS = 20

/**
 * `chosen` counts from 0, as the question was asked: the options chosen · true-false: 0 for true, 1 for false · ordering: every item, in the
 * learner's order · matching: for each left the right that goes with it, -1 for none. `words`: numeric and text: one · blanks: one for each gap.
 */
export const Answer = z.union([
  z.object({ chosen: z.array(z.int().check(z.minimum(-1), z.maximum(MOST_PARTS))).check(z.maxLength(MOST_PARTS)) }),
  z.object({ words: z.array(z.string().check(z.maxLength(500))).check(z.maxLength(MOST_PARTS)) }),
])
export type Answer = z.infer<typeof Answer>

export const GivenAnswer = z.object({ question: id('qst'), answer: Answer })
export type GivenAnswer = z.infer<typeof GivenAnswer>

/** What becomes of one answer; what would have been right is not told. `parts`: which of its gaps, or matches, are right. */
export const MarkedAnswer = z.object({ question: z.string(), isRight: z.boolean(), parts: z.optional(z.array(z.boolean())), explanation: z.string() })
export type MarkedAnswer = z.infer<typeof MarkedAnswer>
