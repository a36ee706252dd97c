import type { ChoiceQuestion, Question } from '#contract/questions.ts'

/** A question's key in lines, for whoever reads it and does not change it. */
export const keyLines = (question: Question | ChoiceQuestion, truth: (isTrue: boolean) => string): { text: string; isRight: boolean }[] => {
  const right = (texts: readonly string[]) => texts.map((text) => ({ text, isRight: true }))
  switch (question.kind) {
    case 'true-false':
      return [true, false].map((is) => ({ text: truth(is), isRight: is === question.isTrue }))
    case 'numeric':
      return right([`${question.value}${question.unit === undefined ? '' : ` ${question.unit}`}${question.tolerance > 0 ? ` ± ${question.tolerance}` : ''}`])
    case 'text':
      return right(question.accepted)
    case 'ordering':
      return right(question.items.map((item, place) => `${place + 1}. ${item}`))
    case 'matching':
      return right(question.pairs.map((pair) => `${pair.left} → ${pair.right}`))
    case 'blanks':
      return right([question.passage])
    default:
      return question.options
  }
}
