import { captionsIn } from '#core/captions/records.ts'
import type { Stored } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { packaged } from './packaging.ts'
import { type StoredVideo, videoRecords } from './records.ts'

const captionsNow = async ({ tables }: World, id: string): Promise<string> =>
  (await captionsIn(tables, id)).map(({ language, revision, isDraft }) => `${language} ${revision} ${isDraft}`).join()

/**
 * Packages a video as it is stored, and again as long as it was written meanwhile: of two runs side by side the last word is
 * that of the newest record. Undefined when it is not, or no longer, one to package.
 */
export const packagedAsStored = async (
  world: World,
  id: string,
  isMeant: (video: StoredVideo) => boolean,
): Promise<{ video: Stored<StoredVideo>; rungs: string[] } | undefined> => {
  for (;;) {
    const video = await videoRecords.get(world.tables, { id })
    if (!video || !isMeant(video.value)) return undefined
    const captions = await captionsNow(world, id)
    const { rungs } = await packaged(world, video.value)
    const now = await videoRecords.get(world.tables, { id })
    if (now?.version === video.version && (await captionsNow(world, id)) === captions) return { video, rungs }
  }
}

/** Writes the master playlist and what goes with it anew, after something of a ready video has changed. */
export const packageAgain = async (world: World, id: string): Promise<void> => {
  await packagedAsStored(world, id, ({ state, made }) => state === 'ready' && made !== undefined)
}
