import type { Because, Explanation, Fact } from '#contract/grants.ts'

export type Tense = 'now' | 'past' | 'future'

/** Of a verdict for a moment that was asked for; without one it is about now. */
export const tenseOf = (at: string | undefined, nowMs: number): Tense => {
  if (at === undefined) return 'now'
  return Date.parse(at) <= nowMs ? 'past' : 'future'
}

const BEGINNINGS: readonly Because[] = ['paid', 'enrolled', 'gifted', 'subscribed', 'seated']

/** What the verdict rests on, if it is something that has happened. */
export const factBehind = ({ because, until, rights }: Pick<Explanation, 'because' | 'until' | 'rights'>): Fact | undefined => {
  if (BEGINNINGS.includes(because)) return rights.find((right) => right.isRunning && right.kind === because && right.until === until)?.begunBy
  const last = rights.at(-1)
  return because === 'expired' ? last?.begunBy : last?.endedBy?.kind === because ? last.endedBy : undefined
}

export type Reason = { key: string; date?: string; until?: string; by?: string }

/** The words for a verdict's reason, by their key, and what goes into them. */
export const reasonOf = (explanation: Explanation, tense: Tense, nowMs: number): Reason => {
  const { because, lesson } = explanation
  if (because === 'hidden' && !lesson.isPublished) return { key: 'draft' }
  if (because === 'not-enrolled' && tense === 'past') return { key: 'notYetEnrolled' }
  if (because === 'not-yet' && explanation.opensAt !== undefined) return { key: because, date: explanation.opensAt }
  const fact = factBehind(explanation)
  if (!fact) return { key: because }
  if (because === 'expired')
    return { key: tenseOf(fact.until, nowMs) === 'future' ? 'runsOut' : because, ...(fact.until !== undefined && { date: fact.until }) }
  const by = fact.by && { by: fact.by.name }
  if (because === 'gifted' && fact.until !== undefined) return { key: 'giftedUntil', date: fact.at, until: fact.until, ...by }
  return { key: because, date: fact.at, ...by }
}
