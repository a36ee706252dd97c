import type { Video } from '#contract/media.ts'
import type { Actor } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { ownVideo } from './own.ts'
import { mediaPrefix, type StoredVideo, videoRecords } from './records.ts'
import { shownVideo } from './videos.ts'
import { captionFault } from './webvtt.ts'

type Caption = StoredVideo['captions'][number]

const keyOf = (video: string, language: string): string => `${mediaPrefix(video)}captions/${language}.vtt`

/** Lists a video's captions anew, as often as its progress, which is written all the time, comes in between. */
const relist = async (world: World, actor: Actor, { video: id, change }: { video: string; change(captions: Caption[]): Caption[] }): Promise<Video> => {
  const video = await ownVideo(world.tables, actor, id)
  const after = { ...video.value, captions: change(video.value.captions) }
  const outcome = await world.tables.commit([videoRecords.replace(video, after)])
  return outcome === 'done' ? shownVideo(world, after) : relist(world, actor, { video: id, change })
}

export const putCaptions = async (world: World, actor: Actor, { video, vtt, ...caption }: Caption & { video: string; vtt: string }): Promise<Video> => {
  await ownVideo(world.tables, actor, video)
  const fault = captionFault(vtt)
  if (fault !== undefined) throw new Refusal('bad-input', fault)
  await world.objects.put(keyOf(video, caption.language), vtt, { type: 'text/vtt; charset=utf-8', cacheControl: 'no-cache' })
  const change = (captions: Caption[]): Caption[] =>
    [...captions.filter(({ language }) => language !== caption.language), caption].sort((a, b) => (a.language < b.language ? -1 : 1))
  return relist(world, actor, { video, change })
}

/** Taking away what is not there is no error. */
export const removeCaptions = async (world: World, actor: Actor, { video, language }: { video: string; language: string }): Promise<Video> => {
  const shown = await relist(world, actor, { video, change: (captions) => captions.filter((caption) => caption.language !== language) })
  await world.objects.remove(keyOf(video, language))
  return shown
}
