import type { CaptionsDesk, CaptionTrack, captions as contract } from '#contract/captions.ts'
import { CAPTION_LIMITS, type Cue, cleanText, inOrder, readCaptions, timesFault } from '#contract/cues.ts'
import type { Actor, Handlers } from '#core/handlers.ts'
import { ownVideo } from '#core/media/own.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { captionRecords, captionsIn, listeningRecords, type StoredCaptions, shownTrack, textKey } from './records.ts'
import { cueWords, faultWords } from './words.ts'
import { asRead, changedElsewhere, commitCaptions, writeVersion } from './write.ts'

type Of = { video: string; language: string }

/** Everything about a video's captions but their cues. */
export const desk = async (world: World, actor: Actor, video: string): Promise<CaptionsDesk> => {
  const { state, made } = (await ownVideo(world.tables, actor, video)).value
  const [tracks, listening] = await Promise.all([captionsIn(world.tables, video), listeningRecords.get(world.tables, { video })])
  const machine = (): CaptionsDesk['machine'] => {
    if (!world.transcription) return 'off'
    if (state !== 'ready') return 'not-ready'
    return made?.audio ? 'ready' : 'no-sound'
  }
  return { tracks: tracks.map(shownTrack), machine: machine(), listening: listening?.value }
}

const storedCues = async ({ objects }: World, captions: StoredCaptions): Promise<Cue[]> => {
  const object = await objects.get(textKey(captions))
  const read = object && readCaptions(new TextDecoder().decode(object.bytes))
  // A save may take the last cue away; the file is then empty, which only an upload may not be.
  if (captions.cues === 0) return []
  if (!read || !('cues' in read)) throw new Error(`The captions ${textKey(captions)} are missing or broken.`)
  return read.cues
}

const checked = ({ startSeconds, endSeconds, text }: Cue, place: number): Cue => {
  const cue = { startSeconds: Math.round(startSeconds * 1000) / 1000, endSeconds: Math.round(endSeconds * 1000) / 1000, text: cleanText(text) }
  if (cue.text === '') throw new Refusal('bad-input', `Caption ${place} has no words.`)
  const kind = timesFault(cue) ?? (cue.text.length > CAPTION_LIMITS.cueCharacters ? 'cue-too-long' : undefined)
  if (kind !== undefined) throw new Refusal('bad-input', cueWords(kind, place))
  return cue
}

const publish = async (world: World, actor: Actor, of: Of & { revision: string }): Promise<CaptionTrack> => {
  await ownVideo(world.tables, actor, of.video)
  const captions = await asRead(world, of)
  const after = { ...captions.value, isDraft: false }
  if ((await commitCaptions(world, of.video, [captionRecords.replace(captions, after)])) === 'conflict') throw changedElsewhere()
  return shownTrack(after)
}

const restore = async (world: World, actor: Actor, of: Of & { revision: string }): Promise<CaptionTrack> => {
  await ownVideo(world.tables, actor, of.video)
  const captions = await asRead(world, of)
  const { before, revision, origin, cues, at } = captions.value
  if (!before) throw missing('version')
  const after = { ...captions.value, ...before, before: { revision, origin, cues, at } }
  if ((await commitCaptions(world, of.video, [captionRecords.replace(captions, after)])) === 'conflict') throw changedElsewhere()
  return shownTrack(after)
}

/** Taking away what is not there is no error. */
const remove = async (world: World, actor: Actor, { video, language }: Of): Promise<{ done: true }> => {
  await ownVideo(world.tables, actor, video)
  const captions = (await captionRecords.get(world.tables, { video, language }))?.value
  if (!captions) return { done: true }
  if ((await commitCaptions(world, video, [captionRecords.remove({ video, language })])) === 'conflict') throw missing('video')
  for (const { revision } of [captions, captions.before ?? captions]) await world.objects.remove(textKey({ video, language, revision }))
  return { done: true }
}

export const tracks: Omit<Handlers<typeof contract>, 'transcribe'> = {
  all: (world, actor, { video }) => desk(world, actor, video),
  read: async (world, actor, { video, language }) => {
    await ownVideo(world.tables, actor, video)
    const captions = await captionRecords.get(world.tables, { video, language })
    if (!captions) throw missing('language')
    return { track: shownTrack(captions.value), cues: await storedCues(world, captions.value) }
  },
  upload: async (world, actor, { video, language, label, revision, text }) => {
    await ownVideo(world.tables, actor, video)
    const read = readCaptions(text)
    if ('fault' in read) throw new Refusal('bad-input', faultWords(read.fault))
    return writeVersion(world, { video, language, label, revision, cues: read.cues, origin: 'file', isDraft: false })
  },
  save: async (world, actor, { video, language, label, revision, cues }) => {
    await ownVideo(world.tables, actor, video)
    const before = await captionRecords.get(world.tables, { video, language })
    const clean = inOrder(cues.map((cue, index) => checked(cue, index + 1)))
    return writeVersion(world, { video, language, label, revision, cues: clean, origin: 'typed', isDraft: before?.value.isDraft ?? true })
  },
  publish,
  restore,
  remove,
}
