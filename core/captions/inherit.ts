import { type Hearing, hearing } from '#core/events.ts'
import { videoRecords } from '#core/media/records.ts'
import type { World } from '#ports/world.ts'
import { captionRecords, captionsIn, type StoredCaptions, textKey, VTT } from './records.ts'
import { commitCaptions } from './write.ts'

/** One language of another video; without the version before, whose text stays where it was. */
const copied = async ({ objects }: World, { before: _, ...captions }: StoredCaptions, video: string): Promise<StoredCaptions | undefined> => {
  const text = await objects.get(textKey(captions))
  // Written again or removed since.
  if (!text) return undefined
  const after = { ...captions, video }
  await objects.put(textKey(after), text.bytes, VTT)
  return after
}

/** The captions of a video are there again on the one that takes its place; a teacher who finds that they no longer fit edits or removes them. */
const inherit = async (world: World, { video: id }: { video: string }): Promise<void> => {
  const video = (await videoRecords.get(world.tables, { id }))?.value
  if (video?.replaces === undefined || video.attempt > 1) return
  const there = new Set((await captionsIn(world.tables, id)).map(({ language }) => language))
  const missing = (await captionsIn(world.tables, video.replaces)).filter(({ language }) => !there.has(language))
  const added = (await Promise.all(missing.map((captions) => copied(world, captions, id)))).filter((captions) => captions !== undefined)
  if (added.length === 0) return
  const changes = added.map((captions) => captionRecords.add(captions))
  // A teacher who writes one at this very moment keeps it.
  if ((await commitCaptions(world, id, changes)) === 'conflict') return inherit(world, { video: id })
}

export const inheriting: readonly Hearing[] = [hearing('captions.inherit', 'video.uploaded', inherit)]
