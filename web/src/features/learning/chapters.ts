import { timestamp } from '#contract/cues.ts'

export type Chapter = { startSeconds: number; title: string }

/** Chapters as a WebVTT file, for the player's timeline. */
export const chaptersVtt = (chapters: Chapter[], durationSeconds: number): string => {
  const cues = chapters.map(({ startSeconds, title }, place) => {
    const end = chapters[place + 1]?.startSeconds ?? durationSeconds
    // A line break or an arrow would end the cue early.
    const words = title.replaceAll(/\s+/g, ' ').replaceAll('-->', '→')
    return `${timestamp(startSeconds)} --> ${timestamp(end)}\n${words}`
  })
  return `WEBVTT\n\n${cues.join('\n\n')}\n`
}

/** The chapter a moment lies in; -1 before the first. */
export const chapterAt = (chapters: Chapter[], seconds: number): number => chapters.findLastIndex(({ startSeconds }) => seconds >= startSeconds)
