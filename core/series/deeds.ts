import type { series as contract, DraftView, Run } from '#contract/series.ts'
import type { Handlers } from '#core/handlers.ts'
import type { Stored, Writing } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { commitRun } from './change.ts'
import { anew, dropped } from './judge.ts'
import { clearPapers } from './looking.ts'
import { makeRun, openPoints, seriesChange } from './make.ts'
import { changedMeanwhile, ownRun, ownSeries } from './own.ts'
import { draftKey, readDraft } from './papers.ts'
import { pathFor } from './place.ts'
import { openRuns, type StoredRun, type StoredSeries } from './records.ts'
import { canOf, shownRun } from './shown.ts'
import { costOf } from './spend.ts'

/** Of one series, at one time, that have not been written yet. */
const MOST_UNDER_WAY = 5
/** Drafts of one series that nobody has proposed or dropped: each is kept and looked after for two weeks. */
const MOST_TRIALS = 20

const notSetUp = (what: string): Refusal => new Refusal('not-set-up', `This school has no ${what}. Its owner can set one up.`)

export const checkSetUp = ({ settings, repository }: World, { isTrial }: { isTrial: boolean }): void => {
  if (!settings.chatbot) throw notSetUp('chatbot')
  if (!repository && !isTrial) throw notSetUp('repository to propose lessons to')
}

export const outlineDone = (): Refusal => new Refusal('conflict', 'Each point of the outline has been taken up. Add to it first.', 'outline-done')

const start: Handlers<typeof contract>['start'] = async (world, actor, { series: id, isTrial }) => {
  const series = await ownSeries(world, actor, id)
  checkSetUp(world, { isTrial })
  const open = (await openRuns(world.tables)).filter((run) => run.series === id)
  const underWay = open.filter(({ state }) => state === 'due' || state === 'writing')
  if (underWay.length >= MOST_UNDER_WAY) throw new Refusal('too-many', `${MOST_UNDER_WAY} lessons of this series are being written already.`)
  if (isTrial && open.filter(({ state }) => state === 'drafted').length >= MOST_TRIALS)
    throw new Refusal('too-many', `There are ${MOST_TRIALS} drafts of this series already. Propose some of them, or discard them.`)
  const [point] = openPoints(series.value)
  if (point === undefined) throw outlineDone()
  const kind = isTrial ? 'trial' : 'asked'
  const run = await makeRun(world, series, { id: world.ids.make('run'), kind, point, dueAt: world.clock.now().toISOString() })
  if (run === 'conflict') throw changedMeanwhile()
  return shownRun(run)
}

const notNow = (): Refusal => new Refusal('conflict', 'This is not possible any more as things are now. Load the page again.')

const written = async (world: World, before: Stored<StoredRun>, after: StoredRun, besides?: Writing): Promise<Run> => {
  if ((await commitRun(world, before, { after, ...(besides && { besides }) })) === 'conflict') throw notNow()
  return shownRun({ ...after, changedAt: world.clock.now().toISOString() })
}

/** Where a run's file belongs as things are now, unless it has been proposed already. */
const placed = async (world: World, run: StoredRun, series: StoredSeries): Promise<StoredRun['lesson']> => {
  if (run.pull) return run.lesson
  return { ...run.lesson, path: (await pathFor(world, { series, point: run.point, lesson: run.lesson.id })) ?? '' }
}

/** What could not be proposed is proposed again, all else written anew; a person's asking begins the counting of failures and of the run's cost anew. */
const retry: Handlers<typeof contract>['retry'] = async (world, actor, { run: id }) => {
  const { run, series } = await ownRun(world, actor, id)
  if (!canOf(run.value).retry) throw notNow()
  const isWritten = ['failed', 'drafted'].includes(run.value.state) && run.value.draft !== undefined && (await world.drafts.get(draftKey(id))) !== undefined
  checkSetUp(world, { isTrial: run.value.kind === 'trial' })
  const now = world.clock.now().toISOString()
  const again: StoredRun = { ...anew(run.value, isWritten ? 'publisher' : 'writer', now), failures: 0, findings: [], spentBefore: costOf(run.value) }
  const { draft: _draft, ...fresh } = again
  // Its writer would take it for one that nobody had been told of.
  if (run.value.state === 'refused') await world.drafts.remove(draftKey(id))
  return written(world, run, { ...(isWritten ? again : fresh), lesson: await placed(world, run.value, series.value) })
}

/** From here on a trial is as any other lesson that was asked for, and takes its point. */
const propose: Handlers<typeof contract>['propose'] = async (world, actor, { run: id }) => {
  const { run, series } = await ownRun(world, actor, id)
  if (!canOf(run.value).propose) throw notNow()
  checkSetUp(world, { isTrial: false })
  if (series.value.taken.includes(run.value.point)) throw new Refusal('conflict', 'This point of the outline has been written meanwhile.', 'point-taken')
  const besides = seriesChange(world, series, { ...series.value, taken: [...series.value.taken, run.value.point] })
  const after: StoredRun = { ...anew(run.value, 'publisher', world.clock.now().toISOString()), kind: 'asked', failures: 0 }
  return written(world, run, { ...after, lesson: await placed(world, run.value, series.value) }, besides)
}

const discard: Handlers<typeof contract>['discard'] = async (world, actor, { run: id }) => {
  const { run } = await ownRun(world, actor, id)
  const after = canOf(run.value).discard ? dropped(run.value, world.clock.now().toISOString()) : undefined
  if (!after) throw notNow()
  const answer = await written(world, run, after)
  await clearPapers(world, id)
  return answer
}

const draft: Handlers<typeof contract>['draft'] = async (world, actor, { run: id }): Promise<DraftView> => {
  const { run, series } = await ownRun(world, actor, id)
  const found = run.value.draft && (await readDraft(world, id))
  if (!found) throw new Refusal('not-found', 'There is no draft of it, or none any more.', 'draft')
  const { title, about, text, questions } = found
  return { run: shownRun(run.value), series: { id: series.value.id, title: series.value.brief.title }, title, about, text, questions }
}

/** What a teacher does with one run. */
export const deeds = { start, draft, retry, propose, discard }
