import type { QuizItem } from '#contract/insights.ts'

export type Advice = 'few' | 'backwards' | 'hard' | 'easy' | 'blurred'

const FEW = 10
/** Where teachers commonly draw the lines of classical item analysis. */
const [HARD, EASY, BLURRED] = [0.33, 0.95, 0.15]

/** What to look at first in a question, if at anything. */
export const adviceOn = ({ asked, difficulty, discrimination }: Pick<QuizItem, 'asked' | 'difficulty' | 'discrimination'>): Advice | undefined => {
  if (asked < FEW) return 'few'
  if (discrimination !== undefined && discrimination < 0) return 'backwards'
  if (difficulty < HARD) return 'hard'
  if (difficulty > EASY) return 'easy'
  return discrimination !== undefined && discrimination < BLURRED ? 'blurred' : undefined
}
