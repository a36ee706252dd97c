import * as z from 'zod/mini'
import type { Finding, RunReason } from '#contract/series.ts'
import { writeLesson } from '#core/content/format/lesson.ts'
import type { Clock } from '#ports/clock.ts'
import type { Log } from '#ports/log.ts'
import { type Pull, type Repository, RepositoryFailed } from '#ports/repository.ts'
import type { DraftStore } from '#ports/world.ts'
import type { Tell } from '../bus.ts'
import { type Brief, branchOf, type Draft, OWN_BRANCHES, readBrief, readDraft } from '../papers.ts'
import { fieldsOf, type Reach } from './checks/check.ts'
import { checkDraft, hasErrors } from './checks/checks.ts'
import { lessonOf } from './checks/shape.ts'
import { proposalOf, REPORT_MARK, reportOf, STATUS_CONTEXT, summed } from './report.ts'

type ProposalRepository = Pick<Repository, 'branch' | 'folder' | 'propose' | 'proposedSince' | 'comment' | 'setStatus'>

/** All that the publisher has around it. */
export type Publisher = {
  /** Undefined where the school keeps no courses in Git. */
  repository: ProposalRepository | undefined
  drafts: DraftStore
  tell: Tell
  clock: Clock
  log: Log
  reach: Reach
  linkHosts: readonly string[]
}

type Papers = { brief: Brief; draft: Draft }

const DAY_MS = 24 * 3600_000

/** A draft whose file is not one is what a chatbot may do: it is refused, and not a fault of the program. */
const draftOrFinding = async (store: { drafts: DraftStore }, run: string): Promise<Draft | Finding | undefined> => {
  try {
    return await readDraft(store, run)
  } catch (error) {
    if (error instanceof z.core.$ZodError || error instanceof SyntaxError) return { check: 'schema', severity: 'error', says: 'The draft is none.' }
    throw error
  }
}

const tellFailed = ({ tell }: Publisher, { run, attempt }: { run: string; attempt: number }, { reason, isFinal }: { reason: RunReason; isFinal: boolean }) =>
  tell({ type: 'draft.failed', detail: { run, attempt, by: 'publisher', reason, isFinal, tokens: { input: 0, output: 0 }, costMicros: 0, model: '' } })

/** When another may be proposed; undefined where one may be now. One that is there already is changed, which counts for nothing. */
const waitingUntil = async ({ clock }: Publisher, repository: ProposalRepository, { run, proposals }: Brief): Promise<string | undefined> => {
  const midnight = Math.floor(clock.now().getTime() / DAY_MS) * DAY_MS
  const today = await repository.proposedSince(OWN_BRANCHES, new Date(midnight).toISOString())
  const hasOwn = today.some(({ branch }) => branch === branchOf(run))
  return hasOwn || today.length < proposals.aDay ? undefined : new Date(midnight + DAY_MS).toISOString()
}

const isPassing = (error: RepositoryFailed): boolean => error.reason === 'unreachable' || error.reason === 'limited'

/** The report, where it may be left: a pull request without it is one all the same. */
const report = async ({ log }: Publisher, repository: ProposalRepository, { brief, pull, findings }: { brief: Brief; pull: Pull; findings: Finding[] }) => {
  if (pull.state !== 'open') return
  try {
    await repository.comment({ pull: pull.number }, { mark: REPORT_MARK, text: reportOf(findings) })
    const status = { commit: pull.head, context: STATUS_CONTEXT, state: 'success', says: summed(findings), url: brief.previewUrl } as const
    if ((await repository.setStatus(status)) === 'not-allowed') log.info('the status of a draft may not be set', { run: brief.run })
  } catch (error) {
    if (!(error instanceof RepositoryFailed) || isPassing(error)) throw error
    log.warn('the report on a draft could not be left', { run: brief.run, reason: error.reason })
  }
}

const propose = async (publisher: Publisher, repository: ProposalRepository, papers: Papers): Promise<void> => {
  const { brief, draft } = papers
  const { tell, reach, linkHosts } = publisher
  const about = { run: brief.run, attempt: brief.attempt }
  const findings = await checkDraft({ brief, draft, fields: fieldsOf(draft), repository, linkHosts, reach })
  if (hasErrors(findings)) return tell({ type: 'draft.refused', detail: { ...about, findings } })
  const until = await waitingUntil(publisher, repository, brief)
  if (until !== undefined) return tell({ type: 'draft.waiting', detail: { ...about, until } })
  const files = [{ path: brief.lesson.path, text: writeLesson(lessonOf(brief, draft)) }]
  const pull = await repository.propose(proposalOf(papers, files))
  await report(publisher, repository, { brief, pull, findings })
  await tell({ type: 'draft.proposed', detail: { ...about, pull: { number: pull.number, url: pull.url }, findings } })
}

const failedReason = (error: RepositoryFailed): { reason: RunReason; isFinal: boolean } => {
  const code = isPassing(error) ? 'repository-unreachable' : 'repository-refused'
  return { reason: { code, detail: error.message }, isFinal: !isPassing(error) }
}

/**
 * Proposes a run's draft in a pull request, or tells why not. Done again it makes nothing twice: the branch is the run's, and so is the
 * pull request.
 */
export const publish = async (publisher: Publisher, run: string): Promise<void> => {
  const { repository, tell } = publisher
  const brief = await readBrief(publisher, run)
  const draft = await draftOrFinding(publisher, run)
  const about = { run, attempt: brief?.attempt ?? 0 }
  if (brief?.isTrial) return
  if (!brief || !draft) return tellFailed(publisher, about, { reason: { code: 'expired', detail: 'Its papers are no longer there.' }, isFinal: true })
  if ('check' in draft) return tell({ type: 'draft.refused', detail: { ...about, findings: [draft] } })
  if (!repository) return tellFailed(publisher, about, { reason: { code: 'no-repository', detail: 'There is no repository to propose it to.' }, isFinal: true })
  try {
    await propose(publisher, repository, { brief, draft })
  } catch (error) {
    if (!(error instanceof RepositoryFailed)) throw error
    publisher.log.warn('a draft could not be proposed', { run, reason: error.reason, says: error.message })
    await tellFailed(publisher, about, failedReason(error))
  }
}
