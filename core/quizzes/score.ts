import type { Question } from '#contract/questions.ts'
import type { Laying } from './asking.ts'
import { type Mark, markOf } from './marking.ts'
import type { StoredAttempt, StoredScore } from './records.ts'

export const layingOf = ({ seed, rules }: Pick<StoredAttempt, 'seed' | 'rules'>): Laying => ({ seed, isShuffled: rules.isShuffled })

export const marksOf = (attempt: StoredAttempt, paper: readonly Question[]): { question: Question; mark: Mark }[] => {
  const answers = new Map(attempt.answers.map(({ question, answer }) => [question, answer]))
  return paper.map((question) => ({ question, mark: markOf(question, answers.get(question.id), layingOf(attempt)) }))
}

/** In hundredths of a point, rounded down for each question. */
export const scoreOf = (attempt: StoredAttempt, paper: readonly Question[]): StoredScore => {
  const of = paper.reduce((sum, { points }) => sum + points * 100, 0)
  const earned = marksOf(attempt, paper).reduce((sum, { question, mark }) => sum + Math.floor((question.points * 100 * mark.right) / mark.of), 0)
  return { earned, of, percent: Math.floor((earned * 100) / of), isPassed: earned * 100 >= attempt.rules.passPercent * of }
}
