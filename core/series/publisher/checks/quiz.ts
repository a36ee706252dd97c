import { type ChoiceQuestion, rightOptions } from '#contract/questions.ts'
import { wordsOf } from '../similarity.ts'
import { type Check, error, type Found, warning } from './check.ts'

const asWords = (text: string): string => ` ${wordsOf(text).join(' ')} `
/** Shorter ones may well be what the question is about. */
const GIVEAWAY_CHARACTERS = 12

const keyFindings = (question: ChoiceQuestion, name: string): Found[] => {
  const { kind, options } = question
  const right = rightOptions(question)
  if (right === 0) return [error(`${name} has no right answer.`)]
  if (right === options.length) return [error(`${name} has no wrong answer.`)]
  return kind === 'single' && right > 1 ? [error(`${name} asks for one answer and has ${right} right ones.`)] : []
}

/** A prompt that names the right answer and no other. */
const giveaways = ({ prompt, options }: ChoiceQuestion, name: string): Found[] => {
  const asked = asWords(prompt)
  const named = options.filter(({ text }) => asWords(text).trim() !== '' && asked.includes(asWords(text)))
  if (named.length === 0 || named.some(({ isRight }) => !isRight)) return []
  const isPlain = named.some(({ text }) => text.length >= GIVEAWAY_CHARACTERS)
  return [(isPlain ? error : warning)(`${name} says its own answer.`)]
}

const findingsOf = (question: ChoiceQuestion, at: number): Found[] => {
  const name = `ChoiceQuestion ${at + 1}`
  const texts = question.options.map(({ text }) => text.normalize('NFKC').trim().toLowerCase())
  return [
    ...keyFindings(question, name),
    ...(new Set(texts).size < texts.length ? [error(`${name} has the same option twice.`)] : []),
    ...(question.explanation.trim() === '' ? [error(`${name} explains nothing.`)] : []),
    ...giveaways(question, name),
  ]
}

export const quiz: Check = {
  name: 'quiz',
  title: 'Its questions can be answered, and their keys are sound',
  find: ({ brief, draft: { questions } }) => {
    const asked = brief.brief.questions
    const prompts = new Set(questions.map(({ prompt }) => asWords(prompt)))
    return [
      ...questions.flatMap(findingsOf),
      ...(prompts.size < questions.length ? [error('A question is asked twice.')] : []),
      ...(questions.length === asked ? [] : [warning(`It has ${questions.length} questions; asked for were ${asked}.`)]),
    ]
  },
}
