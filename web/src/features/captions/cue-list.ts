import { CAPTION_LIMITS, type Cue, cleanText, inOrder, timesFault, timestamp } from '#contract/cues.ts'

/** A caption being edited; `key` stays its own whatever becomes of its place and its words. */
export type EditedCue = Cue & { key: number }
export type CueList = readonly EditedCue[]
export type CueFault = 'no-words' | 'ends-before-it-starts' | 'too-late' | 'cue-too-long'

/** How long a caption that is added stays, where there is room. */
const NEW_SECONDS = 3
const SHORTEST_SECONDS = 0.2

let lastKey = 0
const nextKey = (): number => {
  lastKey += 1
  return lastKey
}

const milliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000

export const keyed = (cues: readonly Cue[]): CueList => cues.map((cue) => ({ ...cue, key: nextKey() }))
export const unkeyed = (list: CueList): Cue[] => list.map(({ key: _, ...cue }) => cue)

/** A time as it is shown and typed: `1:04.500`, with hours where there are any. */
export const timeText = (seconds: number): string => timestamp(seconds).replace(/^(?:00:0?|0)/, '')

export const faultOf = (cue: Cue): CueFault | undefined => {
  const text = cleanText(cue.text)
  if (text === '') return 'no-words'
  if (text.length > CAPTION_LIMITS.cueCharacters) return 'cue-too-long'
  const fault = timesFault(cue)
  return fault === 'ends-before-it-starts' || fault === 'too-late' ? fault : undefined
}

export const changed = (list: CueList, key: number, change: Partial<Cue>): CueList => {
  const after = list.map((cue) => (cue.key === key ? { ...cue, ...change } : cue))
  return change.startSeconds === undefined && change.endSeconds === undefined ? after : inOrder(after)
}

export const without = (list: CueList, key: number): CueList => list.filter((cue) => cue.key !== key)

/** The caption shown at a moment: of those that overlap the one that began last. */
export const cueAt = <C extends Cue>(list: readonly C[], seconds: number): C | undefined =>
  list.findLast(({ startSeconds, endSeconds }) => startSeconds <= seconds && seconds < endSeconds)

/** Where a text is best cut: at the caret, else at the space nearest to its middle. */
const cutOf = (text: string, caret: number): number => {
  if (text.slice(0, caret).trim() !== '' && text.slice(caret).trim() !== '') return caret
  const spaces = [...text.matchAll(/\s/g)].map(({ index }) => index).filter((at) => text.slice(0, at).trim() !== '' && text.slice(at).trim() !== '')
  return spaces.toSorted((a, b) => Math.abs(a - text.length / 2) - Math.abs(b - text.length / 2))[0] ?? text.length
}

/** One caption as two: cut in time where the video is, if that is within it, else by the share of its words. Answers the key of the second. */
export const split = (
  list: CueList,
  key: number,
  { caret, nowSeconds }: { caret: number; nowSeconds?: number | undefined },
): { list: CueList; key: number } => {
  const cue = list.find((each) => each.key === key)
  if (!cue) return { list, key }
  const { startSeconds, endSeconds, text } = cue
  const at = cutOf(text, caret)
  const isWithin = nowSeconds !== undefined && nowSeconds > startSeconds + SHORTEST_SECONDS && nowSeconds < endSeconds - SHORTEST_SECONDS
  const share = text === '' ? 0.5 : Math.min(0.9, Math.max(0.1, at / text.length))
  const cut = milliseconds(isWithin ? nowSeconds : startSeconds + (endSeconds - startSeconds) * share)
  const second = { key: nextKey(), startSeconds: cut, endSeconds, text: text.slice(at).trim() }
  const parts = [{ ...cue, endSeconds: cut, text: text.slice(0, at).trim() }, second]
  return { list: list.flatMap((each) => (each.key === key ? parts : [each])), key: second.key }
}

/** A caption and the one after it as one. */
export const merged = (list: CueList, key: number): CueList => {
  const place = list.findIndex((each) => each.key === key)
  const [cue, next] = [list[place], list[place + 1]]
  if (!cue || !next) return list
  const text = [cue.text, next.text].filter((each) => each.trim() !== '').join('\n')
  const whole = { ...cue, endSeconds: Math.max(cue.endSeconds, next.endSeconds), text }
  return list.flatMap((each) => (each.key === key ? [whole] : each.key === next.key ? [] : [each]))
}

/** An empty caption at a moment, as long as there is room before the next. Answers its key. */
export const added = (list: CueList, startSeconds: number): { list: CueList; key: number } => {
  const next = list.find((each) => each.startSeconds > startSeconds)
  const endSeconds = Math.max(startSeconds + SHORTEST_SECONDS, Math.min(startSeconds + NEW_SECONDS, next?.startSeconds ?? Number.POSITIVE_INFINITY))
  const cue = { key: nextKey(), startSeconds: milliseconds(startSeconds), endSeconds: milliseconds(endSeconds), text: '' }
  return { list: inOrder([...list, cue]), key: cue.key }
}
