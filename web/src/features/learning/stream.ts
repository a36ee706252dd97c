import Hls, { type ErrorData } from 'hls.js'
import { isElsewhere } from '../../lib/media-host.ts'
import { type Renditions, renditionsOf } from './renditions.ts'

/** `ended`: by its learner, from another of their devices. */
export type StreamFailure = 'network' | 'unsupported' | 'ended'

type Stream = {
  video: HTMLVideoElement
  url: string
  startSeconds: number
  renditions: Renditions
  /** Asks for fresh cookies; throws what the school answered. */
  renew: () => Promise<unknown>
  fail: (why: unknown) => void
  /** Told how much of the film there is, again while it grows. */
  made: (seconds: number) => void
}

const REFUSED = 403

// For browsers that play HLS themselves and have no MediaSource. The picture's cookies go along by themselves.
const playNatively = ({ video, url, startSeconds, renew, fail, made }: Stream): (() => void) => {
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
  const tell = () => Number.isFinite(video.duration) && made(video.duration)
  video.addEventListener('error', onError)
  video.addEventListener('durationchange', tell)
  load(startSeconds)
  return () => {
    video.removeEventListener('error', onError)
    video.removeEventListener('durationchange', tell)
    video.removeAttribute('src')
    video.load()
  }
}

/** A stream's own number of a quality in the menu; -1 lets the player choose. */
const levelOf = (renditions: Renditions, index: number): number => Number(renditions[index]?.id ?? -1)

/** Sound and picture may each be refused once with the same old cookies. */
const MOST_RENEWALS = 2
/** Pauses before a lost line is tried again, after hls.js has given it up: half a minute in all. */
const PAUSES_MS = [2_000, 4_000, 8_000, 16_000]

const isLost = ({ type, response }: ErrorData): boolean => type === Hls.ErrorTypes.NETWORK_ERROR && (!response?.code || response.code >= 500)

/** Resolves after a while, or as soon as there is a line again. */
const lineOr = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    window.addEventListener('online', () => [clearTimeout(timer), resolve()], { once: true })
  })

/** Keeps a stream going through refused cookies, lost lines and broken pictures; gives up when the same thing happens again and again. */
const mend = (hls: Hls, { renew, fail, url, renditions }: Stream): void => {
  let [renewals, pauses] = [0, 0]
  let [isRenewing, hasRecovered, hasManifest, isOver] = [false, false, false, false]
  hls.on(Hls.Events.DESTROYING, () => {
    isOver = true
  })
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    hasManifest = true
  })
  hls.on(Hls.Events.FRAG_BUFFERED, () => {
    ;[renewals, pauses] = [0, 0]
  })
  const goOn = () => {
    isRenewing = false
    // What came with the new cookies may be another stream.
    if (isOver) return
    if (!hasManifest) return hls.loadSource(url)
    // A refused level makes hls.js choose by itself again; whoever chose one keeps it.
    hls.loadLevel = levelOf(renditions, renditions.selectedIndex)
    hls.startLoad()
  }
  const giveUp = ({ type }: ErrorData) =>
    fail(type === Hls.ErrorTypes.MEDIA_ERROR ? ('unsupported' satisfies StreamFailure) : ('network' satisfies StreamFailure))
  const onError = (error: ErrorData) => {
    const isRefused = error.response?.code === REFUSED
    if (isRefused && isRenewing) return
    if (isRefused && renewals < MOST_RENEWALS) {
      renewals += 1
      isRenewing = true
      renew().then(goOn, fail)
    } else if (!error.fatal) return
    else if (isLost(error) && hasManifest && pauses < PAUSES_MS.length) {
      void lineOr(PAUSES_MS[pauses] ?? 0).then(goOn)
      pauses += 1
    } else if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !hasRecovered) {
      hasRecovered = true
      hls.recoverMediaError()
    } else giveUp(error)
  }
  hls.on(Hls.Events.ERROR, (_, error) => onError(error))
}

const offerQualities = (hls: Hls, renditions: Renditions): void => {
  let offered: string | undefined
  const offer = (codecSet: string | undefined): void => {
    offered = codecSet
    renditions.fill(renditionsOf(hls.levels, codecSet))
  }
  renditions.fill([])
  // Which codecs are played is decided with the first level; levels this browser turns out not to play fall away later.
  hls.on(Hls.Events.LEVEL_SWITCHING, (_, { codecSet }) => {
    if (codecSet !== offered) offer(codecSet)
  })
  hls.on(Hls.Events.LEVELS_UPDATED, () => offer(offered))
  renditions.onPick = (index) => {
    hls.nextLevel = levelOf(renditions, index)
  }
}

// Captions come as <track> elements; those the playlist names too would stand in the menu twice.
// hls.js leaves out a controller whose class is undefined; the type of its options cannot say so, hence not written plainly.
const WITHOUT_SUBTITLES = Object.fromEntries(['subtitleTrackController', 'subtitleStreamController'].map((name) => [name, undefined]))

/** `onBeyond`: the film is still growing, and nothing is made yet at the moment it should begin with. */
const opened = (stream: Stream, onBeyond: () => void): Hls => {
  const hls = new Hls({
    startPosition: stream.startSeconds,
    capLevelToPlayerSize: true,
    backBufferLength: 60,
    // Left to itself it loads ten minutes ahead, which the machine's edge would take for a program that saves the film.
    maxMaxBufferLength: 60,
    // A first version that still grows looks like a broadcast; nobody is hurried to its end.
    liveSyncDurationCount: 1,
    ...WITHOUT_SUBTITLES,
    xhrSetup: (request, url) => {
      request.withCredentials = isElsewhere(url)
    },
  })
  hls.once(Hls.Events.LEVEL_LOADED, (_, { details }) => {
    if (details.live && stream.startSeconds >= details.edge) setTimeout(onBeyond)
  })
  // By the picture: sound may be made further on.
  hls.on(Hls.Events.LEVEL_LOADED, (_, { details }) => stream.made(details.edge))
  offerQualities(hls, stream.renditions)
  mend(hls, stream)
  hls.attachMedia(stream.video)
  hls.loadSource(stream.url)
  return hls
}

/** Plays an HLS stream in a `<video>`; answers how to stop. */
export const playStream = (stream: Stream): (() => void) => {
  if (!Hls.isSupported()) return playNatively(stream)
  let isStopped = false
  // Whoever left off where nothing is made yet sees the beginning meanwhile, and no black picture.
  const beginAnew = (): void => {
    if (isStopped) return
    hls.destroy()
    hls = opened({ ...stream, startSeconds: 0 }, () => undefined)
  }
  let hls = opened(stream, beginAnew)
  return () => {
    isStopped = true
    hls.destroy()
  }
}
