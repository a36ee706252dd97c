/** What is used of a `<video>`. */
export type Screen = Pick<HTMLVideoElement, 'currentTime' | 'playbackRate' | 'defaultPlaybackRate' | 'play' | 'addEventListener'> &
  Partial<Pick<HTMLVideoElement, 'requestVideoFrameCallback'>>

/** A frame counts from this much before the moment that was asked for: streams begin at whole frames. */
const NEAR_SECONDS = 1
/** A page in the background paints nothing at all. */
const LONGEST_MS = 8_000

/** Resolves once a picture of about this moment is on the screen. */
const painted = (video: Screen, seconds: number): Promise<void> =>
  new Promise((resolve) => {
    if (!video.requestVideoFrameCallback) {
      // Seeking ends every exchange, also one from the very beginning.
      video.addEventListener('seeked', () => resolve(), { once: true })
      video.addEventListener('playing', () => resolve(), { once: true })
      return
    }
    const look: VideoFrameRequestCallback = (_, { mediaTime }) => {
      if (mediaTime >= seconds - NEAR_SECONDS) resolve()
      else video.requestVideoFrameCallback?.(look)
    }
    video.requestVideoFrameCallback(look)
  })

type Exchange = {
  /** Where the new source goes on. */
  seconds: number
  isPlaying: boolean
  /** Takes the old source away and gives the element the new one, at once. */
  begin(seconds: number): void
  wait(milliseconds: number): Promise<void>
}

/**
 * Exchanges what an element plays for another source of the same film: same moment, same speed, playing or paused as it
 * was. Volume and text tracks are the element's own and stay. Resolves when the new picture is on the screen.
 */
export const swapped = async (video: Screen, { seconds, isPlaying, begin, wait }: Exchange): Promise<void> => {
  const usual = video.defaultPlaybackRate
  // Another source pauses an element and sets its speed to the default one (HTML, media element load algorithm).
  video.defaultPlaybackRate = video.playbackRate
  begin(seconds)
  if (isPlaying) video.play().catch(() => undefined)
  await Promise.race([painted(video, seconds), wait(LONGEST_MS)])
  video.defaultPlaybackRate = usual
}

/** Keeps the last picture in sight while there is none to see. */
export const drawn = (video: HTMLVideoElement, canvas: HTMLCanvasElement): boolean => {
  const pen = canvas.getContext('2d')
  if (!pen || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return false
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  pen.drawImage(video, 0, 0)
  return true
}
