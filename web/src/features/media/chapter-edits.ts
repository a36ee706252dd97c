import type { Chapter } from '#contract/media.ts'
import { formatClock } from '../../lib/clock.ts'

/** A chapter while it is typed; `stored` is what it was read from, which may be finer than a second. */
export type ChapterDraft = { key: number; start: string; title: string; stored?: number | undefined }

export type ChapterFault = 'time' | 'title' | 'late' | 'twice'

/** Seconds of `1:02:09`, `12:34` or `95`; undefined for anything else. */
export const parseClock = (typed: string): number | undefined => {
  const parts = typed.trim().split(':')
  if (parts.length > 3 || !parts.every((part) => /^\d{1,5}$/.test(part))) return undefined
  const numbers = parts.map(Number)
  if (numbers.slice(1).some((number) => number > 59)) return undefined
  return numbers.reduce((sum, number) => sum * 60 + number, 0)
}

let lastKey = 0
const draft = (of: Omit<ChapterDraft, 'key'>): ChapterDraft => {
  lastKey += 1
  return { key: lastKey, ...of }
}

export const draftsOf = (chapters: readonly Chapter[]): ChapterDraft[] =>
  chapters.map(({ startSeconds, title }) => draft({ start: formatClock(Math.floor(startSeconds)), title, stored: startSeconds }))

/** What a draft’s start means; one that was not touched keeps its fraction of a second. */
export const startOf = ({ start, stored }: ChapterDraft): number | undefined =>
  stored !== undefined && start.trim() === formatClock(Math.floor(stored)) ? stored : parseClock(start)

const inOrder = (drafts: readonly ChapterDraft[]): ChapterDraft[] =>
  drafts.toSorted((a, b) => (startOf(a) ?? Number.POSITIVE_INFINITY) - (startOf(b) ?? Number.POSITIVE_INFINITY))

/** With one more at this moment, in its place. */
export const withChapterAt = (drafts: readonly ChapterDraft[], seconds: number): { drafts: ChapterDraft[]; added: ChapterDraft } => {
  const added = draft({ start: formatClock(Math.floor(seconds)), title: '' })
  return { drafts: inOrder([...drafts, added]), added }
}

/** What is wrong with each, by key. */
export const faultsOf = (drafts: readonly ChapterDraft[], durationSeconds: number | undefined): Map<number, ChapterFault> => {
  const starts = drafts.map(startOf)
  return new Map(
    drafts.flatMap(({ key, title }, place): [number, ChapterFault][] => {
      const start = starts[place]
      if (start === undefined) return [[key, 'time']]
      if (durationSeconds !== undefined && start >= durationSeconds) return [[key, 'late']]
      if (starts.indexOf(start) !== place) return [[key, 'twice']]
      return title.trim() === '' ? [[key, 'title']] : []
    }),
  )
}

/** As they are stored; only for drafts without faults. */
export const chaptersOf = (drafts: readonly ChapterDraft[]): Chapter[] =>
  inOrder(drafts).flatMap((each) => {
    const startSeconds = startOf(each)
    return startSeconds === undefined ? [] : [{ startSeconds, title: each.title.trim() }]
  })

export const isSame = (a: readonly Chapter[], b: readonly Chapter[]): boolean =>
  a.length === b.length && a.every(({ startSeconds, title }, place) => b[place]?.startSeconds === startSeconds && b[place]?.title === title)
