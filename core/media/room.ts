import * as z from 'zod/mini'
import { type Hearing, hearing } from '#core/events.ts'
import { ofNobody } from '#core/personal.ts'
import { all, records } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Page, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { uploadRecords } from './records.ts'

/**
 * What a video, or a lesson's file, takes of the store, from the moment its upload begins until it has been removed. Each is a small
 * record of its own in one partition: their sum is a query or two, and uploads that begin at the same moment do not write the same item.
 */
const Claim = z.object({
  /** The video, or the file. */
  video: z.string(),
  upload: z.string(),
  sizeBytes: z.int(),
  hasArrived: z.boolean(),
  /** Of a lesson's file, of which nothing is made: where its parts arrive. */
  file: z.optional(z.object({ key: z.string(), ticket: z.string() })),
})
export type Claim = z.infer<typeof Claim>

const CLAIMS = 'room'
const UNDER_WAY = 'room-under-way'

export const claimRecords = records({
  schema: Claim,
  key: ({ video }: { video: string }) => ({ pk: CLAIMS, sk: video }),
  index: ({ upload, hasArrived }) => (hasArrived ? undefined : { ipk: UNDER_WAY, isk: upload }),
  people: ofNobody,
})

/** A film's file, and beside it what is made of it: never less while it is made ready, and about as much for good. */
const filmRoom = (sizeBytes: number): number => Math.ceil(2.5 * sizeBytes)
const roomOf = ({ sizeBytes, file }: Pick<Claim, 'sizeBytes' | 'file'>): number => (file ? sizeBytes : filmRoom(sizeBytes))
/** Left free on every disk: databases and logs must be written whatever people upload. */
const RESERVE_BYTES = 1024 ** 3
const MOST_CLAIMS = 1_000_000

export const sizeText = (bytes: number): string => {
  const [unit, name] = bytes < 1024 ** 3 ? [1024 ** 2, 'MB'] : [1024 ** 3, 'GB']
  return `${Math.max(0, Math.round((bytes / unit) * 10) / 10)} ${name}`
}

/**
 * Uploads that have begun and not finished, those begun first at the front; by an index, which may tell of one a moment late. Who is asked
 * what is promised of a disk has an index that is never late (only a machine has a disk); who sweeps reads each upload anew.
 */
export const claimsUnderWay = ({ tables }: Pick<World, 'tables'>): Promise<Claim[]> =>
  all((page) => claimRecords.listIndex(tables, UNDER_WAY, { limit: 1000, ...(page !== undefined && { page }) }), MOST_CLAIMS)

/** Of every film and file that takes room, by the table itself. */
export const allClaims = ({ tables }: Pick<World, 'tables'>): Promise<Claim[]> =>
  all((page) => claimRecords.list(tables, CLAIMS, { limit: 1000, ...(page !== undefined && { page }) }), MOST_CLAIMS)

/** Films alone, newest first: an id begins with the time it was made. */
export const filmsPage = (tables: Tables, { limit, page }: { limit: number; page?: string | undefined }): Promise<Page<Claim>> =>
  claimRecords.list(tables, CLAIMS, { prefix: 'vid_', descending: true, limit, ...(page !== undefined && { page }) })

const arrivedBytes = async ({ tables, objects }: World, { upload: id, file }: Claim): Promise<number> => {
  const upload = file ?? (await uploadRecords.get(tables, { id }))?.value
  const parts = upload ? await objects.listParts(upload.key, upload.ticket) : []
  return parts.reduce((sum, { size }) => sum + size, 0)
}

/** What other uploads have been promised and do not fill yet. */
const promisedBytes = async (world: World, without: readonly string[]): Promise<number> => {
  const others = (await claimsUnderWay(world)).filter(({ video }) => !without.includes(video))
  const open = await Promise.all(others.map(async (claim) => Math.max(0, roomOf(claim) - (await arrivedBytes(world, claim)))))
  return open.reduce((sum, bytes) => sum + bytes, 0)
}

/** What is about to be sent, and in whose words its need is told. */
type Need = { bytes: number; isFilm: boolean }
const filmNeed = (bytes: number): Need => ({ bytes, isFilm: true })

const checkQuota = async (world: World, { bytes: needed, isFilm }: Need, without: readonly string[]): Promise<void> => {
  const { quotaBytes } = world.settings.upload
  if (quotaBytes === undefined) return
  const used = (await allClaims(world)).filter(({ video }) => !without.includes(video)).reduce((sum, claim) => sum + roomOf(claim), 0)
  if (used + needed <= quotaBytes) return
  throw new Refusal(
    'no-room',
    `This school may hold ${sizeText(quotaBytes)} of videos and files and ${sizeText(quotaBytes - used)} are left, but this file needs ${isFilm ? `about ${sizeText(needed)}, with what is made of it` : sizeText(needed)}. Remove videos or files you no longer need, or ask the school’s owner for more.`,
  )
}

const checkFree = async ({ objects }: World, { bytes: needed, isFilm }: Need, promised: () => Promise<number>): Promise<void> => {
  const free = await objects.freeBytes()
  if (free === undefined) return
  const left = free - RESERVE_BYTES - (await promised())
  if (left >= needed) return
  throw new Refusal(
    'no-room',
    `This file needs ${isFilm ? `about ${sizeText(needed)} while it is made ready` : sizeText(needed)}, and the school’s disk has room for ${sizeText(left)}. Ask the school’s owner to make room, or upload a smaller file.`,
  )
}

const check = async (world: World, need: Need, without: readonly string[]): Promise<void> => {
  await checkQuota(world, need, without)
  await checkFree(world, need, () => promisedBytes(world, without))
}

/**
 * Asked before the first byte of a film; `without` are videos that are given up for this one. Two uploads that begin at the same moment
 * may both find the last room: the quota is passed by one file then, and the disk is looked at again at the finish.
 * @throws Refusal `no-room`
 */
export const checkRoom = (world: World, { sizeBytes }: { sizeBytes: number }, without: readonly string[]): Promise<void> =>
  check(world, filmNeed(filmRoom(sizeBytes)), without)

/**
 * The same before the first byte of a lesson's file.
 * @throws Refusal `no-room`
 */
export const checkRoomForFile = (world: World, { sizeBytes }: { sizeBytes: number }): Promise<void> => check(world, { bytes: sizeBytes, isFilm: false }, [])

/**
 * Asked when the file is there, for what will be made of it.
 * @throws Refusal `no-room`
 */
export const checkRoomToFinish = (world: World, { sizeBytes }: { sizeBytes: number }): Promise<void> =>
  checkFree(world, filmNeed(filmRoom(sizeBytes) - sizeBytes), async () => 0)

/** The claim goes with the objects, not with the commit that gives them up: that may hold many videos already. */
export const clearing: readonly Hearing[] = [
  hearing('media.free-room', 'video.removed', async ({ tables }, { video }) => void (await tables.commit([claimRecords.remove({ video })], []))),
]
