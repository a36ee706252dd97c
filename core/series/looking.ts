import { eachByItself } from '#core/by-itself.ts'
import { placeOf } from '#core/content/place-of.ts'
import { lookIntoPull } from '#core/content/pulls.ts'
import { contentRecords, type StoredContent } from '#core/content/records.ts'
import type { Timer } from '#core/handlers.ts'
import { isBefore, plus } from '#core/moments.ts'
import { all } from '#core/records.ts'
import type { Pull } from '#ports/repository.ts'
import type { World } from '#ports/world.ts'
import { changeRun } from './change.ts'
import { afterApplied, afterLook, anew, dropped, isPausing, lost, PULL_LOOK_MS, withoutPapers } from './judge.ts'
import { branchOf, runPrefix } from './papers.ts'
import { openRuns, runRecords, type StoredRun, seriesRecords } from './records.ts'
import { shownLesson } from './shown-lesson.ts'

const isDue = (at: string | undefined, now: string): boolean => at !== undefined && !isBefore(now, at)

const contentOf = async ({ tables, repository }: World): Promise<StoredContent | undefined> =>
  repository && (await contentRecords.get(tables, { name: repository.name }))?.value

/** What the school has found wrong with the commit that a lesson's pull request was merged into, or that has its file by another way. */
const unsoundness = async (world: World, path: string, { isMerged }: { isMerged: boolean }): Promise<string | undefined> => {
  const refused = (await contentOf(world))?.refused
  if (!refused) return undefined
  const own = refused.findings.find((each) => each.path === path)
  if (!own && !isMerged) return undefined
  // Merging may just have mended it: of the newest commit nothing is known before it has been judged.
  if (refused.commit !== (await world.repository?.head())) return undefined
  const finding = own ?? refused.findings[0]
  return finding ? `${placeOf(finding)}: ${finding.says}` : 'What it was merged into is unsound.'
}

/** Asks the repository what has become of a run's pull request, and answers that. */
export const lookAtPull = async (world: World, id: string): Promise<Pull | undefined> => {
  const run = (await runRecords.get(world.tables, { id }))?.value
  if (run?.state !== 'proposed' || !run.pull || !world.repository) return undefined
  const { number } = run.pull
  const found = await world.repository.pull(number)
  // Another repository has another one of that number.
  const pull = found?.branch === branchOf(id) ? found : undefined
  const unsound = await unsoundness(world, run.lesson.path, { isMerged: pull?.state === 'merged' })
  await changeRun(world, id, (now, at) => (now.pull?.number === number ? afterLook(now, { pull, unsound }, at) : undefined))
  return pull
}

/**
 * Merged, and the school shows the very commit that the branch is at since: by then it has the lesson, or the lesson was taken back before it
 * had looked, which nothing else tells of.
 */
const settleMerged = async (world: World, { id, lesson }: StoredRun): Promise<void> => {
  const head = await world.repository?.head()
  const content = await contentOf(world)
  if (head === undefined || content?.applied?.commit !== head || content.refused || content.applying) return
  const shown = await shownLesson(world, lesson.id)
  await changeRun(world, id, (now) => (now.state === 'proposed' ? afterApplied(now, shown) : undefined))
}

const removePapers = async (world: World, run: StoredRun): Promise<void> => {
  const papers = await all((page) => world.drafts.list(runPrefix(run.id), page))
  for (const { key } of papers) await world.drafts.remove(key)
  await changeRun(world, run.id, (now) => (now.papersUntil === run.papersUntil ? withoutPapers(now) : undefined))
}

/** What a run does by itself once what it waited for has come. */
const goneOn = (run: StoredRun, now: string): StoredRun | undefined => {
  if (!isDue(run.nextAt, now)) return undefined
  if (run.state === 'held' || (run.state === 'due' && isPausing(run))) return anew(run, 'writer', now)
  if (run.state === 'waiting' || (run.state === 'drafted' && isPausing(run))) return anew(run, 'publisher', now)
  return ['due', 'writing', 'drafted', 'proposing'].includes(run.state) ? lost(run, now) : undefined
}

const lookAfterOne = async (world: World, id: string): Promise<void> => {
  const { tables, clock } = world
  const now = clock.now().toISOString()
  const run = (await runRecords.get(tables, { id }))?.value
  if (!run) return
  const isNobodys = !(await seriesRecords.get(tables, { id: run.series }))
  if (isNobodys) await changeRun(world, id, dropped)
  if (isDue(run.papersUntil, now)) return removePapers(world, run)
  if (run.state !== 'proposed') return void (await changeRun(world, id, goneOn))
  if (!isDue(run.nextAt, now)) return
  // Put off before it is asked about: a repository that does not answer is not asked every minute.
  await changeRun(world, id, (each) => (each.state === 'proposed' ? { ...each, nextAt: plus(now, PULL_LOOK_MS) } : undefined))
  const pull = await lookAtPull(world, id)
  if (pull?.state === 'merged') await settleMerged(world, run)
  if (pull?.state === 'open') await lookIntoPull(world, pull.number)
}

const lookAfter = async (world: World): Promise<void> => {
  const now = world.clock.now().toISOString()
  const due = (await openRuns(world.tables)).filter(({ at }) => isDue(at, now)).toSorted((one, other) => (one.at < other.at ? -1 : 1))
  // One of them a turn, so that each finds those that were proposed before it when it counts them.
  const next = due.filter(({ state }) => state === 'waiting').slice(0, 1)
  const others = due.filter(({ state }) => state !== 'waiting')
  await eachByItself([...next, ...others], ({ id }) => lookAfterOne(world, id), 'runs')
}

/** Removes a run's papers now. */
export const clearPapers = async (world: World, id: string): Promise<void> => {
  const run = (await runRecords.get(world.tables, { id }))?.value
  if (run?.papersUntil !== undefined) await removePapers(world, run)
}

export const lookingAfter: Timer = { name: 'series.look-after', everySeconds: 60, run: lookAfter }
