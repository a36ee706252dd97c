import { type HandedUpload, MOST_HANDED_FILES, type Work } from '#contract/assignments.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { signedFileUrl } from '#core/delivery/signer.ts'
import { safeType } from '#core/files/types.ts'
import type { Actor, Timer } from '#core/handlers.ts'
import { type Claim, checkRoomForFile, claimRecords, sizeText } from '#core/media/room.ts'
import { cut, isLeft, isTouchDue, joinParts, type SignedPart, signedParts } from '#core/parts.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { type Ground, openWork, refuseClosed, trying, written } from './ground.ts'
import { WORK_FILES_UNDER_WAY, type WorkFile, workFileRecords, workRecords } from './records.ts'
import { mostFileBytes, shownUpload, shownWork } from './showing.ts'

const MOST_SWEPT_A_RUN = 100

const claimOf = ({ id, sizeBytes, key, ticket, state }: WorkFile): Claim => ({
  ...{ video: id, upload: id, sizeBytes, hasArrived: state !== 'sending' },
  file: { key, ticket },
})

const storedFile = ({ id, name, sizeBytes, type, key }: WorkFile) => ({ id, name, sizeBytes, type, key })

/** A file of the actor's own. Somebody else's is as good as none. */
const ownFile = async ({ tables }: World, actor: Actor, id: string): Promise<Stored<WorkFile>> => {
  const file = await workFileRecords.get(tables, { id })
  if (!file || file.value.learner !== actor.id || file.value.state === 'leaving') throw missing('file')
  return file
}

type Wanted = { lesson: string; name: string; sizeBytes: number; type: string }

const checkFile = (world: World, { rules, work }: Ground, { sizeBytes }: Wanted): void => {
  const most = mostFileBytes(world)
  if (rules.takes === 'text') throw new Refusal('not-allowed', 'This assignment takes no files.')
  if (sizeBytes <= 0) throw new Refusal('bad-input', 'The file is empty.')
  if (sizeBytes > most) throw new Refusal('too-large', `The file is ${sizeText(sizeBytes)}; up to ${sizeText(most)} can be handed in.`)
  if (work.files.length + work.sending.length >= MOST_HANDED_FILES) throw new Refusal('bad-input', `At most ${MOST_HANDED_FILES} files are handed in together.`)
}

const sameFile = async ({ tables }: World, { work }: Ground, { name, sizeBytes }: Wanted): Promise<WorkFile | undefined> => {
  const found = await Promise.all(work.sending.map((id) => workFileRecords.get(tables, { id })))
  return found.find((file) => file?.value.state === 'sending' && file.value.name === name && file.value.sizeBytes === sizeBytes)?.value
}

const freshFile = async (world: World, { ids: of }: Ground, { name, sizeBytes, type: said }: Wanted): Promise<WorkFile> => {
  const { objects, ids, clock } = world
  const id = ids.make('fil')
  // Below the same lock as files of lessons: each is opened by a URL of its own.
  const [key, type] = [`files/${id}/content`, safeType(said)]
  const ticket = await objects.startUpload(key, { type, fileName: name })
  return { ...of, id, name, sizeBytes, type, key, ticket, ...cut(world, sizeBytes), state: 'sending', at: clock.now().toISOString() }
}

/** Begins a file, or takes up again the one of the same name and size that has not arrived whole. */
export const startFile = (world: World, actor: Actor, wanted: Wanted): Promise<HandedUpload> =>
  trying(async () => {
    const ground = await openWork(world, actor, wanted.lesson)
    refuseClosed(ground)
    const same = await sameFile(world, ground, wanted)
    if (same) return shownUpload(world, same)
    checkFile(world, ground, wanted)
    await checkRoomForFile(world, wanted)
    const file = await freshFile(world, ground, wanted)
    const after = { ...ground.work, sending: [...ground.work.sending, file.id] }
    const outcome = await world.tables.commit([written(ground.stored, after), workFileRecords.add(file), claimRecords.add(claimOf(file))])
    if (outcome === 'done') return shownUpload(world, file)
    await world.objects.cancelUpload(file.key, file.ticket)
    return 'conflict'
  })

type Asked = { file: string; parts: number[]; hashes?: string[] | undefined }

export const signFile = async (world: World, actor: Actor, { file: id, ...asked }: Asked): Promise<{ parts: SignedPart[] }> => {
  const file = await ownFile(world, actor, id)
  refuseClosed(await openWork(world, actor, file.value.lesson))
  if (file.value.state === 'there') throw new Refusal('conflict', 'This upload has been finished.')
  const parts = await signedParts(world, file.value, asked)
  // Lost to another call, it has been written by that.
  if (isTouchDue(world, file.value.at)) await world.tables.commit([workFileRecords.replace(file, { ...file.value, at: world.clock.now().toISOString() })])
  return { parts }
}

