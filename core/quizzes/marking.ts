import { type Answer, gapsOf, type MarkedAnswer, type Question } from '#contract/questions.ts'
import { Refusal } from '#core/refusal.ts'
import { type Laying, laid } from './asking.ts'

/** What an answer is worth, in parts of its question: matches and gaps count each for itself, everything else as a whole. */
export type Mark = { right: number; of: number; parts?: boolean[] }

const none = (text: string): Refusal => new Refusal('bad-input', `There is no such ${text}. Load the lesson again.`)

const whole = (isRight: boolean): Mark => ({ right: isRight ? 1 : 0, of: 1 })

const byParts = (parts: boolean[]): Mark => ({ right: parts.filter((isRight) => isRight).length, of: parts.length, parts })

/** Spaces, how a letter is put together, and the kind of an apostrophe tell nothing of what somebody knows. */
const plain = (text: string, matchesCase: boolean): string => {
  const written = text.normalize('NFC').replace(/[’‘ʼ]/g, "'").replace(/\s+/g, ' ').trim()
  return matchesCase ? written : written.toLowerCase()
}

const isAmong = (word: string, fitting: readonly string[], matchesCase: boolean): boolean =>
  fitting.some((each) => plain(each, matchesCase) === plain(word, matchesCase))

/** `1,234.5` and `1.234,5` are the same: where both signs stand, the last one is the decimal one; a sign that stands twice is not. */
const decimal = (text: string): string => {
  const [comma, dot] = [text.lastIndexOf(','), text.lastIndexOf('.')]
  if (comma >= 0 && dot >= 0) return comma > dot ? text.replaceAll('.', '').replace(',', '.') : text.replaceAll(',', '')
  const sign = comma >= 0 ? ',' : '.'
  return text.split(sign).length > 2 ? text.replaceAll(sign, '') : text.replace(',', '.')
}

/** The number that somebody has written, with its unit or without; undefined where it is none. */
export const numberOf = (text: string, unit: string | undefined): number | undefined => {
  const bare = text
    .normalize('NFKC')
    .replace(/[\s'_]/g, '')
    .replace(/[−–]/g, '-')
  const own = unit?.normalize('NFKC').replace(/\s/g, '') ?? ''
  const digits = decimal(own !== '' && bare.toLowerCase().endsWith(own.toLowerCase()) ? bare.slice(0, -own.length) : bare)
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(digits) ? Number(digits) : undefined
}

/** Of what cannot be written exactly, 0.1 + 0.2, the last digits are nobody's mistake. */
const isNear = (given: number, { value, tolerance }: { value: number; tolerance: number }): boolean =>
  Math.abs(given - value) <= tolerance + (Math.abs(value) + tolerance) * 1e-9

const choiceMark = (question: Extract<Question, { kind: 'single' | 'multiple' }>, chosen: readonly number[], laying: Laying): Mark => {
  const texts = laid(question, laying)
  if (chosen.some((place) => place < 0 || place >= texts.length)) throw none('option')
  const choice = new Set(chosen.map((place) => texts[place]))
  return whole(question.options.every(({ text, isRight }) => isRight === choice.has(text)))
}

const orderMark = (question: Extract<Question, { kind: 'ordering' }>, chosen: readonly number[], laying: Laying): Mark => {
  const texts = laid(question, laying)
  if (chosen.some((place) => place < 0 || place >= texts.length)) throw none('item')
  return whole(chosen.length === texts.length && question.items.every((item, place) => texts[chosen[place] ?? -1] === item))
}

const matchMark = (question: Extract<Question, { kind: 'matching' }>, chosen: readonly number[], laying: Laying): Mark => {
  const texts = laid(question, laying)
  if (chosen.length > question.pairs.length || chosen.some((place) => place >= texts.length)) throw none('match')
  return byParts(question.pairs.map(({ right }, place) => texts[chosen[place] ?? -1] === right))
}

const chosenMark = (question: Question, chosen: readonly number[], laying: Laying): Mark | undefined => {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return choiceMark(question, chosen, laying)
    case 'true-false':
      return whole(chosen.length === 1 && chosen[0] === (question.isTrue ? 0 : 1))
    case 'ordering':
      return orderMark(question, chosen, laying)
    case 'matching':
      return matchMark(question, chosen, laying)
    default:
      return undefined
  }
}

const wordsMark = (question: Question, words: readonly string[]): Mark | undefined => {
  const [first = ''] = words
  switch (question.kind) {
    case 'numeric': {
      const given = numberOf(first, question.unit)
      return whole(given !== undefined && isNear(given, question))
    }
    case 'text':
      return whole(isAmong(first, question.accepted, question.matchesCase))
    case 'blanks':
      return byParts(gapsOf(question.passage).gaps.map((fitting, place) => isAmong(words[place] ?? '', fitting, false)))
    default:
      return undefined
  }
}

/** What an answer is worth; one that is missing is worth nothing. Throws bad-input where the question takes no such answer. */
export const markOf = (question: Question, answer: Answer | undefined, laying: Laying): Mark => {
  if (!answer) return whole(false)
  const mark = 'chosen' in answer ? chosenMark(question, answer.chosen, laying) : wordsMark(question, answer.words)
  if (!mark) throw new Refusal('bad-input', 'This question takes another kind of answer. Load the lesson again.')
  return mark
}

export const told = ({ id, explanation }: Question, { right, of, parts }: Mark): MarkedAnswer => ({
  ...{ question: id, isRight: right === of, explanation },
  ...(parts && { parts }),
})
