import { createHash } from 'node:crypto'
import type { FileFinding } from '#contract/content.ts'
import { schoolName } from '#core/storefront/brand.ts'
import { type Pull, type Repository, RepositoryFailed } from '#ports/repository.ts'
import type { World } from '#ports/world.ts'
import { asCode, asMarkdown } from './escape.ts'
import { AppliedElsewhere } from './ground.ts'
import { judge } from './judged.ts'
import { placeOf } from './place-of.ts'
import { contentPullRecords, type StoredContentPull } from './records.ts'
import { CONTEXT, listed, MARK, pageUrl } from './report.ts'

/** What would be said of the commit were it merged; `isAsked` where an admin would have to say first that it is meant. */
type Verdict = { findings: FileFinding[]; isAsked: boolean }

/** Anybody may propose to a repository that is public, and each of these is a call that the main branch may be in need of. */
const MOST_NEW_FILES = 1000

const verdictOf = async (world: World, { head }: Pull): Promise<Verdict | undefined> => {
  try {
    const judged = await judge(world, head, { mostNew: MOST_NEW_FILES })
    if ('plans' in judged) return { findings: [], isAsked: false }
    // Lessons seem to go where the branch is only older than they are.
    return judged.needsWord ? { findings: [], isAsked: true } : { findings: judged.findings, isAsked: false }
  } catch (error) {
    // The head of a fork that the school may not read: nothing is known of it.
    if (error instanceof RepositoryFailed && (error.reason === 'refused' || error.reason === 'not-allowed')) return undefined
    throw error
  }
}

const commentOn = async (world: World, { findings }: Verdict): Promise<string> => {
  const school = asMarkdown(await schoolName(world))
  if (findings.length === 0) return `**This is sound now.** ${school} would show it once it is merged.`
  const lines = listed(findings, (finding) => `- ${asCode(placeOf(finding))}: ${asMarkdown(finding.says)}`)
  return [`**Merged as it is, ${school} would show nothing of it**, nor of any later commit, until this is mended:`, '', ...lines].join('\n')
}

const statusOf = ({ findings, isAsked }: Verdict): string => {
  if (findings.length > 0) return `${findings.length} to mend before it is merged`
  return isAsked ? 'Sound; if so many lessons really go, an admin is asked' : 'Sound: the school can show it'
}

const report = async (world: World, repository: Repository, { pull, verdict, hasFailed }: { pull: Pull; verdict: Verdict; hasFailed: boolean }) => {
  if (hasFailed) await repository.comment({ pull: pull.number }, { mark: MARK, text: await commentOn(world, verdict) })
  const state = verdict.findings.length > 0 ? 'failure' : 'success'
  await repository.setStatus({ commit: pull.head, context: CONTEXT, state, says: statusOf(verdict), url: pageUrl(world) })
}

const digestOf = (verdict: Verdict): string => createHash('sha256').update(JSON.stringify(verdict)).digest('hex')

type Asked = { repository: Repository; number: number; isSure: boolean }

const judgeOnce = async (world: World, { repository, number, isSure }: Asked): Promise<'done' | 'conflict'> => {
  const { tables } = world
  const key = { name: repository.name, number }
  const before = await contentPullRecords.get(tables, key)
  const pull = await repository.pull(number)
  if (pull?.state !== 'open') return 'done'
  const told = isSure && before?.value.isTold && before.value.head === pull.head ? before.value : undefined
  if (told?.isSound) return 'done'
  // What was unsound may be sound since the school has changed: somebody teaches now, say.
  const verdict = await verdictOf(world, pull)
  if (!verdict || told?.digest === digestOf(verdict)) return 'done'
  const isSound = verdict.findings.length === 0
  const hasFailed = !isSound || before?.value.hasFailed === true
  const value: StoredContentPull = { ...key, head: pull.head, isSound, hasFailed, digest: digestOf(verdict), isTold: false }
  // Before it is told, so that of two the one that has read the older head tells nothing.
  if ((await tables.commit([before ? contentPullRecords.replace(before, value) : contentPullRecords.add(value)])) === 'conflict') return 'conflict'
  const begun = await contentPullRecords.get(tables, key)
  if (begun?.value.digest !== value.digest || begun.value.head !== pull.head) return 'conflict'
  await report(world, repository, { pull, verdict, hasFailed })
  return tables.commit([contentPullRecords.replace(begun, { ...value, isTold: true })])
}

const MOST_TRIES = 4

/**
 * Judges what a pull request would make of the school, and says so on it: nothing is changed here, and each head is told of once.
 * @throws RepositoryFailed where the repository cannot be asked, AppliedElsewhere where others tell all the time
 */
export const lookIntoPull = async (world: World, number: number): Promise<void> => {
  const { repository } = world
  if (!repository) return
  for (let tried = 1; tried <= MOST_TRIES; tried += 1) {
    // Another has told meanwhile, before or after what was told here: so that the newest words stay, they are said again.
    if ((await judgeOnce(world, { repository, number, isSure: tried === 1 })) === 'done') return
  }
  throw new AppliedElsewhere()
}
