import { eachByItself } from '#core/by-itself.ts'
import { type Hearing, hearing, type Payload } from '#core/events.ts'
import { chunks } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { type BusNews, taskId } from './bus.ts'
import { changeRun } from './change.ts'
import { afterApplied, afterFailed, afterProposed, afterRefused, afterTaskEnd, afterWaiting, afterWritten } from './judge.ts'
import { lookAtPull } from './looking.ts'
import { lessonRunRecords, openRuns, type StoredRun } from './records.ts'
import { shownLesson } from './shown-lesson.ts'
import { counted } from './spend.ts'

const judged = (run: StoredRun, news: BusNews, now: string): StoredRun | undefined => {
  switch (news.type) {
    case 'draft.written':
      return afterWritten(run, news.detail, now)
    case 'draft.failed':
      return afterFailed(run, news.detail, now)
    case 'draft.proposed':
      return afterProposed(run, news.detail, now)
    case 'draft.refused':
      return afterRefused(run, news.detail)
    case 'draft.waiting':
      return afterWaiting(run, news.detail)
  }
}

/** What it cost counts whichever attempt it was of; what became of it only where the run is still at that attempt. */
const hear = async (world: World, news: BusNews): Promise<void> => {
  await changeRun(world, news.detail.run, (run, now) => {
    const paid = counted(run, news) ?? run
    return news.detail.attempt === run.attempt ? (judged(paid, news, now) ?? paid) : paid
  })
}

const hearEnd = async (world: World, end: Payload<'task.ended'>): Promise<void> => {
  const isOf = ({ id: run, attempt }: StoredRun): boolean => end.id === taskId(end.name, { run, attempt })
  await changeRun(world, end.run, (run, now) => (isOf(run) ? afterTaskEnd(run, end, now) : undefined))
}

const hearOfLesson = async (world: World, lesson: string): Promise<void> => {
  const from = (await lessonRunRecords.get(world.tables, { lesson }))?.value
  if (!from) return
  const shown = await shownLesson(world, lesson)
  await changeRun(world, from.run, (run) => afterApplied(run, shown))
}

const LESSONS_AT_ONCE = 10

const hearOfLessons = async (world: World, { changes }: Payload<'content.applied'>): Promise<void> => {
  for (const some of chunks([...new Set(changes.map(({ lesson }) => lesson))], LESSONS_AT_ONCE))
    await Promise.all(some.map((lesson) => hearOfLesson(world, lesson)))
}

const hearOfPull = async (world: World, { pull }: Payload<'repository.changed'>): Promise<void> => {
  if (pull === undefined) return
  const about = (await openRuns(world.tables)).filter((open) => open.pull === pull)
  for (const { id } of about) await lookAtPull(world, id)
}

/** What keeps a lesson that was merged from being shown is said at once, and not when it is looked after next. */
const hearOfUnsound = async (world: World): Promise<void> => {
  const about = (await openRuns(world.tables)).filter(({ state }) => state === 'proposed')
  await eachByItself(about, async ({ id }) => void (await lookAtPull(world, id)), 'runs')
}

/** What is heard of runs: from the programs by way of the content bus, from their home, and from the repository. */
export const heard: readonly Hearing[] = [
  hearing('series.written', 'draft.written', (world, detail) => hear(world, { type: 'draft.written', detail })),
  hearing('series.failed', 'draft.failed', (world, detail) => hear(world, { type: 'draft.failed', detail })),
  hearing('series.proposed', 'draft.proposed', (world, detail) => hear(world, { type: 'draft.proposed', detail })),
  hearing('series.refused', 'draft.refused', (world, detail) => hear(world, { type: 'draft.refused', detail })),
  hearing('series.waiting', 'draft.waiting', (world, detail) => hear(world, { type: 'draft.waiting', detail })),
  hearing('series.task-ended', 'task.ended', hearEnd),
  hearing('series.applied', 'content.applied', hearOfLessons),
  { ...hearing('series.unsound', 'content.refused', hearOfUnsound), atOnce: 1 },
  hearing('series.look-at-pull', 'repository.changed', hearOfPull),
]
