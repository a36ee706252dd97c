import type { Playback } from '#contract/watching.ts'
import { client, refusalOf } from '../../lib/api.ts'
import { browserName, deviceWords } from '../../lib/device.ts'
import { atMost } from '../../lib/pauses.ts'

/** Where only the network, or a school in trouble, is in the way. */
export const isPassing = (error: unknown): boolean => ['offline', 'fault', 'too-many'].includes(refusalOf(error))

const FINAL = ['access-ended', 'not-enrolled', 'not-allowed', 'not-found', 'stream-ended', 'too-many-streams']

/** Where the right to watch, or the place to do so, is gone. */
export const isFinal = (error: unknown): boolean => FINAL.includes(refusalOf(error))

const LONGEST_PARTING_MS = 2_000
let parting: Promise<unknown> = Promise.resolve()

/** The last word of a player on this page: the next one waits until the school has heard it, or it would find no place. */
export const part = (lastWord: Promise<unknown>): void => {
  parting = lastWord.catch(() => undefined)
}

/** Opens a lesson’s video to this browser, or goes on with a stream. */
export const openPlayback = async (lesson: string, stream?: string): Promise<Playback> => {
  await atMost(LONGEST_PARTING_MS, parting)
  return client.watching.open({ lesson, browser: browserName(), device: deviceWords(), ...(stream !== undefined && { stream }) })
}

const players = new Map<string, () => Promise<Playback>>()

/** Lets others on the page read the files that a player’s cookies open. Answers how to end that. */
export const sharePlayback = (lesson: string, renew: () => Promise<Playback>): (() => void) => {
  players.set(lesson, renew)
  return () => {
    if (players.get(lesson) === renew) players.delete(lesson)
  }
}

/** Fresh cookies for a lesson’s files: those of its player on this page where there is one, so that nobody takes a second place. */
export const playbackFor = (lesson: string): Promise<Playback> => players.get(lesson)?.() ?? openPlayback(lesson)
