import type { FileFinding } from '#contract/content.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { writeTo } from '#core/notices/write.ts'
import { schoolName } from '#core/storefront/brand.ts'
import type { Repository } from '#ports/repository.ts'
import type { World } from '#ports/world.ts'
import { asCode, asMarkdown } from './escape.ts'
import { contentRecords, type StoredContent } from './records.ts'

export const MARK = 'lectern-content'
export const CONTEXT = 'lectern/content'
/** What is told of in a letter and in a comment; the page has all of them. */
const MOST_TOLD = 30

const findingLine = ({ path, line, says }: FileFinding): string => `- ${asCode(path)}${line === undefined ? '' : `, line ${line}`}: ${asMarkdown(says)}`

export const listed = (findings: readonly FileFinding[], line: (finding: FileFinding) => string): string[] => [
  ...findings.slice(0, MOST_TOLD).map(line),
  ...(findings.length > MOST_TOLD ? [`… and ${findings.length - MOST_TOLD} more.`] : []),
]

const stateOf = async (world: World, repository: Repository): Promise<StoredContent | undefined> =>
  (await contentRecords.get(world.tables, { name: repository.name }))?.value

/** Whether the commit is still the one that was refused: of another nothing is to be said any more. */
const refusedNow = async (world: World, repository: Repository, commit: string): Promise<StoredContent['refused']> => {
  const refused = (await stateOf(world, repository))?.refused
  return refused?.commit === commit ? refused : undefined
}

export const pageUrl = ({ settings }: World): string => `${settings.url}/school/content`

const tellRepository = hearing('content.report-refused', 'content.refused', async (world, { commit }) => {
  const { repository } = world
  const refused = repository && (await refusedNow(world, repository, commit))
  if (!refused) return
  const lines = listed(refused.findings, findingLine)
  const text = [`**${await schoolName(world)} does not show this commit.** It goes on showing the one before.`, '', ...lines].join('\n')
  await repository.comment({ commit }, { mark: MARK, text })
  const says = refused.needsWord ? 'Waits for an admin: so many lessons would go' : `${refused.findings.length} to mend; nothing is changed`
  await repository.setStatus({ commit, context: CONTEXT, state: 'failure', says, url: pageUrl(world) })
})

const tellOwner = hearing('content.alert-refused', 'content.refused', async (world, { commit }, { id: event }) => {
  const { repository, settings } = world
  const refused = repository && (await refusedNow(world, repository, commit))
  if (!refused) return
  const plain = listed(refused.findings, ({ path, line, says }) => `${path}${line === undefined ? '' : `, line ${line}`}: ${says}`)
  const content = {
    subject: 'A commit of your courses could not be shown',
    paragraphs: [`The school goes on showing the commit before ${commit.slice(0, 7)} of ${repository.name}, since this is to be mended first:`, ...plain],
    action: { label: 'Look at the repository', url: pageUrl(world) },
  }
  // Once for each commit, however often it is judged.
  await writeTo(world, { id: `content-refused.${commit}`, event, kind: 'content', to: settings.ownerEmail, content })
})

/** The last event of a commit has no changes: by then all of it is shown. */
const tellApplied = hearing('content.report-applied', 'content.applied', async (world, { commit, changes }) => {
  const { repository, settings } = world
  if (!repository || changes.length > 0) return
  const applied = (await stateOf(world, repository))?.applied
  if (applied?.commit !== commit) return
  const says = applied.lessons === 1 ? 'Shown: one lesson' : `Shown: ${applied.lessons} lessons`
  await repository.setStatus({ commit, context: CONTEXT, state: 'success', says, url: settings.url })
})

export const reports: readonly Hearing[] = [tellRepository, tellOwner, tellApplied]
