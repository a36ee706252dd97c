import type { MediaController } from 'media-chrome'
import { computed, type InjectionKey, inject, type Ref, reactive, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Playback } from '#contract/watching.ts'
import { type Chapter, chapterAt } from './chapters.ts'
import type { Renditions } from './renditions.ts'
import { type Kept, useAct } from './useAct.ts'
import { useAutoplay } from './useAutoplay.ts'
import { useCaptions } from './useCaptions.ts'
import { useMediaState } from './useMediaState.ts'
import { useQualities } from './useQualities.ts'
import { useSaid } from './useSaid.ts'
import { useSpeed } from './useSpeed.ts'
import { useTheatre } from './useTheatre.ts'

export type MenuPage = 'all' | 'captions' | 'look' | 'speed' | 'quality' | 'chapters'

/** A lesson before or after this one, and how one gets there. */
export type Neighbours = { previous?: string | undefined; next?: string | undefined }

export type Stage = {
  element: Readonly<Ref<HTMLVideoElement | null>>
  controller: Readonly<Ref<MediaController | null>>
  renditions: Renditions
  playback: Readonly<Ref<Playback | undefined>>
  chapters: () => Chapter[]
  neighbours: () => Neighbours
  hasTheatre: () => boolean
  durationSeconds: () => number
  /** Asks for fresh cookies. */
  renew(): Promise<unknown>
  seek(seconds: number): void
  step(to: keyof Neighbours): void
  keep(what: Kept): void
}

/** Everything the controls show and do. */
export const usePlayer = (stage: Stage) => {
  const { element, controller, renditions, playback, chapters, neighbours, hasTheatre, durationSeconds } = stage
  const { t } = useI18n()
  const { state, ask } = useMediaState(controller)
  const { said, say } = useSaid()
  const speed = useSpeed(element)
  const captions = useCaptions(element, () => playback.value?.captions ?? [], stage.renew)
  const qualities = useQualities(element, renditions)
  const menu = shallowRef<MenuPage>()
  const isHelpOpen = shallowRef(false)
  const seconds = computed(() => state.value.mediaCurrentTime ?? 0)
  const base = {
    isPaused: computed(() => state.value.mediaPaused ?? true),
    isMuted: computed(() => state.value.mediaMuted === true || state.value.mediaVolumeLevel === 'off'),
    volume: computed(() => state.value.mediaVolume ?? 1),
    isFullScreen: computed(() => state.value.mediaIsFullscreen === true),
    isPip: computed(() => state.value.mediaIsPip === true),
    canFullScreen: computed(() => !state.value.mediaFullscreenUnavailable),
    // The browser's small window shows the picture alone: where each one has to carry its mark, there is none.
    canPip: computed(() => !state.value.mediaPipUnavailable && playback.value?.watermark === undefined),
    isTheatre: useTheatre(),
    isAutoplay: useAutoplay(),
    seconds,
    durationSeconds: computed(durationSeconds),
    chapters: computed(chapters),
    chapter: computed(() => chapters()[chapterAt(chapters(), seconds.value)]),
    neighbours: computed(neighbours),
    hasTheatre: computed(hasTheatre),
    tracks: computed(() => playback.value?.captions ?? []),
    storyboardUrl: computed(() => playback.value?.storyboardUrl),
  }
  const parts = {
    ...base,
    speed: speed.speed,
    isHeld: speed.isHeld,
    language: captions.language,
    lines: captions.lines,
    captionTries: captions.tries,
    look: captions.style,
    menu,
    isHelpOpen,
    said,
  }
  const act = useAct({ element, ask, say, t, speed, captions, player: reactive(parts), seek: stage.seek, step: stage.step, keep: stage.keep })
  const applyChoices = (): void => {
    speed.apply()
    captions.apply()
  }
  return reactive({ ...parts, ...act, qualities, ask, seek: stage.seek, applyChoices })
}

export type Player = ReturnType<typeof usePlayer>

export const PLAYER: InjectionKey<Player> = Symbol('player')

/** For the parts of the player. */
export const useThePlayer = (): Player => {
  const player = inject(PLAYER)
  if (!player) throw new Error('A part of the player stands outside of it.')
  return player
}
