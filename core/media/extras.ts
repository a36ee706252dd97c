import type { Video } from '#contract/media.ts'
import type { Actor } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { ownVideo } from './own.ts'
import { packageAgain } from './package-again.ts'
import { mediaPrefix, OWN_POSTER, type StoredVideo, videoRecords } from './records.ts'
import { shownVideo } from './videos.ts'

/** Changes what a teacher adds to a video, as often as its progress, which is written all the time, comes in between. */
export const amend = async (
  world: World,
  actor: Actor,
  { video: id, change }: { video: string; change(video: StoredVideo): Partial<StoredVideo> },
): Promise<Video> => {
  const video = await ownVideo(world.tables, actor, id)
  const after = { ...video.value, ...change(video.value) }
  if ((await world.tables.commit([videoRecords.replace(video, after)])) === 'conflict') return amend(world, actor, { video: id, change })
  await packageAgain(world, id)
  return shownVideo(world, after)
}

const MAX_IMAGE_BYTES = 2 * 1024 ** 2

const begins = (bytes: Uint8Array, ...signature: number[]): boolean => signature.every((byte, index) => bytes[index] === byte)

/** By its first bytes, whatever the sender calls it. */
const imageType = (bytes: Uint8Array): string | undefined => {
  if (begins(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (begins(bytes, 0x89, 0x50, 0x4e, 0x47)) return 'image/png'
  return begins(bytes, 0x52, 0x49, 0x46, 0x46) && begins(bytes.subarray(8), 0x57, 0x45, 0x42, 0x50) ? 'image/webp' : undefined
}

export const putPoster = async (world: World, actor: Actor, { video, image }: { video: string; image: string }): Promise<Video> => {
  await ownVideo(world.tables, actor, video)
  const bytes = Uint8Array.fromBase64(image)
  const type = imageType(bytes)
  if (!type) throw new Refusal('wrong-type', 'A poster is a JPEG, PNG or WebP picture.')
  if (bytes.length > MAX_IMAGE_BYTES) throw new Refusal('too-large', 'A poster has at most 2 MB.')
  await world.objects.put(`${mediaPrefix(video)}${OWN_POSTER}`, bytes, { type, cacheControl: 'no-cache' })
  return amend(world, actor, { video, change: () => ({ hasOwnPoster: true }) })
}

/** Taking away what is not there is no error. */
export const removePoster = async (world: World, actor: Actor, { video }: { video: string }): Promise<Video> => {
  const shown = await amend(world, actor, { video, change: () => ({ hasOwnPoster: false }) })
  await world.objects.remove(`${mediaPrefix(video)}${OWN_POSTER}`)
  return shown
}

export const putChapters = async (world: World, actor: Actor, { video, chapters }: { video: string; chapters: Video['chapters'] }): Promise<Video> => {
  const sorted = chapters.toSorted((a, b) => a.startSeconds - b.startSeconds)
  const twice = sorted.find(({ startSeconds }, index) => sorted[index + 1]?.startSeconds === startSeconds)
  if (twice) throw new Refusal('bad-input', `Two chapters begin at ${twice.startSeconds} s.`)
  return amend(world, actor, {
    video,
    change: ({ durationSeconds, facts }) => {
      const length = durationSeconds ?? facts?.durationSeconds
      const late = sorted.find(({ startSeconds }) => length !== undefined && startSeconds >= length)
      if (late) throw new Refusal('bad-input', `“${late.title}” begins after the video has ended.`)
      return { chapters: sorted }
    },
  })
}
