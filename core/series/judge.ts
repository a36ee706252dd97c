import type { RunReason } from '#contract/series.ts'
import type { Payload } from '#core/events.ts'
import { plus } from '#core/moments.ts'
import type { Pull } from '#ports/repository.ts'
import type { TaskName } from '#ports/tasks.ts'
import { DRAFT_DAYS } from './papers.ts'
import type { StoredRun } from './records.ts'

/*
 * What becomes of a run when something is heard of it: pure, and for news of one attempt the same in whatever order, and however often, it is
 * heard. States only move forward; `undefined` where nothing changes. News is of the run's own attempt: whoever asks has looked.
 */

type Judgement = StoredRun | undefined

const MINUTE_MS = 60_000
/** A program has ended by itself, or was ended, five minutes before. */
export const SILENCE_MS = 20 * MINUTE_MS
export const PULL_LOOK_MS = 10 * MINUTE_MS
const PAUSES_MS = [MINUTE_MS, 10 * MINUTE_MS] as const

const OVER: readonly StoredRun['state'][] = ['live', 'closed', 'withdrawn', 'discarded']
const WITH_WRITER: readonly StoredRun['state'][] = ['due', 'writing', 'held']

export const isOver = ({ state }: StoredRun): boolean => OVER.includes(state)

/** It is between two attempts: the last one's end is known by its reason. */
export const isPausing = ({ state, reason }: StoredRun): boolean => (state === 'due' || state === 'drafted') && reason !== undefined

const programFailed = (detail: string): RunReason => ({ code: 'program-failed', detail })
const isProgramFailure = ({ reason }: StoredRun): boolean => reason?.code === 'program-failed'
/** A program ended badly, which says less than what it may have told before. */
const isHalfKnown = (run: StoredRun): boolean => (isPausing(run) || run.state === 'failed') && isProgramFailure(run)

const stageOf = ({ state, draft }: StoredRun): TaskName => (WITH_WRITER.includes(state) || (state === 'failed' && !draft) ? 'writer' : 'publisher')

/** Without why it stood where it did, and what it waited for. */
const bare = ({ reason: _reason, nextAt: _nextAt, ...run }: StoredRun): StoredRun => run

/** Begins anew, as the next attempt. */
export const anew = (run: StoredRun, stage: TaskName, now: string): StoredRun => ({
  ...bare(run),
  ...{ attempt: run.attempt + 1, state: stage === 'writer' ? 'due' : 'drafted', nextAt: plus(now, SILENCE_MS) },
})

export const writing = (run: StoredRun, now: string): StoredRun => ({
  ...{ ...bare(run), state: 'writing', nextAt: plus(now, SILENCE_MS), papersUntil: plus(now, DRAFT_DAYS * 24 * 60 * MINUTE_MS) },
})

export const proposing = (run: StoredRun, now: string): StoredRun => ({ ...bare(run), state: 'proposing', nextAt: plus(now, SILENCE_MS) })

export const held = (run: StoredRun, until: string, reason: RunReason): StoredRun => ({ ...run, state: 'held', nextAt: until, reason })

export const failed = (run: StoredRun, reason: RunReason): StoredRun => ({ ...bare(run), state: 'failed', reason })

type End = { stage: TaskName; reason: RunReason; isFinal: boolean }

/** An attempt has ended badly: it is tried again after a pause, unless that would do no good or has been done twice. */
export const endedBadly = (run: StoredRun, { stage, reason, isFinal }: End, now: string): StoredRun => {
  const failures = (stageOf(run) === stage ? run.failures : 0) + 1
  const pause = PAUSES_MS[failures - 1]
  if (isFinal || pause === undefined) return { ...failed(run, reason), failures }
  return { ...run, state: stage === 'writer' ? 'due' : 'drafted', failures, reason, nextAt: plus(now, pause) }
}

/** No sign of life. */
export const lost = (run: StoredRun, now: string): StoredRun => {
  const stage = stageOf(run)
  return endedBadly(run, { stage, reason: programFailed(`Nothing has been heard of the ${stage} for 20 minutes.`), isFinal: false }, now)
}

/** Whether the attempt may still end in this stage; not where it has already. */
const canEnd = (run: StoredRun, stage: TaskName): boolean => {
  const isUnderWay = !isPausing(run) && ['due', 'writing', 'drafted', 'proposing'].includes(run.state)
  if (stage === 'writer') return isUnderWay && stageOf(run) === 'writer'
  // A publisher that has ended was begun, so the writer's end is known to have been good.
  return isUnderWay || (stageOf(run) === 'writer' && isHalfKnown(run))
}

