import type { Upload, Video } from '#contract/media.ts'
import { ownLesson } from '#core/courses/outline.ts'
import { courseRecords, lessonRecords, type StoredLesson, touched } from '#core/courses/records.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { arrivedParts, cut, isLeft, isTouchDue, joinParts, type SignedPart, signedParts } from '#core/parts.ts'
import { policyOf } from '#core/recipes/budget.ts'
import { readRecipe } from '#core/recipes/recipe.ts'
import type { Stored } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { ownUpload } from './own.ts'
import { type StoredUpload, type StoredVideo, uploadRecords, videoRecords } from './records.ts'
import { type Claim, checkRoom, checkRoomToFinish, claimRecords, claimsUnderWay, sizeText } from './room.ts'
import { looksLikeMedia, SNIFF_BYTES } from './sniff.ts'
import { sourceKey, straightFor } from './straight.ts'
import { removeVideos, shownVideo, unfinishedUpload } from './videos.ts'

const MOST_GIVEN_UP_A_RUN = 100
const EXTENSIONS = /\.(mp4|m4v|mov|mkv|webm|avi|mpg|mpeg|ts|mts|m2ts|flv|wmv|asf|ogv)$/i

type Wanted = { lesson: string; fileName: string; sizeBytes: number; type: string; recipe?: string | undefined }

/** Everything that can be known to be wrong before a byte is sent. */
const checkFile = ({ settings }: World, { fileName, sizeBytes, type }: Wanted): void => {
  if (sizeBytes <= 0) throw new Refusal('bad-input', 'The file is empty.')
  if (sizeBytes > settings.upload.maxBytes) {
    throw new Refusal('too-large', `The file is ${sizeText(sizeBytes)}; this school takes up to ${sizeText(settings.upload.maxBytes)}.`)
  }
  if (!type.startsWith('video/') && !EXTENSIONS.test(fileName)) {
    throw new Refusal('wrong-type', 'That is no video file. MP4, MOV, MKV, WebM and AVI work.')
  }
}

const shownUpload = async (world: World, actor: Actor, upload: StoredUpload): Promise<Upload> => {
  const { id, video, lesson, fileName, sizeBytes, partBytes, parts } = upload
  const straight = upload.isFinished ? undefined : straightFor(world, actor, upload)
  const arrived = upload.isFinished ? Array.from({ length: parts }, (_, index) => index + 1) : await arrivedParts(world, upload)
  return { id, video, lesson, fileName, sizeBytes, partBytes, parts, arrived, ...(straight && { straight }) }
}

type Fresh = { upload: StoredUpload; video: StoredVideo }

const freshUpload = async (world: World, actor: Actor, { wanted, course }: { wanted: Wanted; course: string }): Promise<Fresh> => {
  const { objects, ids, clock } = world
  const { lesson, fileName, sizeBytes, type } = wanted
  const id = ids.make('vid')
  const key = sourceKey(actor.id, id)
  const recipe = await readRecipe(world, wanted.recipe ?? (await policyOf(world.tables)).recipe)
  // Last of what may fail: nobody would ever give back the ticket of an upload that was refused.
  const ticket = await objects.startUpload(key, { type: 'application/octet-stream' })
  const at = clock.now().toISOString()
  const upload: StoredUpload = { id: ids.make('upl'), ticket, key, video: id, lesson, fileName, sizeBytes, ...cut(world, sizeBytes), isFinished: false, at }
  const video: StoredVideo = {
    ...{ id, lesson, course, owner: actor.id, fileName, sizeBytes, type, source: key },
    ...{ state: 'uploading', percent: 0, attempt: 1, canRetry: false, rungs: [], chapters: [], hasOwnPoster: false },
    recipe: recipe.name,
    times: { begun: at },
  }
  return { upload, video }
}

const claimOf = ({ video, id, sizeBytes }: StoredUpload): Claim => ({ video, upload: id, sizeBytes, hasArrived: false })

/** Begins an upload, or takes up again the one of the same file; one of another file is given up for it. */
export const startUpload = async (world: World, actor: Actor, wanted: Wanted): Promise<Upload> => {
  const { tables, objects, clock } = world
  const { lesson, course } = await ownLesson(tables, actor, wanted.lesson, { to: 'edit' })
  if (lesson.value.kind !== 'video') throw new Refusal('wrong-type', 'This lesson is an article.')
  checkFile(world, wanted)
  const pending = await unfinishedUpload(tables, lesson.value)
  const isSame = pending?.fileName === wanted.fileName && pending.sizeBytes === wanted.sizeBytes
  const begun = isSame ? await shownUpload(world, actor, pending) : undefined
  // Without a part there is nothing to go on with, and the store may have forgotten it: it keeps no upload for ever.
  if (begun && begun.arrived.length > 0) return begun
  const givenUp = pending ? [pending.video] : []
  await checkRoom(world, wanted, givenUp)
  const { upload, video } = await freshUpload(world, actor, { wanted, course: course.value.id })
  // The lesson's own video beneath whatever is still on its way to it.
  const replaces = pending ? pending.replaces : lesson.value.video
  const before = replaces === undefined ? {} : { replaces }
  const gone = await removeVideos(world, givenUp)
  const changes = [
    ...[courseRecords.replace(course, touched(clock, course.value)), lessonRecords.replace(lesson, { ...lesson.value, video: video.id })],
    ...[videoRecords.add({ ...video, ...before }), uploadRecords.add({ ...upload, ...before })],
    claimRecords.add(claimOf(upload)),
    ...[...(pending ? [uploadRecords.remove({ id: pending.id })] : []), ...gone.changes],
  ]
  if ((await tables.commit(changes, gone.events)) === 'conflict') {
    await objects.cancelUpload(upload.key, upload.ticket)
    throw new Refusal('conflict', 'The lesson was changed elsewhere in the meantime. Try again.')
  }
  if (pending) await objects.cancelUpload(pending.key, pending.ticket)
  return shownUpload(world, actor, upload)
}

