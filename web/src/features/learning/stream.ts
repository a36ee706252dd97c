import Hls, { type ErrorData } from 'hls.js'
import type { Renditions } from './renditions.ts'

export type StreamFailure = 'network' | 'unsupported'

type Stream = {
  video: HTMLVideoElement
  url: string
  startSeconds: number
  renditions: Renditions
  /** Asks for fresh cookies; throws what the school answered. */
  renew: () => Promise<unknown>
  fail: (why: unknown) => void
}

const REFUSED = 403

// For browsers that play HLS themselves and have no MediaSource. The picture's cookies go along by themselves.
const playNatively = ({ video, url, startSeconds, renew, fail }: Stream): (() => void) => {
  if (!video.canPlayType('application/vnd.apple.mpegurl')) {
    fail('unsupported' satisfies StreamFailure)
    return () => undefined
  }
  let hasRenewed = false
  const load = (from: number) => {
    video.src = url
    video.addEventListener('loadedmetadata', () => (video.currentTime = from), { once: true })
  }
  // The element does not say which status it met, so one renewal is tried whatever it was.
  const onError = () => {
    if (hasRenewed) return fail('network' satisfies StreamFailure)
    hasRenewed = true
    const from = video.currentTime || startSeconds
    renew().then(() => load(from), fail)
  }
  video.addEventListener('error', onError)
  load(startSeconds)
  return () => {
    video.removeEventListener('error', onError)
    video.removeAttribute('src')
    video.load()
  }
}

/** Keeps a stream going through refused cookies and broken pictures; gives up when the same thing happens twice. */
const mend = (hls: Hls, { renew, fail, url, renditions }: Stream): void => {
  let hasRenewed = false
  let hasRecovered = false
  let hasManifest = false
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    hasManifest = true
  })
  hls.on(Hls.Events.FRAG_BUFFERED, () => {
    hasRenewed = false
  })
  const goOn = () => {
    if (!hasManifest) return hls.loadSource(url)
    // A refused level makes hls.js choose by itself again; whoever chose one keeps it.
    hls.loadLevel = renditions.selectedIndex
    hls.startLoad()
  }
  const onError = ({ fatal, type, response }: ErrorData) => {
    if (response?.code === REFUSED && !hasRenewed) {
      hasRenewed = true
      renew().then(goOn, fail)
    } else if (!fatal || (response?.code === REFUSED && hasRenewed && !hasManifest)) {
      if (fatal) fail('network' satisfies StreamFailure)
    } else if (type === Hls.ErrorTypes.MEDIA_ERROR && !hasRecovered) {
      hasRecovered = true
      hls.recoverMediaError()
    } else {
      fail(type === Hls.ErrorTypes.MEDIA_ERROR ? ('unsupported' satisfies StreamFailure) : ('network' satisfies StreamFailure))
    }
  }
  hls.on(Hls.Events.ERROR, (_, error) => onError(error))
}

const offerQualities = (hls: Hls, renditions: Renditions): void => {
  hls.on(Hls.Events.MANIFEST_PARSED, (_, { levels }) => {
    renditions.fill(levels.map(({ width, height, bitrate }, index) => ({ id: String(index), width, height, bitrate })))
  })
  renditions.onPick = (index) => {
    hls.nextLevel = index
  }
}

// Captions come as <track> elements; those the playlist names too would stand in the menu twice.
// hls.js leaves out a controller whose class is undefined; the type of its options cannot say so, hence not written plainly.
const WITHOUT_SUBTITLES = Object.fromEntries(['subtitleTrackController', 'subtitleStreamController'].map((name) => [name, undefined]))

/** Plays an HLS stream in a `<video>`; answers how to stop. */
export const playStream = (stream: Stream): (() => void) => {
  if (!Hls.isSupported()) return playNatively(stream)
  const hls = new Hls({
    startPosition: stream.startSeconds,
    capLevelToPlayerSize: true,
    backBufferLength: 60,
    ...WITHOUT_SUBTITLES,
    xhrSetup: (request) => {
      request.withCredentials = true
    },
  })
  offerQualities(hls, stream.renditions)
  mend(hls, stream)
  hls.attachMedia(stream.video)
  hls.loadSource(stream.url)
  return () => hls.destroy()
}
