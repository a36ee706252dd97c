import type { versions as contract, Version } from '#contract/versions.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { type Hearing, hearing } from '#core/events.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { all } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { differencesBetween } from './differences.ts'
import { readSnapshot } from './keep.ts'
import { preview } from './preview.ts'
import { MOST_VERSIONS, prefixOf, type StoredVersion, versionRecords } from './records.ts'
import { draftOf, restore } from './restore.ts'

const shown = ({ course: _, key: __, ...version }: StoredVersion): Version => version

const kept = (tables: Tables, course: string): Promise<StoredVersion[]> =>
  all((page) =>
    versionRecords.list(tables, `course#${course}`, { prefix: 'version#', limit: MOST_VERSIONS, descending: true, ...(page !== undefined && { page }) }),
  )

type Compared = { course: string; number: number; lesson?: string | undefined }

const compare = async (world: World, actor: Actor, { course: id, number, lesson }: Compared) => {
  const { tables } = world
  const { value: course } = await ownCourse(tables, actor, id, { to: 'edit' })
  const version = await versionRecords.get(tables, { course: id, number })
  const then = version && (await readSnapshot(world, version.value))
  if (!version || !then) throw missing('version')
  const now = await draftOf(tables, course)
  const texts = lesson === undefined ? undefined : [then, now].map(({ lessons }) => lessons.find((each) => each.id === lesson)?.text)
  return {
    ...{ version: shown(version.value), differences: differencesBetween(then, now) },
    ...(texts && { texts: { ...(texts[0] !== undefined && { before: texts[0] }), ...(texts[1] !== undefined && { now: texts[1] }) } }),
  }
}

/** Objects of versions that are not kept any more, or never came to be. */
const prune = async ({ tables, objects }: World, course: string): Promise<void> => {
  const keys = new Set((await kept(tables, course)).map(({ key }) => key))
  const newest = [...keys].sort().at(-1) ?? '~'
  const there = await all((page) => objects.list(prefixOf(course), page))
  // One that sorts behind the newest may be about to become a version.
  for (const { key } of there) if (!keys.has(key) && key < newest) await objects.remove(key)
}

const forget = async ({ tables, objects }: World, course: string): Promise<void> => {
  for (const { number } of await kept(tables, course)) await tables.commit([versionRecords.remove({ course, number })])
  const there = await all((page) => objects.list(prefixOf(course), page))
  for (const { key } of there) await objects.remove(key)
}

const hearings: readonly Hearing[] = [
  hearing('versions.prune', 'course.published', (world, { course }) => prune(world, course)),
  hearing('versions.forget', 'course.removed', (world, { course }) => forget(world, course)),
]

export const versions: Feature<typeof contract> = {
  handlers: {
    list: async ({ tables }, actor, { course }) => {
      await ownCourse(tables, actor, course, { to: 'edit' })
      return { versions: (await kept(tables, course)).map(shown) }
    },
    compare,
    restore,
    preview,
  },
  hearings,
  timers: [],
}
