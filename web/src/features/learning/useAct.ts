import type { Ref } from 'vue'
import type { Action, Command } from './keys.ts'
import { HELD_SPEED, shownSpeed, speedBeside } from './speeds.ts'
import type { useCaptions } from './useCaptions.ts'
import type { useSpeed } from './useSpeed.ts'

const FAR_SECONDS = 10
const NEAR_SECONDS = 5
const VOLUME_STEP = 0.05
/** No film has fewer pictures a second than this would skip. */
const FRAME_SECONDS = 1 / 30

type Seen = {
  readonly isPaused: boolean
  readonly isMuted: boolean
  readonly volume: number
  readonly isFullScreen: boolean
  readonly isPip: boolean
  readonly canFullScreen: boolean
  readonly canPip: boolean
  readonly hasTheatre: boolean
  readonly durationSeconds: number
  readonly tracks: readonly { language: string; label: string }[]
  readonly neighbours: { previous?: string | undefined; next?: string | undefined }
  isTheatre: boolean
  isHelpOpen: boolean
  menu: unknown
}

/** What somebody keeps of the present second for themselves. */
export type Kept = 'note' | 'bookmark'

type Doing = {
  element: Readonly<Ref<HTMLVideoElement | null>>
  ask(type: string, detail?: unknown): void
  say(words: string, icon: string): void
  t(key: string, values?: Record<string, unknown>): string
  speed: ReturnType<typeof useSpeed>
  captions: ReturnType<typeof useCaptions>
  player: Seen
  seek(seconds: number): void
  step(to: 'previous' | 'next'): void
  keep(what: Kept): void
}

/** Where it is and how loud: small moves from wherever one is. */
const useMoves = ({ element, ask, say, t, player, seek }: Doing) => {
  const seekTo = (seconds: number): void => seek(Math.min(player.durationSeconds, Math.max(0, seconds)))
  const moveBy = (seconds: number): void => {
    if (!element.value) return
    seekTo(element.value.currentTime + seconds)
    const isBack = seconds < 0
    say(t(isBack ? 'controls.said.back' : 'controls.said.forward', { seconds: Math.abs(seconds) }), isBack ? 'i-lucide-rewind' : 'i-lucide-fast-forward')
  }
  const frameBy = (frames: number): void => {
    if (element.value?.paused) seekTo(element.value.currentTime + frames * FRAME_SECONDS)
  }
  const louderBy = (change: number): void => {
    const volume = Math.min(1, Math.max(0, Math.round(((player.isMuted ? 0 : player.volume) + change) * 100) / 100))
    ask('mediavolumerequest', volume)
    say(t('controls.said.volume', { percent: Math.round(volume * 100) }), volume === 0 ? 'i-lucide-volume-x' : 'i-lucide-volume-2')
  }
  return { seekTo, moveBy, frameBy, louderBy }
}

/** What is heard and read. */
const useWords = ({ ask, say, t, captions, player, element }: Doing) => {
  const setLanguage = (wanted: string): void => {
    captions.choose(wanted)
    sayCaptions()
  }
  const sayCaptions = (): void => {
    const label = player.tracks.find(({ language }) => language === captions.language.value)?.label
    say(label === undefined ? t('controls.said.captionsOff') : t('controls.said.captions', { language: label }), 'i-lucide-captions')
  }
  const toggleCaptions = (): void => {
    captions.toggle()
    if (player.tracks.length > 0) sayCaptions()
    else say(t('controls.said.noCaptions'), 'i-lucide-captions-off')
  }
  const mute = (): void => {
    // The element knows at once; what is drawn of it may still be what was before the last press.
    const isMuted = element.value === null ? player.isMuted : element.value.muted || element.value.volume === 0
    say(t(isMuted ? 'controls.said.unmuted' : 'controls.said.muted'), isMuted ? 'i-lucide-volume-2' : 'i-lucide-volume-x')
    ask(isMuted ? 'mediaunmuterequest' : 'mediamuterequest')
  }
  return { setLanguage, toggleCaptions, mute }
}

/** How much room the picture has. */
const useRooms = ({ ask, say, t, player }: Doing) => {
  const fullScreen = (): void => {
    if (player.canFullScreen) ask(player.isFullScreen ? 'mediaexitfullscreenrequest' : 'mediaenterfullscreenrequest')
  }
  const pip = (): void => {
    if (player.canPip) ask(player.isPip ? 'mediaexitpiprequest' : 'mediaenterpiprequest')
  }
  const theatre = (): void => {
    if (!player.hasTheatre || player.isFullScreen) return
    player.isTheatre = !player.isTheatre
    say(t(player.isTheatre ? 'controls.said.theatre' : 'controls.said.noTheatre'), 'i-lucide-rectangle-horizontal')
  }
  return { fullScreen, pip, theatre }
}

/** What each key, button and touch does. */
export const useAct = (doing: Doing) => {
  const { element, say, t, speed, player, step, keep } = doing
  const { seekTo, moveBy, frameBy, louderBy } = useMoves(doing)
  const { setLanguage, toggleCaptions, mute } = useWords(doing)
  const { fullScreen, pip, theatre } = useRooms(doing)

  // A browser may want another touch first; the button is still there then.
  const toggle = (): void => {
    if (element.value?.paused) element.value.play().catch(() => undefined)
    else element.value?.pause()
  }
  const setSpeed = (wanted: number): void => {
    speed.choose(wanted)
    say(t('controls.said.speed', { speed: shownSpeed(speed.speed.value) }), 'i-lucide-gauge')
  }
  const hold = (): void => {
    speed.hold()
    if (speed.isHeld.value) say(t('controls.said.held', { speed: shownSpeed(Math.max(HELD_SPEED, speed.speed.value)) }), 'i-lucide-fast-forward')
  }
  const stepTo = (to: 'previous' | 'next'): void => {
    if (player.neighbours[to] !== undefined) step(to)
  }
  const all: Record<Action, (tenth: number) => void> = {
    ...{ toggle, mute, fullScreen, theatre, pip, captions: toggleCaptions },
    back: () => moveBy(-FAR_SECONDS),
    forward: () => moveBy(FAR_SECONDS),
    stepBack: () => moveBy(-NEAR_SECONDS),
    stepForward: () => moveBy(NEAR_SECONDS),
    tenth: (tenth) => seekTo((player.durationSeconds * tenth) / 10),
    begin: () => seekTo(0),
    end: () => seekTo(player.durationSeconds),
    frameBack: () => frameBy(-1),
    frameForward: () => frameBy(1),
    slower: () => setSpeed(speedBeside(speed.speed.value, -1)),
    faster: () => setSpeed(speedBeside(speed.speed.value, 1)),
    louder: () => louderBy(VOLUME_STEP),
    quieter: () => louderBy(-VOLUME_STEP),
    next: () => stepTo('next'),
    previous: () => stepTo('previous'),
    note: () => keep('note'),
    bookmark: () => keep('bookmark'),
    help: () => {
      player.isHelpOpen = true
    },
    close: () => {
      player.menu = undefined
    },
  }
  const perform = ({ action, tenth = 0 }: Command): void => all[action](tenth)
  const does = (action: Action) => (): void => perform({ action })
  return { perform, does, hold, release: speed.release, setSpeed, setLanguage }
}
