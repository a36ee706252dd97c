import { type Hearing, hearing } from '#core/events.ts'
import { packageAgain } from '#core/media/package-again.ts'
import { mediaPrefix, videoRecords } from '#core/media/records.ts'
import { all } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { CAPTIONS, captionRecords, captionsIn, draftsPrefix, listeningRecords, type StoredCaptions, shownKey, textKey, VTT } from './records.ts'

const keysBelow = async ({ objects }: World, prefix: string): Promise<string[]> => (await all((page) => objects.list(prefix, page))).map(({ key }) => key)

/** What learners should find, as it is stored now. */
const wanted = async ({ tables }: World, video: string): Promise<StoredCaptions[]> =>
  (await videoRecords.get(tables, { id: video })) ? captionsIn(tables, video) : []

const signature = (captions: readonly StoredCaptions[]): string =>
  captions.map(({ language, revision, isDraft }) => `${language} ${revision} ${isDraft}`).join()

/** Puts the files in place, has the playlists name them, and only then takes away what none names any more. */
const lay = async (world: World, id: string, captions: readonly StoredCaptions[]): Promise<void> => {
  const shown = captions.filter(({ isDraft }) => !isDraft)
  for (const each of shown) {
    const text = await world.objects.get(textKey(each))
    // Written again since, and removed: the event of that writing is on its way.
    if (text) await world.objects.put(shownKey(id, each.language), text.bytes, VTT)
  }
  await packageAgain(world, id)
  const kept = new Set(shown.map(({ language }) => language))
  const languageIn = (key: string): string => /([^/.]+)\.\w+$/.exec(key)?.[1] ?? ''
  for (const key of await keysBelow(world, mediaPrefix(id) + CAPTIONS)) if (!kept.has(languageIn(key))) await world.objects.remove(key)
}

/**
 * Lays out for learners what is stored now, whichever event asked for it; running it twice, or late, gives the same. It
 * looks again after writing, since two runs side by side could otherwise leave what the older one saw.
 */
const show = async (world: World, video: string): Promise<void> => {
  let before = await wanted(world, video)
  for (;;) {
    await lay(world, video, before)
    const now = await wanted(world, video)
    if (signature(now) === signature(before)) return
    before = now
  }
}

const clear = async (world: World, { video }: { video: string }): Promise<void> => {
  const gone = (await captionsIn(world.tables, video)).map(({ language }) => captionRecords.remove({ video, language }))
  await world.tables.commit([...gone, listeningRecords.remove({ video })])
  for (const key of await keysBelow(world, draftsPrefix(video))) await world.objects.remove(key)
}

export const showing: readonly Hearing[] = [
  hearing('captions.show', 'captions.changed', (world, { video }) => show(world, video)),
  hearing('captions.show-again', 'video.ready', (world, { video }) => show(world, video)),
  hearing('captions.clear', 'video.removed', clear),
]
