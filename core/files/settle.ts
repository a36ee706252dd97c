import { lessonRecords, publishedLessonRecords } from '#core/courses/records.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { allClaims, claimRecords } from '#core/media/room.ts'
import { all, chunks } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { fileRecords, filesOf, type KeptFile } from './records.ts'
import { giveUp } from './uploads.ts'

const FILES_AT_ONCE = 50

type Place = { hasDraft: boolean; names: Map<string, string> }

/** Whether a lesson is still being written, and every file that learners or its teacher have, by what it is called. */
const placeOf = async ({ tables }: World, id: string): Promise<Place> => {
  // The draft first: what has left it reaches publication no more, so that a file found in neither is in neither for good.
  const draft = await lessonRecords.get(tables, { id })
  const published = await publishedLessonRecords.get(tables, { id })
  const files = [...(draft?.value.files ?? []), ...(published?.value.files ?? [])]
  return { hasDraft: draft !== undefined, names: new Map(files.map((file) => [file.id, file.name])) }
}

const removeFile = async ({ tables, objects }: World, { id, key }: KeptFile): Promise<void> => {
  await objects.remove(key)
  await tables.commit([fileRecords.remove({ id }), claimRecords.remove({ video: id })])
}

const settleFile = async (world: World, { hasDraft, names }: Place, { id, key, lesson }: KeptFile): Promise<void> => {
  const { tables, objects } = world
  // Read anew: it may have arrived, or gone, since it was listed.
  const file = await fileRecords.get(tables, { id })
  if (!file) return
  const name = names.get(id)
  if (name === undefined) {
    if (file.value.isFinished) await removeFile(world, file.value)
    else if (!hasDraft) await giveUp(world, file)
    return
  }
  const object = await objects.head(key)
  if (!object) throw new Error(`A lesson names ${id}, whose object is gone.`)
  if (object.fileName === name) return
  await objects.nameFile(key, name)
  // Two runs side by side could otherwise leave the older one's name.
  return settleFile(world, await placeOf(world, lesson), file.value)
}

/** One that cannot be settled holds up no other. @throws AggregateError once it has gone through all. */
const settleKept = async (world: World, kept: readonly KeptFile[]): Promise<void> => {
  const failures: unknown[] = []
  for (const [lesson, files] of Map.groupBy(kept, (file) => file.lesson)) {
    const place = await placeOf(world, lesson)
    for (const file of files) {
      try {
        await settleFile(world, place, file)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} files could not be settled.`)
}

/**
 * Makes the store agree with what is written in a course's lessons, whichever event asked for it: a file that neither draft nor
 * published lesson names goes; each that stays is saved under the name learners are shown, or its teacher where they have none.
 *
 * @throws AggregateError once it has gone through all.
 */
export const settleFiles = async (world: World, course: string): Promise<void> => {
  const kept = await all((page) => fileRecords.listIndex(world.tables, filesOf(course), { limit: 1000, ...(page !== undefined && { page }) }), 20_000)
  await settleKept(world, kept)
}

/** The same for every file that takes room, once a day: one that came and went within a moment no index may have listed when it was asked. */
export const settleEveryFile = async (world: World): Promise<void> => {
  const claims = (await allClaims(world)).filter(({ file }) => file !== undefined)
  const kept: KeptFile[] = []
  for (const some of chunks(claims, FILES_AT_ONCE)) {
    const found = await Promise.all(some.map(({ video: id }) => fileRecords.get(world.tables, { id })))
    kept.push(...found.flatMap((file) => (file ? [file.value] : [])))
  }
  await settleKept(world, kept)
}

export const settling: readonly Hearing[] = [
  hearing('files.settle-changed', 'course.files-changed', (world, { course }) => settleFiles(world, course)),
  hearing('files.settle-published', 'course.published', (world, { course }) => settleFiles(world, course)),
  hearing('files.settle-removed', 'course.removed', (world, { course }) => settleFiles(world, course)),
]
