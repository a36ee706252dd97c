import { MOST_PICTURE_BYTES, type PictureType } from '#contract/pictures.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { courseRecords } from '#core/courses/records.ts'
import type { Actor } from '#core/handlers.ts'
import { checkRoomForFile, claimRecords, claimsUnderWay, sizeText } from '#core/media/room.ts'
import { isLeft, joinParts, signedParts } from '#core/parts.ts'
import { chunks, type Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { measured } from './measure.ts'
import { pictureRecords, picturesOf, type StoredPicture } from './records.ts'

export const MOST_PICTURES = 500
/** Larger ones take a browser's memory, however few bytes they have. */
const MOST_SIDE = 16_384
const MOST_PIXELS = 80_000_000

const ENDINGS: Readonly<Record<PictureType, string>> = {
  ...{ 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp', 'image/avif': 'avif', 'image/gif': 'gif' },
}

type Wanted = { course: string; place: StoredPicture['place']; type: PictureType; sizeBytes: number; hash?: string | undefined }

/** In one part, however large the school cuts others. */
const parted = ({ key, ticket, sizeBytes }: StoredPicture) => ({ key, ticket, sizeBytes, partBytes: sizeBytes, parts: 1 })

const signed = async (world: World, picture: StoredPicture, hash: string | undefined): Promise<{ id: string; url: string }> => {
  const [part] = await signedParts(world, parted(picture), { parts: [1], ...(hash !== undefined && { hashes: [hash] }) })
  if (!part) throw new Error(`No part of ${picture.id} was signed.`)
  return { id: picture.id, url: part.url }
}

export const start = async (world: World, actor: Actor, { hash, ...wanted }: Wanted): Promise<{ id: string; url: string }> => {
  const { tables, objects, ids, clock } = world
  const course = await ownCourse(tables, actor, wanted.course, { to: 'edit' })
  if (wanted.sizeBytes <= 0) throw new Refusal('bad-input', 'The picture is empty.')
  if (wanted.sizeBytes > MOST_PICTURE_BYTES)
    throw new Refusal('too-large', `The picture is ${sizeText(wanted.sizeBytes)}; a text takes up to ${sizeText(MOST_PICTURE_BYTES)} each.`)
  const { items } = await pictureRecords.listIndex(tables, picturesOf(wanted.course), { limit: MOST_PICTURES })
  if (items.length >= MOST_PICTURES) throw new Refusal('bad-input', `A course holds at most ${MOST_PICTURES} pictures.`)
  await checkRoomForFile(world, wanted)
  const id = ids.make('pic')
  const key = `files/${id}/content`
  const ticket = await objects.startUpload(key, { type: wanted.type })
  const picture: StoredPicture = { id, ...wanted, key, ticket, at: clock.now().toISOString() }
  const claim = { video: id, upload: id, sizeBytes: picture.sizeBytes, hasArrived: false, file: { key, ticket } }
  const outcome = await tables.commit([courseRecords.there({ id: course.value.id }), pictureRecords.add(picture), claimRecords.add(claim)])
  if (outcome === 'done') return signed(world, picture, hash)
  await objects.cancelUpload(key, ticket)
  throw missing('course')
}

/** Takes back all of a picture: its bytes, wherever they have come to, and what is known of it. */
export const takeBack = async ({ tables, objects }: World, { id, key, ticket, finished }: StoredPicture): Promise<void> => {
  if (!finished) await objects.cancelUpload(key, ticket)
  await objects.remove(key)
  if (finished) await objects.remove(finished.key)
  await tables.commit([pictureRecords.remove({ id }), claimRecords.remove({ video: id })])
}

const looked = async (world: World, picture: StoredPicture): Promise<{ width: number; height: number; bytes: Uint8Array }> => {
  const bytes = (await world.objects.get(picture.key))?.bytes
  if (!bytes) throw missing('picture')
  const found = measured(bytes)
  // Its bytes say what it is: what a browser would be told is what it said before.
  const says =
    found?.type !== picture.type
      ? new Refusal('wrong-type', 'This is no PNG, JPEG, WebP, AVIF or GIF, or not the one its name says.')
      : found.width < 1 || found.height < 1 || Math.max(found.width, found.height) > MOST_SIDE || found.width * found.height > MOST_PIXELS
        ? new Refusal('too-large', `The picture is ${found.width} × ${found.height}; make it smaller.`)
        : undefined
  if (!found || says) {
    await takeBack(world, picture)
    throw says ?? missing('picture')
  }
  return { ...found, bytes }
}

/** Where everybody may fetch it, or, of a lesson's, an address that only the reader of texts understands. */
const placed = async ({ objects }: World, { id, key, type, place }: StoredPicture, bytes: Uint8Array, name: string) => {
  if (place === 'lesson') return { key, address: `/files/${id}/${name}` }
  const open = `catalogue/pictures/${id}/${name}`
  // A picture never changes: one that is exchanged has another id.
  await objects.put(open, bytes, { type, cacheControl: 'public, max-age=31536000, immutable' })
  await objects.remove(key)
  return { key: open, address: `/${open}` }
}

const ownPicture = async (world: World, actor: Actor, id: string): Promise<Stored<StoredPicture>> => {
  const picture = await pictureRecords.get(world.tables, { id })
  if (!picture) throw missing('picture')
  await ownCourse(world.tables, actor, picture.value.course, { to: 'edit', named: 'picture' })
  return picture
}

export const finish = async (world: World, actor: Actor, { picture: id }: { picture: string }) => {
  const before = await ownPicture(world, actor, id)
  const { finished } = before.value
  if (finished) return { address: finished.address, width: finished.width, height: finished.height }
  await joinParts(world, parted(before.value))
  const { width, height, bytes } = await looked(world, before.value)
  const where = await placed(world, before.value, bytes, `${width}x${height}.${ENDINGS[before.value.type]}`)
  const after: StoredPicture = { ...before.value, finished: { ...where, width, height } }
  const claim = { video: id, upload: id, sizeBytes: after.sizeBytes, hasArrived: true, file: { key: after.key, ticket: after.ticket } }
  const outcome = await world.tables.commit([pictureRecords.replace(before, after), claimRecords.put(claim)])
  if (outcome === 'conflict') throw new Refusal('conflict', 'This picture is being finished elsewhere. Try again.')
  return { address: where.address, width, height }
}

/** Of a course that has been removed, with all that its texts showed. */
export const removePicturesOf = async (world: World, course: string): Promise<void> => {
  const { items } = await pictureRecords.listIndex(world.tables, picturesOf(course), { limit: 2 * MOST_PICTURES })
  for (const some of chunks(items, 8)) await Promise.all(some.map((picture) => takeBack(world, picture)))
}

const MOST_A_RUN = 100

/** Gives up what was begun a week ago and never finished. */
export const sweep = async (world: World): Promise<void> => {
  const claims = (await claimsUnderWay(world)).filter(({ video }) => video.startsWith('pic_')).slice(0, MOST_A_RUN)
  for (const { video: id } of claims) {
    const picture = await pictureRecords.get(world.tables, { id })
    if (picture && !picture.value.finished && isLeft(world, picture.value.at)) await takeBack(world, picture.value)
  }
}