/** Joins what has arrived and puts the file at the end of the draft's. */
export const finishFile = (world: World, actor: Actor, { file: id }: { file: string }): Promise<Work> =>
  trying(async () => {
    const file = await ownFile(world, actor, id)
    const ground = await openWork(world, actor, file.value.lesson)
    if (file.value.state === 'there') return shownWork(world, ground)
    refuseClosed(ground)
    await joinParts(world, file.value)
    const arrived: WorkFile = { ...file.value, state: 'there' }
    const { files, sending } = ground.work
    const after = { ...ground.work, files: [...files, storedFile(arrived)], sending: sending.filter((each) => each !== id) }
    const changes = [written(ground.stored, after), workFileRecords.replace(file, arrived), claimRecords.put(claimOf(arrived))]
    return (await world.tables.commit(changes)) === 'done' ? shownWork(world, { ...ground, work: after }) : 'conflict'
  })

/** The object first: what cannot be removed now is tried again by the next sweep, which finds the record still there. */
const clear = async ({ tables, objects }: World, { id, key, ticket }: WorkFile): Promise<void> => {
  await objects.cancelUpload(key, ticket)
  await objects.remove(key)
  await tables.commit([workFileRecords.remove({ id }), claimRecords.remove({ video: id })])
}

const without = (id: string) => (each: string) => each !== id

export const removeFile = async (world: World, actor: Actor, { file: id }: { file: string }): Promise<Work> => {
  const gone = await trying(async () => {
    const file = await ownFile(world, actor, id)
    const ground = await openWork(world, actor, file.value.lesson)
    refuseClosed(ground)
    const { files, sending } = ground.work
    const isInDraft = sending.includes(id) || files.some((each) => each.id === id)
    if (!isInDraft) throw new Refusal('conflict', 'What has been handed in stays.')
    const work = { ...ground.work, files: files.filter((each) => each.id !== id), sending: sending.filter(without(id)) }
    const leaving: WorkFile = { ...file.value, state: 'leaving' }
    const outcome = await world.tables.commit([written(ground.stored, work), workFileRecords.replace(file, leaving)])
    return outcome === 'done' ? { ground: { ...ground, work }, leaving } : 'conflict'
  })
  await clear(world, gone.leaving)
  return shownWork(world, gone.ground)
}

/** To whoever sent it, and to who teaches the course it was handed in to: never what somebody is still writing. */
export const download = async (world: World, actor: Actor, { file: id }: { file: string }) => {
  const file = await workFileRecords.get(world.tables, { id })
  if (file?.value.state !== 'there') throw missing('file')
  const { learner, course, lesson, key } = file.value
  if (learner !== actor.id) {
    await ownCourse(world.tables, actor, course, { to: 'grade', named: 'file' })
    const work = (await workRecords.get(world.tables, { learner, course, lesson }))?.value
    if (work?.files.some((each) => each.id === id)) throw missing('file')
  }
  const until = learner === actor.id ? (await openWork(world, actor, lesson)).until : undefined
  return signedFileUrl({ settings: world.settings, keys: await world.keys.live(), file: key, now: world.clock.now(), until })
}

/** Takes out of its draft what nobody has gone on with for a week. */
const giveUp = async (world: World, { id, ...of }: WorkFile): Promise<void> => {
  const [file, stored] = [await workFileRecords.get(world.tables, { id }), await workRecords.get(world.tables, of)]
  if (file?.value.state !== 'sending' || !isLeft(world, file.value.at)) return
  const leaving: WorkFile = { ...file.value, state: 'leaving' }
  const inDraft = stored ? [workRecords.replace(stored, { ...stored.value, sending: stored.value.sending.filter(without(id)) })] : []
  if ((await world.tables.commit([...inDraft, workFileRecords.replace(file, leaving)])) === 'done') await clear(world, leaving)
}

const sweep = async (world: World): Promise<void> => {
  const { items } = await workFileRecords.listIndex(world.tables, WORK_FILES_UNDER_WAY, { limit: MOST_SWEPT_A_RUN })
  for (const file of items) {
    // The index may be late: what has left already is cleared once more, which changes nothing.
    if (file.state === 'leaving') await clear(world, file)
    else if (isLeft(world, file.at)) await giveUp(world, file)
  }
}

export const sweepFiles: Timer = { name: 'assignments.sweep-files', everySeconds: 3600, run: sweep }
