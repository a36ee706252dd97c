import type { Version } from '#contract/versions.ts'
import type { StoredCourse, StoredLesson } from '#core/courses/records.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { differencesBetween } from './differences.ts'
import { MOST_VERSIONS, prefixOf, Snapshot, type StoredVersion, versionRecords } from './records.ts'

const MOST_DIFFERENCES = 12

export const readSnapshot = async ({ objects }: World, { key }: Pick<StoredVersion, 'key'>): Promise<Snapshot | undefined> => {
  const object = await objects.get(key)
  return object && Snapshot.parse(JSON.parse(new TextDecoder().decode(object.bytes)))
}

/** The version before a number, with what it held. */
const lastBefore = async (world: World, course: string, number: number): Promise<Snapshot | undefined> => {
  const last = number > 1 ? await versionRecords.get(world.tables, { course, number: number - 1 }) : undefined
  return last && readSnapshot(world, last.value)
}

type Kept = { course: StoredCourse; lessons: readonly StoredLesson[]; why: Version['why']; by?: string | undefined }

/**
 * Writes down a course as it stands, and answers what belongs into the commit that makes it a version: until then the object is nobody's, and
 * one of a commit that failed goes with the next pruning.
 */
export const keepVersion = async (world: World, { course, lessons, why, by }: Kept): Promise<{ number: number; changes: Change[] }> => {
  const { objects, ids, clock } = world
  const number = (course.versions ?? 0) + 1
  const snapshot: Snapshot = { course: { ...course, versions: number }, lessons: [...lessons] }
  const key = `${prefixOf(course.id)}${String(number).padStart(8, '0')}-${ids.make('ver')}.json`
  const before = await lastBefore(world, course.id, number)
  await objects.put(key, JSON.stringify(snapshot), { type: 'application/json; charset=utf-8' })
  const differences = before ? differencesBetween(before, snapshot) : []
  const version: StoredVersion = {
    ...{ course: course.id, number, key, why, at: clock.now().toISOString(), title: course.title, lessons: lessons.length },
    ...{ differences: differences.slice(0, MOST_DIFFERENCES), more: Math.max(0, differences.length - MOST_DIFFERENCES) },
    ...(by !== undefined && { by }),
  }
  const oldest = number - MOST_VERSIONS
  return { number, changes: [versionRecords.add(version), ...(oldest > 0 ? [versionRecords.remove({ course: course.id, number: oldest })] : [])] }
}
