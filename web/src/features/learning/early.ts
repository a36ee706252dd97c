/** The last moments of what is made are not worth jumping to. */
const MARGIN_SECONDS = 1

/** Whether a moment can be watched while only this much of a video is made. */
export const isMade = (seconds: number, madeSeconds: number): boolean => seconds <= Math.max(0, madeSeconds - MARGIN_SECONDS)

type Place = { seconds: number; madeSeconds: number; durationSeconds: number }

/** The picture has run up to the end of what is made, which is not the end of the video. */
export const isAtEdge = ({ seconds, madeSeconds, durationSeconds }: Place): boolean =>
  madeSeconds < durationSeconds - MARGIN_SECONDS && !isMade(seconds, madeSeconds)
