import type { Answer, AskedQuestion, GivenAnswer } from '#contract/questions.ts'

/** By a question's id. */
export type Answers = ReadonlyMap<string, Answer>

export const chosenOf = (answer: Answer | undefined): number[] => (answer && 'chosen' in answer ? answer.chosen : [])
export const wordsIn = (answer: Answer | undefined): string[] => (answer && 'words' in answer ? answer.words : [])

/** What stands there before anybody has answered: an order is one from the start. */
export const startAnswer = (question: AskedQuestion): Answer | undefined =>
  question.kind === 'ordering' ? { chosen: question.items.map((_, place) => place) } : undefined

const isFilled = (texts: readonly string[], count: number): boolean => texts.length >= count && texts.slice(0, count).every((text) => text.trim() !== '')

/** Whether there is nothing left to do for a question. Of several options, none may be right. */
export const isAnswered = (question: AskedQuestion, answer: Answer | undefined): boolean => {
  switch (question.kind) {
    case 'multiple':
    case 'ordering':
      return true
    case 'single':
    case 'true-false':
      return chosenOf(answer).length > 0
    case 'matching':
      return chosenOf(answer).length === question.lefts.length && chosenOf(answer).every((place) => place >= 0)
    case 'blanks':
      return isFilled(wordsIn(answer), question.pieces.length - 1)
    default:
      return isFilled(wordsIn(answer), 1)
  }
}

/** Of a question that several options may be right of, one more, or one less. */
export const toggled = (chosen: readonly number[], option: number): number[] =>
  chosen.includes(option) ? chosen.filter((each) => each !== option) : [...chosen, option].toSorted((a, b) => a - b)

/** An item of an order one place further up (-1) or down (1); the same order at its ends. */
export const moved = (order: readonly number[], from: number, by: -1 | 1): number[] => {
  const [item, other] = [order[from], order[from + by]]
  if (item === undefined || other === undefined) return [...order]
  return order.map((each, place) => (place === from ? other : place === from + by ? item : each))
}

/** One of several parts, whatever the others are. */
export const withPart = <T>(parts: readonly T[], { place, part, count, none }: { place: number; part: T; count: number; none: T }): T[] =>
  Array.from({ length: count }, (_, index) => (index === place ? part : (parts[index] ?? none)))

export const unanswered = (questions: readonly AskedQuestion[], answers: Answers): string[] =>
  questions.flatMap((question) => (isAnswered(question, answers.get(question.id)) ? [] : [question.id]))

/** All that is sent of an attempt, or of a check: nothing chosen is an answer too where any number may be right. */
export const given = (questions: readonly AskedQuestion[], answers: Answers): GivenAnswer[] =>
  questions.flatMap((question) => {
    const answer = answers.get(question.id) ?? startAnswer(question) ?? (question.kind === 'multiple' ? { chosen: [] } : undefined)
    return answer ? [{ question: question.id, answer }] : []
  })
