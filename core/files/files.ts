import type { files as contract, FilesDraft } from '#contract/files.ts'
import { changedElsewhere, ownLesson } from '#core/courses/outline.ts'
import { courseRecords, lessonRecords, type StoredLesson, touched } from '#core/courses/records.ts'
import { signedFileUrl } from '#core/delivery/signer.ts'
import { event } from '#core/events.ts'
import { openedLesson } from '#core/grants/access.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { missing } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { filesDraft, type OwnFile, ownFile, shownUpload } from './own.ts'
import { settleEveryFile, settling } from './settle.ts'
import { finishUpload, giveUp, signParts, startUpload, sweepFiles } from './uploads.ts'

/** Writes a lesson with other files, and tells of it. */
const saveFiles = async (world: World, { lesson, course }: Pick<OwnFile, 'lesson' | 'course'>, files: StoredLesson['files']): Promise<FilesDraft> => {
  const after = { ...lesson.value, files }
  const changes = [courseRecords.replace(course, touched(world.clock, course.value)), lessonRecords.replace(lesson, after)]
  const told = event(world, 'course.files-changed', { course: course.value.id })
  if ((await world.tables.commit(changes, [told])) === 'conflict') throw changedElsewhere()
  return filesDraft(world, after)
}

const rename = async (world: World, actor: Actor, { file: id, name }: { file: string; name: string }): Promise<FilesDraft> => {
  const own = await ownFile(world.tables, actor, id)
  const { files } = own.lesson.value
  if (!files.some((file) => file.id === id)) throw missing('file')
  return saveFiles(
    world,
    own,
    files.map((file) => (file.id === id ? { ...file, name } : file)),
  )
}

/** What is named must be what is there: nothing can be lost or smuggled in by arranging. */
const arrange = async (world: World, actor: Actor, { lesson: id, files: wanted }: { lesson: string; files: string[] }): Promise<FilesDraft> => {
  const own = await ownLesson(world.tables, actor, id, { to: 'edit' })
  const before = new Map(own.lesson.value.files.map((file) => [file.id, file]))
  const after = [...new Set(wanted)].flatMap((file) => before.get(file) ?? [])
  if (after.length !== before.size || wanted.length !== before.size) throw changedElsewhere()
  return saveFiles(world, own, after)
}

/** Out of the draft; the object follows by the event, once learners have it no more. */
const remove = async (world: World, actor: Actor, { file: id }: { file: string }): Promise<FilesDraft> => {
  const own = await ownFile(world.tables, actor, id)
  const { files } = own.lesson.value
  if (own.file.value.isFinished && files.some((file) => file.id === id)) {
    return saveFiles(
      world,
      own,
      files.filter((file) => file.id !== id),
    )
  }
  // One that has been taken out already may still be what learners have.
  if (!own.file.value.isFinished && (await giveUp(world, own.file)) === 'conflict') throw changedElsewhere()
  return filesDraft(world, own.lesson.value)
}

/** Only what this very lesson holds for this person: another lesson's file is none of it. */
const download = async (world: World, actor: Actor | undefined, { lesson: id, file: wanted }: { lesson: string; file: string }) => {
  const { lesson, until } = await openedLesson(world, actor, id)
  const file = lesson.files.find((each) => each.id === wanted)
  if (!file) throw missing('file')
  return signedFileUrl({ settings: world.settings, keys: await world.keys.live(), file: file.key, now: world.clock.now(), until })
}

export const files: Feature<typeof contract> = {
  handlers: {
    ofLesson: async (world, actor, { lesson }) => filesDraft(world, (await ownLesson(world.tables, actor, lesson, { to: 'edit' })).lesson.value),
    startUpload,
    upload: async (world, actor, { file }) => shownUpload(world, (await ownFile(world.tables, actor, file)).file.value),
    signParts,
    finishUpload,
    rename,
    arrange,
    remove,
    download,
  },
  hearings: settling,
  timers: [
    { name: 'files.sweep-uploads', everySeconds: 3600, run: sweepFiles },
    { name: 'files.settle-every', everySeconds: 86_400, run: settleEveryFile },
  ],
}
