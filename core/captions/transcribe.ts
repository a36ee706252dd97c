import * as z from 'zod/mini'
import type { CaptionsDesk } from '#contract/captions.ts'
import { type Cue, cleanText, inOrder } from '#contract/cues.ts'
import { event, hearing, type Payload } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { videoRecords } from '#core/media/records.ts'
import { Refusal } from '#core/refusal.ts'
import { type Spoken, TRANSCRIPTION_LIMITS, type Transcription, TranscriptionFailed, type TranscriptionFault } from '#ports/transcription.ts'
import type { World } from '#ports/world.ts'
import { captionRecords, draftsPrefix, listeningRecords, type StoredListening } from './records.ts'
import { type SoundWindow, soundFile, soundWindows } from './sound.ts'
import { desk } from './tracks.ts'
import { writeVersion } from './write.ts'

/** After so long without a word from it, the machine may be asked again: whatever was under way has been lost. */
const LOST_AFTER_MS = 1.5 * TRANSCRIPTION_LIMITS.answerSeconds * 1000
/** What reads well at once on a screen, two lines and a little. */
const READABLE_CHARACTERS = 120

const REASONS: Record<TranscriptionFault, string> = {
  unreachable: 'The transcription service could not be reached, or is too busy. Try again in a while; what it has heard so far is kept.',
  refused: 'The transcription service refused the request. The school’s owner can check its key and model.',
  nonsense: 'The transcription service gave an answer that cannot be read. Try again; if it stays so, tell the school’s owner.',
}
const SWITCHED_OFF = 'Captions by machine have been switched off meanwhile.'
const OVERTAKEN = 'Captions in this language were added meanwhile, so those by machine were left out.'
const SILENT = 'Nothing was heard in this video.'
const NO_ROOM = 'So much is said in this video that it does not fit into one set of captions. Divided into shorter videos it would.'

const isExpected = ({ state }: StoredListening): boolean => state === 'asked' || state === 'working'
const isUnderWay = ({ clock }: World, listening: StoredListening): boolean =>
  isExpected(listening) && clock.now().getTime() - Date.parse(listening.at) < LOST_AFTER_MS

const refuseUnable = ({ machine, tracks, listening }: CaptionsDesk, language: string): void => {
  if (machine === 'off') throw new Refusal('not-set-up', 'This school has no transcription service. Its owner can set one up.')
  if (machine === 'not-ready') throw new Refusal('not-ready', 'The video is still being prepared.')
  if (machine === 'no-sound') throw new Refusal('bad-input', 'This video has no sound.')
  if (tracks.some((track) => track.language === language)) throw new Refusal('conflict', 'There are captions in this language already. Remove them first.')
  if (listening) throw new Refusal('conflict', 'The machine is listening to this video already.')
}

/** Asks for captions by machine; the answer comes as a draft. */
export const transcribe = async (
  world: World,
  actor: Actor,
  { video, language, label }: { video: string; language: string; label: string },
): Promise<CaptionsDesk> => {
  const before = await listeningRecords.get(world.tables, { video })
  const { listening: _, ...now } = await desk(world, actor, video)
  refuseUnable(before && isUnderWay(world, before.value) ? { ...now, listening: before.value } : now, language)
  const asked: StoredListening = {
    ...{ video, language, label, ask: world.ids.make('ask'), state: 'asked', percent: 0, at: world.clock.now().toISOString() },
  }
  const change = before ? listeningRecords.replace(before, asked) : listeningRecords.add(asked)
  const outcome = await world.tables.commit([change], [event(world, 'captions.asked', { video, ask: asked.ask })])
  if (outcome === 'conflict') throw new Refusal('conflict', 'The machine has just been asked.')
  return desk(world, actor, video)
}

type Ask = Payload<'captions.asked'>

/** Writes how far it is. Undefined when this asking has been answered, given up, or followed by another. */
const note = async (world: World, { video, ask }: Ask, change: Partial<StoredListening> = {}): Promise<StoredListening | undefined> => {
  const now = await listeningRecords.get(world.tables, { video })
  if (now?.value.ask !== ask || !isExpected(now.value)) return undefined
  const after = { ...now.value, ...change, at: world.clock.now().toISOString() }
  const outcome = await world.tables.commit([listeningRecords.replace(now, after)])
  return outcome === 'done' ? after : note(world, { video, ask }, change)
}

const Heard = z.array(z.object({ startSeconds: z.number(), endSeconds: z.number(), text: z.string() }))

