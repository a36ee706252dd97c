import { type FilesDraft, type FileUpload, MOST_FILES } from '#contract/files.ts'
import { ownLesson } from '#core/courses/outline.ts'
import { courseRecords, lessonRecords, type StoredLesson, touched } from '#core/courses/records.ts'
import type { Actor } from '#core/handlers.ts'
import { type Claim, checkRoomForFile, claimRecords, claimsUnderWay, sizeText } from '#core/media/room.ts'
import { cut, isLeft, isTouchDue, joinParts, type SignedPart, signedParts } from '#core/parts.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { filesDraft, ownFile, shownUpload, unfinishedFiles } from './own.ts'
import { fileRecords, type KeptFile, storedFile } from './records.ts'
import { safeType } from './types.ts'

const MOST_GIVEN_UP_A_RUN = 100
/** Files of a lesson that arrive at the same moment: one is written with each try. */
const MOST_TRIES = 12

type Wanted = { lesson: string; name: string; sizeBytes: number; type: string }

/** Everything that can be known to be wrong before a byte is sent. */
const checkFile = ({ settings }: World, { sizeBytes }: Wanted): void => {
  const { fileMaxBytes } = settings.upload
  if (sizeBytes <= 0) throw new Refusal('bad-input', 'The file is empty.')
  if (sizeBytes > fileMaxBytes) throw new Refusal('too-large', `The file is ${sizeText(sizeBytes)}; this school takes up to ${sizeText(fileMaxBytes)}.`)
}

const checkCount = (count: number): void => {
  // Not `too-many`: trying again in a moment would not help.
  if (count >= MOST_FILES) throw new Refusal('bad-input', `A lesson holds at most ${MOST_FILES} files.`)
}

const claimOf = ({ id, sizeBytes, key, ticket, isFinished }: KeptFile): Claim => ({
  ...{ video: id, upload: id, sizeBytes, hasArrived: isFinished },
  file: { key, ticket },
})

const freshFile = async (world: World, lesson: StoredLesson, { name, sizeBytes, type: said }: Wanted): Promise<KeptFile> => {
  const { objects, ids, clock } = world
  const id = ids.make('fil')
  const [key, type] = [`files/${id}/content`, safeType(said)]
  const ticket = await objects.startUpload(key, { type, fileName: name })
  const at = clock.now().toISOString()
  return { id, course: lesson.course, lesson: lesson.id, name, sizeBytes, type, key, ticket, ...cut(world, sizeBytes), isFinished: false, at }
}

/** Begins a file, or takes up again the one of the same name and size that has not arrived whole. */
export const startUpload = async (world: World, actor: Actor, wanted: Wanted): Promise<FileUpload> => {
  const { tables, objects } = world
  const { lesson, course } = await ownLesson(tables, actor, wanted.lesson, { to: 'edit' })
  checkFile(world, wanted)
  const pending = await unfinishedFiles(tables, lesson.value)
  const same = pending.find(({ name, sizeBytes }) => name === wanted.name && sizeBytes === wanted.sizeBytes)
  if (same) return shownUpload(world, same)
  checkCount(lesson.value.files.length + pending.length)
  await checkRoomForFile(world, wanted)
  const file = await freshFile(world, lesson.value, wanted)
  // The lesson stays as it is until the file is there: only that it has not been removed counts.
  const changes = [
    courseRecords.there({ id: course.value.id }),
    lessonRecords.there({ id: lesson.value.id }),
    fileRecords.add(file),
    claimRecords.add(claimOf(file)),
  ]
  if ((await tables.commit(changes)) === 'done') return shownUpload(world, file)
  await objects.cancelUpload(file.key, file.ticket)
  throw missing('lesson')
}

/** Written once an hour at most; lost to another call, it has been written by that. */
const touch = async (world: World, file: Stored<KeptFile>): Promise<void> => {
  if (!isTouchDue(world, file.value.at)) return
  await world.tables.commit([fileRecords.replace(file, { ...file.value, at: world.clock.now().toISOString() })])
}

type Asked = { file: string; parts: number[]; hashes?: string[] | undefined }

export const signParts = async (world: World, actor: Actor, { file: id, ...asked }: Asked): Promise<{ parts: SignedPart[] }> => {
  const { file } = await ownFile(world.tables, actor, id)
  if (file.value.isFinished) throw new Refusal('conflict', 'This upload has been finished.')
  const parts = await signedParts(world, file.value, asked)
  await touch(world, file)
  return { parts }
}

/** Joins what has arrived and puts the file at the end of its lesson's. */
export const finishUpload = async (world: World, actor: Actor, { file: id }: { file: string }): Promise<FilesDraft> => {
  const { tables, clock } = world
  // Another file of the lesson may arrive at the same moment, or something else of the course be written: what is stored then decides.
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const { file, lesson, course } = await ownFile(tables, actor, id)
    if (file.value.isFinished) return filesDraft(world, lesson.value)
    checkCount(lesson.value.files.length)
    await joinParts(world, file.value)
    const arrived: KeptFile = { ...file.value, isFinished: true }
    const after: StoredLesson = { ...lesson.value, files: [...lesson.value.files, storedFile(arrived)] }
    const changes = [
      ...[courseRecords.replace(course, touched(clock, course.value)), lessonRecords.replace(lesson, after)],
      ...[fileRecords.replace(file, arrived), claimRecords.put(claimOf(arrived))],
    ]
    if ((await tables.commit(changes)) === 'done') return filesDraft(world, after)
  }
  throw new Refusal('conflict', 'This course is being written by others. Try again.')
}

/** Takes back everything that beginning a file began, also where its parts have been joined and the lesson was gone before it could have them. */
export const giveUp = async ({ tables, objects }: World, file: Stored<KeptFile>): Promise<'done' | 'conflict'> => {
  const { id, key, ticket } = file.value
  const outcome = await tables.commit([fileRecords.remove({ id }, file), claimRecords.remove({ video: id })])
  if (outcome === 'conflict') return outcome
  await objects.cancelUpload(key, ticket)
  await objects.remove(key)
  return outcome
}

/** Gives up what nobody has gone on with for a week; what is written meanwhile is left to the next run. */
export const sweepFiles = async (world: World): Promise<void> => {
  let left = MOST_GIVEN_UP_A_RUN
  for (const { video: id, file: isFile } of await claimsUnderWay(world)) {
    if (!isFile) continue
    const file = await fileRecords.get(world.tables, { id })
    if (!file || file.value.isFinished || !isLeft(world, file.value.at)) continue
    await giveUp(world, file)
    left -= 1
    if (left === 0) return
  }
}
