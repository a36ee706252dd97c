import { createHash } from 'node:crypto'
import type { RunReason } from '#contract/series.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { runRecords, type StoredRun, type StoredSeries, seriesRecords } from '#core/series/records.ts'
import type { World } from '#ports/world.ts'
import { formatsIn } from './words/formats.ts'
import { write, writeIfWanted } from './write.ts'

type Known = { run: StoredRun; series: StoredSeries }

const known = async ({ tables }: World, id: string): Promise<Known | undefined> => {
  const run = (await runRecords.get(tables, { id }))?.value
  const series = run && (await seriesRecords.get(tables, { id: run.series }))?.value
  return run && series && { run, series }
}

const pageOf = ({ settings }: World, series: string): string => `${settings.url}/teach/series/${series}`

/** What a teacher reads of a reason; what was found in detail stands on the page. */
const WORDS: Record<RunReason['code'], string> = {
  'chatbot-unreachable': 'The chatbot could not be reached.',
  'chatbot-slow': 'The chatbot did not answer in time.',
  'chatbot-refused': 'The chatbot’s service refused what it was asked. The school’s owner can check its key and model.',
  'chatbot-malformed': 'The chatbot’s answers could not be read.',
  'chatbot-cut-off': 'The chatbot’s answers were cut off before their end.',
  'over-run-budget': 'What one lesson may cost was used up before it was written.',
  'over-month-budget': 'The month’s budget of this series has no room for another lesson.',
  'over-school-budget': 'What the school lets all its series cost in a month has no room for another lesson.',
  'no-chatbot': 'The school has no chatbot any more.',
  'no-repository': 'The school has no repository that lessons could be proposed to.',
  'no-section': 'The course or the section that it was to be written for is gone.',
  'outline-done': 'Nothing of the outline is left.',
  'daily-limit': 'As many drafts as may be have been proposed today.',
  unsound: 'The draft did not pass the checks that every draft is put to before anybody is asked to review it.',
  'repository-unreachable': 'The repository could not be reached.',
  'repository-refused': 'The repository did not take the draft. The school’s owner can check what its token may do.',
  'program-failed': 'The program that worked on it ended too early, several times.',
  expired: 'Its draft was kept for two weeks and never proposed, and is gone now.',
}

const because = ({ reason }: StoredRun): string[] => (reason ? [WORDS[reason.code], ...(reason.code === 'unsound' ? [reason.detail] : [])] : [])

const inReview = hearing('notices.draft-proposed', 'draft.proposed', async (world, { run: id, pull }, { id: event }) => {
  const found = await known(world, id)
  if (!found) return
  const { run, series } = found
  const title = run.lesson.title ?? run.point
  const content = {
    subject: `A draft waits for your review: ${title}`,
    paragraphs: [
      `“${title}” has been written for “${series.brief.title}”. It lies in a pull request, with what the checks have to say of it.`,
      'Nothing of it is published before somebody merges it. Change it there as you like, or close it if you do not want it.',
    ],
    action: { label: 'Review the draft', url: pull.url },
  }
  // Once for the run: it may be told of by several attempts.
  await writeIfWanted(world, { id: `${id}.proposed`, event, person: run.teacher, kind: 'series', content })
})

const SUBJECTS = { failed: 'A lesson could not be written', refused: 'A draft did not pass the checks', held: 'A lesson waits for the month’s budget' } as const

const AFTERWARDS = {
  failed: 'The series goes on with its next lesson on its day. This one can be tried again on the series’ page.',
  refused: 'Nobody but you has been shown it. The page lists what was found; the lesson can be written anew there.',
  held: 'It goes on by itself next month, or when you raise the budget and try again.',
} as const

const ended = hearing('notices.run-ended', 'run.ended', async (world, { run: id, state }, { id: happening }) => {
  if (state !== 'failed' && state !== 'refused' && state !== 'held') return
  const found = await known(world, id)
  // Somebody may have tried again meanwhile.
  if (found?.run.state !== state) return
  const { run, series } = found
  // A trial that nobody proposed was wanted by nobody.
  if (run.kind === 'trial' && run.reason?.code === 'expired') return
  const content = {
    subject: `${SUBJECTS[state]}: ${run.lesson.title ?? run.point}`,
    paragraphs: [`It is about “${run.lesson.title ?? run.point}”, of “${series.brief.title}”.`, ...because(run), AFTERWARDS[state]],
    action: { label: 'Open the series', url: pageOf(world, series.id) },
  }
  await write(world, { id: happening, kind: 'series', person: run.teacher, content })
  if (state !== 'failed') return
  const text = `“${run.point}” of the series “${series.brief.title}” could not be written or proposed. ${because(run).join(' ')} ${run.reason?.detail ?? ''}\n\n${pageOf(world, series.id)}`
  await world.alerts.tell({ kind: 'series', id: `${id}.failed`, subject: `A lesson could not be written: ${series.brief.title}`, text })
})

/** What the owner is told of a commit, and of which lesson of theirs it is. */
const unsound = hearing('notices.run-unsound', 'run.unsound', async (world, { run: id }, { id: event }) => {
  const found = await known(world, id)
  // Mended meanwhile.
  if (found?.run.state !== 'proposed' || found.run.reason?.code !== 'unsound') return
  const { run, series } = found
  const { detail } = found.run.reason
  const title = run.lesson.title ?? run.point
  const content = {
    subject: `The school cannot show it yet: ${title}`,
    paragraphs: [
      `“${title}”, of “${series.brief.title}”, is in a commit that the school cannot show. It goes on showing the one before, since this is to be mended first:`,
      detail,
      'It is shown by itself once a later commit is sound.',
    ],
    action: { label: 'Open the series', url: pageOf(world, series.id) },
  }
  // Once for each thing to mend, in however many commits it is found again.
  const what = createHash('sha256').update(detail).digest('hex').slice(0, 16)
  await write(world, { id: `${id}.unsound.${what}`, event, kind: 'series', person: run.teacher, content })
})

const done = hearing('notices.series-done', 'series.done', async (world, { series: id }, { id: happening }) => {
  const series = (await seriesRecords.get(world.tables, { id }))?.value
  if (series?.status !== 'done') return
  const content = {
    subject: `The outline is used up: ${series.brief.title}`,
    paragraphs: [
      `Each point of the outline of “${series.brief.title}” has been taken up, so nothing more is written by its schedule.`,
      'Add to the outline if it should go on.',
    ],
    action: { label: 'Open the series', url: pageOf(world, id) },
  }
  await writeIfWanted(world, { id: happening, person: series.teacher, kind: 'series', content })
})

const silent = hearing('notices.series-silent', 'series.silent', async (world, { series: id, dueAt }) => {
  const series = (await seriesRecords.get(world.tables, { id }))?.value
  if (!series) return
  const text = `A lesson of “${series.brief.title}” was due on ${formatsIn('en').moment(dueAt)}. More than a day later nothing has been written, neither then nor since.\n\n${pageOf(world, id)}`
  await world.alerts.tell({ kind: 'series', id: `${id}.silent.${dueAt}`, subject: `A series is silent: ${series.brief.title}`, text })
})

/** Letters and alerts about what the chatbot writes. */
export const seriesLetters: readonly Hearing[] = [inReview, ended, unsound, done, silent]
