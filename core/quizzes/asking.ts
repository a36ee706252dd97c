import { type AskedQuestion, gapsOf, type Question } from '#contract/questions.ts'
import { shuffled } from './shuffle.ts'

/** How questions are laid before somebody: the same seed gives the same order. Without one, options stay as their teacher wrote them. */
export type Laying = { seed: string; isShuffled: boolean }

/** At the end of a lesson, and in its video: the same for everybody. */
export const PLAINLY: Laying = { seed: '', isShuffled: false }

const asWritten = (text: string): string => text

/** What is chosen from, in the order in which it is laid before somebody; of the other kinds, nothing. */
export const laid = (question: Question, { seed, isShuffled }: Laying): string[] => {
  const own = `${seed} ${question.id}`
  switch (question.kind) {
    case 'single':
    case 'multiple': {
      const texts = question.options.map(({ text }) => text)
      return isShuffled ? shuffled(texts, own, asWritten) : texts
    }
    // Their own order is the key, so that it is never theirs.
    case 'ordering':
      return shuffled(question.items, own, asWritten)
    case 'matching':
      return shuffled([...new Set(question.pairs.map(({ right }) => right))], own, asWritten)
    default:
      return []
  }
}

/** A question as it is asked. Each kind names what it tells; all else about it stays here. */
export const asked = (question: Question, laying: Laying): AskedQuestion => {
  const { id, prompt, points, pause } = question
  const common = { id, prompt, points, ...(pause && { pause }) }
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return { ...common, kind: question.kind, options: laid(question, laying) }
    case 'numeric':
      return { ...common, kind: 'numeric', ...(question.unit !== undefined && { unit: question.unit }) }
    case 'ordering':
      return { ...common, kind: 'ordering', items: laid(question, laying) }
    case 'matching':
      return { ...common, kind: 'matching', lefts: question.pairs.map(({ left }) => left), rights: laid(question, laying) }
    case 'blanks':
      return { ...common, kind: 'blanks', pieces: gapsOf(question.passage).pieces }
    default:
      return { ...common, kind: question.kind }
  }
}