type Asked = { upload: string; parts: number[]; hashes?: string[] | undefined }

const touch = async (world: World, upload: Stored<StoredUpload>): Promise<void> => {
  if (!isTouchDue(world, upload.value.at)) return
  // Lost to another call, it has been written by that.
  await world.tables.commit([uploadRecords.replace(upload, { ...upload.value, at: world.clock.now().toISOString() })])
}

export const signParts = async (world: World, actor: Actor, { upload: id, ...asked }: Asked): Promise<{ parts: SignedPart[] }> => {
  const { upload: stored } = await ownUpload(world.tables, actor, id)
  const { value: upload } = stored
  if (upload.isFinished) throw new Refusal('conflict', 'This upload has been finished.')
  const signed = await signedParts(world, upload, asked)
  await touch(world, stored)
  return { parts: signed }
}

const withVideo = ({ video: _, ...lesson }: StoredLesson, video: string | undefined): StoredLesson => ({ ...lesson, ...(video !== undefined && { video }) })

/** Takes back everything an upload began: the lesson has the video it had before. */
const takeBack = async (world: World, upload: Stored<StoredUpload>): Promise<'done' | 'conflict'> => {
  const { tables, objects } = world
  const { id, key, ticket, video, lesson, replaces } = upload.value
  const gone = await removeVideos(world, [video])
  const stored = await lessonRecords.get(tables, { id: lesson })
  const lessonChange = stored?.value.video === video ? [lessonRecords.replace(stored, withVideo(stored.value, replaces))] : []
  const outcome = await tables.commit([uploadRecords.remove({ id }, upload), ...lessonChange, ...gone.changes], gone.events)
  if (outcome === 'done') await objects.cancelUpload(key, ticket)
  return outcome
}

const takeBackOrRefuse = async (world: World, upload: Stored<StoredUpload>): Promise<void> => {
  if ((await takeBack(world, upload)) === 'conflict') throw new Refusal('conflict', 'The upload was changed elsewhere in the meantime. Try again.')
}

/** Gives up what nobody has gone on with for a week, so that no lesson waits for ever. One that is written meanwhile is left to the next run. */
export const sweepUploads = async (world: World): Promise<void> => {
  let left = MOST_GIVEN_UP_A_RUN
  for (const { upload: id } of await claimsUnderWay(world)) {
    const upload = await uploadRecords.get(world.tables, { id })
    // The claim of a lesson that has been removed meanwhile goes by the event that tells of it.
    // Read anew: an index may list as under way what has arrived a moment ago.
    if (!upload || upload.value.isFinished || !isLeft(world, upload.value.at)) continue
    await takeBack(world, upload)
    left -= 1
    if (left === 0) return
  }
}

/** Whether what has arrived is a film at all, whatever its name says. */
export const isFilm = async ({ objects }: Pick<World, 'objects'>, key: string): Promise<boolean> => {
  const beginning = await objects.range(key, 0, SNIFF_BYTES - 1)
  return beginning !== undefined && looksLikeMedia(beginning)
}

type Arrived = { upload: Stored<StoredUpload>; video: Stored<StoredVideo> }

/** The film that was announced is there, and is to be made watchable; answers its video. `conflict`: somebody else was quicker. */
export const markUploaded = async (world: World, { upload, video }: Arrived): Promise<StoredVideo | 'conflict'> => {
  const times = { ...video.value.times, uploaded: world.clock.now().toISOString() }
  const after: StoredVideo = { ...video.value, state: 'uploaded', percent: 0, times }
  const changes = [
    videoRecords.replace(video, after),
    uploadRecords.replace(upload, { ...upload.value, isFinished: true }),
    claimRecords.put({ ...claimOf(upload.value), hasArrived: true }),
  ]
  const outcome = await world.tables.commit(changes, [event(world, 'video.uploaded', { video: after.id }, `${after.id}.uploaded`)])
  return outcome === 'done' ? after : 'conflict'
}

export const finishUpload = async (world: World, actor: Actor, { upload: id }: { upload: string }): Promise<Video> => {
  const { upload, video } = await ownUpload(world.tables, actor, id)
  if (upload.value.isFinished) return shownVideo(world, video.value)
  await checkRoomToFinish(world, upload.value)
  await joinParts(world, upload.value)
  if (!(await isFilm(world, upload.value.key))) {
    await takeBackOrRefuse(world, upload)
    throw new Refusal('wrong-type', `“${upload.value.fileName}” is no video, whatever its name says. Choose another file.`)
  }
  const after = await markUploaded(world, { upload, video })
  // A second call was quicker: what is stored now decides.
  return after === 'conflict' ? finishUpload(world, actor, { upload: id }) : shownVideo(world, after)
}

export const cancelUpload = async (world: World, actor: Actor, { upload: id }: { upload: string }): Promise<{ done: true }> => {
  const { upload } = await ownUpload(world.tables, actor, id)
  if (upload.value.isFinished) throw new Refusal('conflict', 'This upload has been finished.')
  await takeBackOrRefuse(world, upload)
  return { done: true }
}

export const readUpload = async (world: World, actor: Actor, { upload }: { upload: string }): Promise<Upload> =>
  shownUpload(world, actor, (await ownUpload(world.tables, actor, upload)).upload.value)