export const afterWritten = (run: StoredRun, { title, model, toPropose }: Payload<'draft.written'>, now: string): Judgement => {
  if (run.state === 'discarded') return { ...run, papersUntil: now }
  const known: StoredRun = {
    ...{ ...run, model, lesson: { ...run.lesson, title: run.state === 'live' ? (run.lesson.title ?? title) : title } },
    ...(run.papersUntil !== undefined && { draft: { title, expiresAt: run.papersUntil } }),
  }
  if (stageOf(run) === 'publisher' || (run.state === 'failed' && !isProgramFailure(run)) || run.state === 'held') return known
  return toPropose ? { ...proposing(known, now), failures: 0 } : { ...bare(known), state: 'drafted', failures: 0 }
}

export const afterFailed = (run: StoredRun, { by, reason, isFinal }: Payload<'draft.failed'>, now: string): Judgement => {
  if (canEnd(run, by)) return endedBadly(run, { stage: by, reason, isFinal }, now)
  if (!isHalfKnown(run) || stageOf(run) !== by) return undefined
  return isFinal ? failed(run, reason) : { ...run, reason }
}

export const afterTaskEnd = (run: StoredRun, { name, fault }: Payload<'task.ended'>, now: string): Judgement =>
  canEnd(run, name) ? endedBadly(run, { stage: name, reason: programFailed(fault), isFinal: false }, now) : undefined

export const afterProposed = (run: StoredRun, { pull, findings }: Payload<'draft.proposed'>, now: string): StoredRun => {
  const known = { ...run, pull, findings }
  if (isOver(run) || run.state === 'proposed') return known
  return { ...bare(known), state: 'proposed', failures: 0, nextAt: plus(now, PULL_LOOK_MS) }
}

export const afterRefused = (run: StoredRun, { findings }: Payload<'draft.refused'>): Judgement => {
  if (isOver(run) || run.state === 'proposed') return undefined
  const detail = findings.find(({ severity }) => severity === 'error')?.says ?? 'The draft is unsound.'
  return { ...bare(run), state: 'refused', failures: 0, findings, reason: { code: 'unsound', detail } }
}

export const afterWaiting = (run: StoredRun, { until }: Payload<'draft.waiting'>): Judgement => {
  if (isOver(run) || run.state === 'proposed' || run.state === 'refused') return undefined
  return { ...run, state: 'waiting', failures: 0, nextAt: until, reason: { code: 'daily-limit', detail: 'As many drafts as may be have been proposed today.' } }
}

/** By what the school has of its lesson now, and not by the news: several may come in any order. */
export const afterApplied = (run: StoredRun, lesson: { title: string; path?: string } | undefined): StoredRun =>
  lesson ? { ...bare(run), state: 'live', failures: 0, lesson: { ...run.lesson, ...lesson } } : { ...bare(run), state: 'withdrawn', failures: 0 }

/** By what its pull request is now; `unsound` what the school has found wrong with the commit that has its lesson. */
export const afterLook = (run: StoredRun, { pull, unsound }: { pull: Pull | undefined; unsound: string | undefined }, now: string): Judgement => {
  if (run.state !== 'proposed') return undefined
  if (!pull || pull.state === 'closed') return { ...bare(run), state: 'closed' }
  const reason = unsound !== undefined ? { reason: { code: 'unsound' as const, detail: unsound } } : {}
  return { ...bare(run), nextAt: plus(now, PULL_LOOK_MS), ...reason }
}

/** Its papers are gone. Whoever needed them has come to an end. */
export const withoutPapers = ({ papersUntil: _papersUntil, draft: _draft, ...run }: StoredRun): StoredRun => {
  const isLost = ['drafted', 'proposing', 'waiting'].includes(run.state)
  return isLost ? failed(run, { code: 'expired', detail: `Drafts are kept for ${DRAFT_DAYS} days.` }) : run
}

const BEFORE_PROPOSAL: readonly StoredRun['state'][] = ['due', 'writing', 'drafted', 'waiting', 'held', 'failed', 'refused']

/** Nobody wants it any more; what is in review, or published, stays as it is. */
export const dropped = (run: StoredRun, now: string): Judgement => {
  if (!BEFORE_PROPOSAL.includes(run.state)) return undefined
  const { draft: _draft, ...rest } = bare(run)
  return { ...rest, state: 'discarded', ...(run.papersUntil !== undefined && { papersUntil: now }) }
}
