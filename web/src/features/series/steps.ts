import type { Run, RunReason, RunState } from '#contract/series.ts'

export const STEPS = ['due', 'writing', 'draft', 'review', 'live'] as const
export type StepName = (typeof STEPS)[number]

/** `asked`: it is somebody else's turn · `stopped`: somebody said no · `skipped`: it will not come to that. */
export type StepLook = 'waiting' | 'running' | 'asked' | 'done' | 'held' | 'failed' | 'stopped' | 'skipped'

const MOVING: readonly RunState[] = ['due', 'writing', 'drafted', 'proposing']
const OVER: readonly RunState[] = ['live', 'closed', 'withdrawn', 'refused', 'failed', 'discarded']

type Known = Pick<Run, 'state' | 'kind' | 'draft' | 'pull' | 'reason'>

/** One attempt has ended badly, and the next begins by itself. */
export const isPausing = ({ state, reason }: Pick<Run, 'state' | 'reason'>): boolean => (state === 'due' || state === 'drafted') && reason !== undefined

/** Its pull request was merged, into what the school does not show yet. */
export const isMergedUnshown = ({ state, reason }: Pick<Run, 'state' | 'reason'>): boolean => state === 'proposed' && reason?.code === 'unsound'

/** It goes on by itself in a moment: worth looking again soon. A trial ends with its draft. */
export const isMoving = ({ state, kind }: Pick<Run, 'state' | 'kind'>): boolean => MOVING.includes(state) && !(state === 'drafted' && kind === 'trial')

/** It may go on without anybody here: a merge, tomorrow, a new month. */
export const isOpen = ({ state }: Pick<Run, 'state'>): boolean => !OVER.includes(state)

const OF_REVIEW: readonly RunReason['code'][] = ['no-repository', 'repository-unreachable', 'repository-refused', 'daily-limit']
const OF_DUE: readonly RunReason['code'][] = ['no-section', 'outline-done', 'over-month-budget', 'over-school-budget', 'no-chatbot']

/** At which step a run that failed has stopped. */
const failedAt = ({ reason, draft, pull }: Known): StepName => {
  if (pull || (reason && OF_REVIEW.includes(reason.code))) return 'review'
  if (reason?.code === 'expired' || reason?.code === 'unsound') return 'draft'
  if (reason && OF_DUE.includes(reason.code)) return 'due'
  return draft ? 'review' : 'writing'
}

/** The step at which it stands, and how it looks there. */
const standing = (run: Known): { at: StepName; look: StepLook } => {
  switch (run.state) {
    // With a reason it is between two attempts.
    case 'due':
      return run.reason ? { at: 'writing', look: 'held' } : { at: 'due', look: 'running' }
    case 'writing':
      return { at: 'writing', look: 'running' }
    case 'drafted':
      if (run.kind === 'trial') return { at: 'draft', look: 'done' }
      return { at: 'review', look: run.reason ? 'held' : 'running' }
    case 'proposing':
      return { at: 'review', look: 'running' }
    case 'waiting':
      return { at: 'review', look: 'held' }
    case 'proposed':
      return isMergedUnshown(run) ? { at: 'live', look: 'held' } : { at: 'review', look: 'asked' }
    case 'live':
      return { at: 'live', look: 'done' }
    case 'closed':
      return { at: 'review', look: 'stopped' }
    case 'withdrawn':
      return { at: 'live', look: 'stopped' }
    case 'refused':
      return { at: 'draft', look: 'failed' }
    case 'held':
      return { at: 'due', look: 'held' }
    case 'failed':
      return { at: failedAt(run), look: 'failed' }
    case 'discarded':
      return { at: 'draft', look: 'stopped' }
  }
}

/** What comes after the step at which it stands. */
const after = ({ state }: Known): StepLook => (OVER.includes(state) && state !== 'live' ? 'skipped' : 'waiting')

/** A run's way from its moment to the lesson. */
export const stepsOf = (run: Known): { name: StepName; look: StepLook }[] => {
  const { at, look } = standing(run)
  const place = STEPS.indexOf(at)
  return STEPS.map((name, index) => ({ name, look: index < place ? 'done' : index === place ? look : after(run) }))
}

export type Tone = 'success' | 'primary' | 'warning' | 'error' | 'neutral'
const TONES: Record<StepLook, Tone> = {
  ...{ waiting: 'neutral', running: 'primary', asked: 'primary', done: 'success' },
  ...{ held: 'warning', failed: 'error', stopped: 'neutral', skipped: 'neutral' },
}

/** The colour of a run's state as a whole. */
export const toneOf = (run: Known): Tone => TONES[standing(run).look]
