/** What the browser itself can tell of a video file before it is sent. */
export type FilmFacts = { durationSeconds: number; width: number; height: number }

const PATIENCE_MS = 3_000

/** Undefined for a file this browser cannot read, or not soon: it may be a fine video all the same. */
export const filmFacts = (file: File): Promise<FilmFacts | undefined> =>
  new Promise((resolve) => {
    const video = document.createElement('video')
    const url = URL.createObjectURL(file)
    const end = (facts?: FilmFacts): void => {
      clearTimeout(timer)
      video.onerror = null
      video.removeAttribute('src')
      video.load()
      URL.revokeObjectURL(url)
      resolve(facts)
    }
    const timer = setTimeout(end, PATIENCE_MS)
    video.onloadedmetadata = () => {
      const { duration: durationSeconds, videoWidth: width, videoHeight: height } = video
      end(Number.isFinite(durationSeconds) && durationSeconds > 0 && width > 0 ? { durationSeconds, width, height } : undefined)
    }
    video.onerror = () => end()
    video.preload = 'metadata'
    video.muted = true
    video.src = url
  })
