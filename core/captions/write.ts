import type { CaptionTrack } from '#contract/captions.ts'
import { CAPTION_LIMITS, type Cue, writeCaptions } from '#contract/cues.ts'
import { event } from '#core/events.ts'
import { videoRecords } from '#core/media/records.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { captionRecords, type StoredCaptions, shownTrack, textKey, VTT } from './records.ts'
import { faultWords } from './words.ts'

export const changedElsewhere = (): Refusal => new Refusal('conflict', 'The captions were changed elsewhere in the meantime. Load them again.')

/** One language of a video, exactly as the caller has read it: whoever has read something else is refused. */
export const asRead = async (
  { tables }: World,
  { video, language, revision }: Pick<StoredCaptions, 'video' | 'language' | 'revision'>,
): Promise<Stored<StoredCaptions>> => {
  const captions = await captionRecords.get(tables, { video, language })
  if (!captions) throw missing('language')
  if (captions.value.revision !== revision) throw changedElsewhere()
  return captions
}

/** Writes one change of captions with the event that tells of it. */
export const commitCaptions = async (world: World, video: string, changes: Change[]): Promise<'done' | 'conflict'> =>
  world.tables.commit([videoRecords.there({ id: video }), ...changes], [event(world, 'captions.changed', { video })])

export type NewVersion = Pick<StoredCaptions, 'video' | 'language' | 'label' | 'origin' | 'isDraft'> & {
  cues: readonly Cue[]
  /** The revision it was made from; undefined where there were no captions. */
  revision: string | undefined
  /** What else is to be written with it. */
  changes?: Change[]
}

/**
 * A new version of the captions in one language; the one before can be brought back. Its text is stored first, under a
 * name of its own, so that a crash in between leaves an object nobody names and nothing half written.
 */
export const writeVersion = async (world: World, { cues, revision: made, changes = [], ...wanted }: NewVersion): Promise<CaptionTrack> => {
  const { tables, objects, ids, clock } = world
  const before = await captionRecords.get(tables, wanted)
  if (before?.value.revision !== made) throw changedElsewhere()
  const text = writeCaptions(cues)
  if (text.length > CAPTION_LIMITS.characters) throw new Refusal('bad-input', faultWords({ kind: 'too-large', line: 1 }))
  const replaced = before && (({ revision, origin, cues: count, at }) => ({ before: { revision, origin, cues: count, at } }))(before.value)
  const after: StoredCaptions = { ...wanted, revision: ids.make('rev'), cues: cues.length, at: clock.now().toISOString(), ...replaced }
  await objects.put(textKey(after), text, VTT)
  const outcome = await commitCaptions(world, wanted.video, [before ? captionRecords.replace(before, after) : captionRecords.add(after), ...changes])
  // One version back is kept; what it replaced in its turn is not. After a crash just here it goes with the video.
  const gone = outcome === 'done' ? before?.value.before && { ...wanted, ...before.value.before } : after
  if (gone) await objects.remove(textKey(gone))
  if (outcome === 'conflict') throw changedElsewhere()
  return shownTrack(after)
}
