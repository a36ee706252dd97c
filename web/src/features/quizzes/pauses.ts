import type { AskedQuestion } from '#contract/questions.ts'

/** What plays goes on by no more than this between two looks at it, at twice the speed too. */
const MOST_STEP_SECONDS = 2

export type Paused = AskedQuestion & { pause: NonNullable<AskedQuestion['pause']> }

/** Those that the video stops for, in the order of their moments. */
export const pausing = (questions: readonly AskedQuestion[]): Paused[] =>
  questions.flatMap((question) => (question.pause ? [{ ...question, pause: question.pause }] : [])).toSorted((a, b) => a.pause.atSeconds - b.pause.atSeconds)

/**
 * The question that is due when the video gets from one moment to another. Playing stops for each; whoever jumps over some is stopped by
 * the first that may not be skipped.
 */
export const dueBetween = (questions: readonly Paused[], done: ReadonlySet<string>, { from, to }: { from: number; to: number }): Paused | undefined => {
  const isJump = to - from > MOST_STEP_SECONDS
  return questions.find(({ id, pause }) => !done.has(id) && pause.atSeconds <= to && pause.atSeconds >= from && !(isJump && pause.canSkip))
}
