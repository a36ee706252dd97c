export type Chapter = { startSeconds: number; title: string }

const stamp = (seconds: number): string => {
  const parts = [seconds / 3600, (seconds % 3600) / 60].map((part) => String(Math.floor(part)).padStart(2, '0'))
  return `${parts.join(':')}:${(seconds % 60).toFixed(3).padStart(6, '0')}`
}

/** Chapters as a WebVTT file, for the player's timeline. */
export const chaptersVtt = (chapters: Chapter[], durationSeconds: number): string => {
  const cues = chapters.map(({ startSeconds, title }, place) => {
    const end = chapters[place + 1]?.startSeconds ?? durationSeconds
    // A line break or an arrow would end the cue early.
    const words = title.replaceAll(/\s+/g, ' ').replaceAll('-->', '→')
    return `${stamp(startSeconds)} --> ${stamp(end)}\n${words}`
  })
  return `WEBVTT\n\n${cues.join('\n\n')}\n`
}

/** The chapter a moment lies in; -1 before the first. */
export const chapterAt = (chapters: Chapter[], seconds: number): number => chapters.findLastIndex(({ startSeconds }) => seconds >= startSeconds)
