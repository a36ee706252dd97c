import { workFileRecords } from '#core/assignments/records.ts'
import { courseRecords } from '#core/courses/records.ts'
import { event } from '#core/events.ts'
import { claimRecords } from '#core/media/room.ts'
import { objectsBelow } from '#core/objects.ts'
import { type Leaving, replacing } from '#core/personal.ts'
import { NOTHING_WRITTEN, type Writing } from '#core/records.ts'
import { postRecords, reportRecords, threadRecords, waitingRecords } from '#core/talk/records.ts'
import { prefixOf } from '#core/versions/records.ts'
import type { Change, Item, JsonObject } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { removeCopy } from './copying.ts'
import { exportRecords } from './records.ts'

type Told = { item: Item; changes: readonly Change[]; leaving: Leaving }

/** What goes or changes beside an item: done before its commit, so that it is done again where that fails, or held in it. */
type Effect = (world: World, told: Told) => Promise<Writing>

/** A file of somebody's work: its bytes, and what it takes of the store. */
const workFile: Effect = async ({ tables, objects }, { item }) => {
  const file = (await workFileRecords.get(tables, { id: String(item.body['id']) }))?.value
  if (!file) return NOTHING_WRITTEN
  await objects.cancelUpload(file.key, file.ticket)
  await objects.remove(file.key)
  return { changes: [claimRecords.remove({ video: file.id })], events: [] }
}

const dataCopy: Effect = async (world, { item }) => {
  const copy = (await exportRecords.get(world.tables, { person: String(item.body['person']) }))?.value
  if (!copy) return NOTHING_WRITTEN
  await removeCopy(world, copy.id)
  return NOTHING_WRITTEN
}

/** A published course has its teacher's name on static pages. */
const publication: Effect = async (world, { item }) => ({ changes: [], events: [event(world, 'review.changed', { course: String(item.body['id']) })] })

/** Versions lie in the store, with the course as it was in them. */
const versions: Effect = async (world, { item, leaving }) => {
  const id = String(item.body['id'])
  if (!(await courseRecords.get(world.tables, { id }))) return NOTHING_WRITTEN
  const replaced = replacing(leaving, { isWork: true })
  for await (const { key } of objectsBelow(world, prefixOf(id))) {
    const object = await world.objects.get(key)
    if (!object) continue
    // The school's own, written as JSON of an object.
    const snapshot = JSON.parse(new TextDecoder().decode(object.bytes)) as JsonObject
    await world.objects.put(key, JSON.stringify(replaced(snapshot)), { type: object.type })
  }
  return NOTHING_WRITTEN
}

/** A thread whose words are gone waits for nobody's answer. */
const thread: Effect = async ({ tables }, { item, leaving }) => {
  const before = (await threadRecords.get(tables, { id: String(item.body['id']) }))?.value
  if (!before || leaving.keeps.posts || before.by.id !== leaving.person) return NOTHING_WRITTEN
  return { changes: [waitingRecords.remove({ course: before.course, thread: before.id, at: before.at })], events: [] }
}

const post: Effect = async ({ tables }, { item, leaving }) => {
  const [of, number] = [String(item.body['thread']), Number(item.body['number'])]
  const before = (await postRecords.get(tables, { thread: of, number }))?.value
  const where = (await threadRecords.get(tables, { id: of }))?.value
  if (!before || !where || leaving.keeps.posts || before.by.id !== leaving.person) return NOTHING_WRITTEN
  return { changes: [reportRecords.remove({ course: where.course, thread: of, number })], events: [] }
}

/** By the pattern of a kind's key. */
export const EFFECTS: Readonly<Record<string, Effect>> = {
  'work-file#{id} file': workFile,
  'learner#{person} export': dataCopy,
  'course#{id} published': publication,
  'course#{id} draft': versions,
  'thread#{id} thread': thread,
  'thread#{thread} post#{number}': post,
}
