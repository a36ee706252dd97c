import type { FileFinding } from '#contract/content.ts'
import { event } from '#core/events.ts'
import type { Stored } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import { type Repository, RepositoryFailed } from '#ports/repository.ts'
import type { Change, Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { applyCourse } from './apply.ts'
import { AppliedElsewhere } from './ground.ts'
import { type Judged, judge } from './judged.ts'
import { contentRecords, type StoredContent } from './records.ts'

type State = Stored<StoredContent> | undefined

const written = (state: State, value: StoredContent): Change => (state ? contentRecords.replace(state, value) : contentRecords.add(value))

const save = async ({ tables }: World, state: State, value: StoredContent, events: Event[] = []): Promise<void> => {
  if ((await tables.commit([written(state, value)], events)) === 'conflict') throw new AppliedElsewhere()
}

const FAULTS = {
  unreachable: 'The repository does not answer. It is asked again in ten minutes at the latest.',
  limited: 'The repository has been asked so often that it answers again only after a while.',
  'not-allowed': 'The repository does not let the school in: its token is not valid any more, or has no leave to read.',
  refused: 'The repository refuses what the school asks of it.',
  empty: 'The repository has no such branch, or nothing in it.',
} as const

/** Nothing is changed while the repository cannot be read: what was shown goes on being shown. */
const saveFault = async (world: World, { name }: Repository, fault: keyof typeof FAULTS): Promise<void> => {
  const state = await contentRecords.get(world.tables, { name })
  const at = world.clock.now().toISOString()
  const says = FAULTS[fault]
  // Since it could be read last, whatever keeps it from being read now. Another look may have written meanwhile, and knows better.
  await world.tables.commit([written(state, { name, ...state?.value, lookedAt: at, fault: { says, since: state?.value.fault?.since ?? at } })])
}

const without = (value: StoredContent | undefined, name: string): Pick<StoredContent, 'name' | 'applied'> => ({
  name,
  ...(value?.applied && { applied: value.applied }),
})

type Looking = { repository: Repository; state: State; head: string }

/** With all of them the record fits into an item, however long somebody makes a path. */
const MOST_FINDINGS = 100
const MOST_PATH = 300
const MOST_SAID = 700

const shortened = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text)

const inBounds = (findings: readonly FileFinding[]): FileFinding[] =>
  findings.slice(0, MOST_FINDINGS).map(({ path, says, line }) => ({
    ...{ path: shortened(path, MOST_PATH), says: shortened(says, MOST_SAID) },
    ...(line !== undefined && { line }),
  }))

const inWords = (findings: readonly FileFinding[]): string => findings.map(({ path, line, says }) => `${path}:${line}: ${says}`).join('\n')

const refuse = async (
  world: World,
  { repository: { name }, state, head }: Looking,
  { findings, needsWord }: Exclude<Judged, { plans: unknown }>,
): Promise<void> => {
  const at = world.clock.now().toISOString()
  const before = state?.value.refused
  const some = inBounds(findings)
  const isKnown = before?.commit === head && inWords(before.findings) === inWords(some)
  const refused = { commit: head, at: isKnown ? before.at : at, findings: some, needsWord }
  const told = isKnown ? [] : [event(world, 'content.refused', { commit: head, findings: findings.length })]
  await save(world, state, { ...without(state?.value, name), lookedAt: at, refused }, told)
}

const apply = async (world: World, { repository: { name }, state, head }: Looking, { plans, kept }: Extract<Judged, { plans: unknown }>): Promise<void> => {
  const { tables, clock } = world
  const begunAt = clock.now().toISOString()
  await save(world, state, {
    ...without(state?.value, name),
    ...(state?.value.refused && { refused: state.value.refused }),
    lookedAt: begunAt,
    applying: { commit: head, at: begunAt },
  })
  const begun = await contentRecords.get(tables, { name })
  if (begun?.value.applying?.commit !== head) throw new AppliedElsewhere()
  for (const plan of plans) await applyCourse(world, plan, [contentRecords.holds(begun)])
  const at = clock.now().toISOString()
  await save(world, begun, { name, lookedAt: at, applied: { commit: head, at, lessons: kept } }, [
    event(world, 'content.applied', { commit: head, changes: [] }),
  ])
}

const lookOnce = async (world: World, repository: Repository, anyway: string | undefined): Promise<void> => {
  // The state first: whoever begins to apply after it was read has read the head before, so that this one is as new at least.
  const state = await contentRecords.get(world.tables, { name: repository.name })
  const head = await repository.head()
  if (head === undefined) return saveFault(world, repository, 'empty')
  const value = state?.value
  const lookedAt = world.clock.now().toISOString()
  if (value?.applied?.commit === head && !value.refused && !value.applying) return save(world, state, { ...without(value, repository.name), lookedAt })
  const judged = await judge(world, head, { anyway })
  if ('plans' in judged) await apply(world, { repository, state, head }, judged)
  else await refuse(world, { repository, state, head }, judged)
}

const isElsewhere = (error: unknown): boolean => error instanceof AppliedElsewhere || (error instanceof Refusal && error.code === 'conflict')

const MOST_TRIES = 4

/**
 * Reads what the repository's branch is at, and makes the school show it, or nothing of it. What is shown depends on the head alone: news of it
 * may come twice, late or not at all. Two at once: the one that begins last has read the newer head, and the other's next commit fails.
 * @throws RepositoryFailed where the repository cannot be read, AppliedElsewhere where others write all the time
 */
export const look = async (world: World, { anyway }: { anyway?: string | undefined } = {}): Promise<void> => {
  const { repository } = world
  if (!repository) return
  for (let tried = 1; ; tried += 1) {
    try {
      return await lookOnce(world, repository, anyway)
    } catch (error) {
      if (error instanceof RepositoryFailed) await saveFault(world, repository, error.reason)
      if (!isElsewhere(error) || tried === MOST_TRIES) throw error
    }
  }
}