const heardKey = ({ video, language }: StoredListening, place: number): string => `${draftsPrefix(video)}heard/${language}.${place}.json`

/** What is said in one window. Kept, so that after a crash, a failure and a retry nobody listens to it, or pays for it, twice. */
const heardIn = async (
  world: World,
  transcription: Transcription,
  of: { listening: StoredListening; window: SoundWindow; place: number },
): Promise<Spoken[]> => {
  const key = heardKey(of.listening, of.place)
  const stored = await world.objects.get(key)
  if (stored) return Heard.parse(JSON.parse(new TextDecoder().decode(stored.bytes)))
  const spoken = await transcription.transcribe(await soundFile(world, of.window), { language: of.listening.language })
  await world.objects.put(key, JSON.stringify(spoken), { type: 'application/json' })
  return spoken
}

/** Words in pieces that read well, none longer than the bound. */
const portions = (text: string): string[] =>
  text.split(' ').reduce<string[]>((pieces, word) => {
    const last = pieces.at(-1)
    for (const part of word.match(new RegExp(`.{1,${READABLE_CHARACTERS}}`, 'gsu')) ?? []) {
      if (last !== undefined && last.length + part.length < READABLE_CHARACTERS) pieces[pieces.length - 1] = `${last} ${part}`
      else pieces.push(part)
    }
    return pieces
  }, [])

/** Cues of what was said: a long stretch is cut, and each piece gets its share of the time. */
export const cuesOf = ({ startSeconds, endSeconds, text }: Spoken, offset: number): Cue[] => {
  const pieces = portions(cleanText(text).replace(/\s+/g, ' '))
  const letters = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const [start, length] = [offset + Math.max(0, startSeconds), Math.max(endSeconds - Math.max(0, startSeconds), 0.2 * pieces.length)]
  const at = (share: number): number => Math.round((start + length * share) * 1000) / 1000
  let before = 0
  return pieces.map((piece) => {
    const from = before / letters
    before += piece.length
    return { startSeconds: at(from), endSeconds: at(before / letters), text: piece }
  })
}

const listenTo = async (world: World, transcription: Transcription, asked: Ask): Promise<{ cues: Cue[]; windows: number } | undefined> => {
  const video = await videoRecords.get(world.tables, { id: asked.video })
  const windows = video ? await soundWindows(world, video.value) : []
  const cues: Cue[] = []
  for (const [place, window] of windows.entries()) {
    const listening = await note(world, asked, { state: 'working', percent: Math.floor((100 * place) / windows.length) })
    if (!listening) return undefined
    const spoken = await heardIn(world, transcription, { listening, window, place })
    cues.push(...spoken.flatMap((each) => cuesOf(each, window.startSeconds)))
  }
  return { cues: inOrder(cues), windows: windows.length }
}

const fail = async (world: World, asked: Ask, reason: string): Promise<void> => void (await note(world, asked, { state: 'failed', reason }))

/** The draft and the end of listening in one write. */
const finish = async (world: World, asked: Ask, { cues, windows }: { cues: Cue[]; windows: number }): Promise<void> => {
  const now = await listeningRecords.get(world.tables, { video: asked.video })
  if (now?.value.ask !== asked.ask || !isExpected(now.value)) return
  const { video, language, label } = now.value
  if (cues.length === 0) return fail(world, asked, SILENT)
  if (await captionRecords.get(world.tables, { video, language })) return fail(world, asked, OVERTAKEN)
  const done = listeningRecords.replace(now, { ...now.value, state: 'done', percent: 100, at: world.clock.now().toISOString() })
  await writeVersion(world, { video, language, label, cues, origin: 'machine', isDraft: true, revision: undefined, changes: [done] })
  for (let place = 0; place < windows; place += 1) await world.objects.remove(heardKey(now.value, place))
}

const listen = async (world: World, asked: Ask): Promise<void> => {
  if (!(await note(world, asked))) return
  if (!world.transcription) return fail(world, asked, SWITCHED_OFF)
  try {
    const heard = await listenTo(world, world.transcription, asked)
    if (heard) await finish(world, asked, heard)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'bad-input') return fail(world, asked, NO_ROOM)
    // Anything else comes again with the delivery; the service's own failure is the teacher's to know, and to try again.
    if (!(error instanceof TranscriptionFailed)) throw error
    world.log.warn('transcription failed', { video: asked.video, fault: error.fault, detail: error.message })
    await fail(world, asked, REASONS[error.fault])
  }
}

export const listening = [hearing('captions.listen', 'captions.asked', listen)] as const
