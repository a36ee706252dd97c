import { useEventListener, useLocalStorage } from '@vueuse/core'
import { computed, type Ref, shallowRef, watch } from 'vue'
import type { Playback } from '#contract/watching.ts'
import { captionMending } from './caption-mending.ts'
import { asCaptionStyle, type CaptionStyle } from './caption-style.ts'
import { type CueNode, cueNodes } from './cue-nodes.ts'

type Track = Playback['captions'][number]

const captionsOf = (video: HTMLVideoElement): TextTrack[] => [...video.textTracks].filter(({ kind }) => kind === 'captions' || kind === 'subtitles')

const textOf = (cue: TextTrackCue): string => ('text' in cue && typeof cue.text === 'string' ? cue.text : '')

/** What of a video is on a screen we cannot draw on: the browser’s small window, or a phone’s own full screen. */
const useElsewhere = (element: Readonly<Ref<HTMLVideoElement | null>>) => {
  const isElsewhere = shallowRef(false)
  const become = (is: boolean) => () => {
    isElsewhere.value = is
  }
  useEventListener(element, ['enterpictureinpicture', 'webkitbeginfullscreen'], become(true))
  useEventListener(element, ['leavepictureinpicture', 'webkitendfullscreen'], become(false))
  return isElsewhere
}

/** How often each language was loaded anew: a `<track>` of its own for each time. */
const useMending = (element: Readonly<Ref<HTMLVideoElement | null>>, renew: () => Promise<unknown>) => {
  const tries = shallowRef<Record<string, number>>({})
  const mending = captionMending({
    renew,
    again: (language) => {
      tries.value = { ...tries.value, [language]: (tries.value[language] ?? 0) + 1 }
    },
  })
  const languageOf = ({ target }: Event): string | undefined => (target instanceof HTMLTrackElement && target.kind === 'captions' ? target.srclang : undefined)
  const tell = (event: Event): void => {
    const language = languageOf(event)
    if (language === undefined) return
    if (event.type === 'load') mending.loaded(language)
    else void mending.failed(language)
  }
  // Neither event bubbles.
  useEventListener(element, ['load', 'error'], tell, { capture: true })
  return tries
}

/**
 * Captions stay as someone chose them, language and look, from lesson to lesson; off until then, whatever the browser
 * would do by itself. They are drawn by us, since every browser lets `::cue` look differently; where the picture has left
 * the page the browser draws them.
 */
export const useCaptions = (element: Readonly<Ref<HTMLVideoElement | null>>, tracks: () => readonly Track[], renew: () => Promise<unknown>) => {
  const chosen = useLocalStorage('lectern.captions', '')
  const last = useLocalStorage('lectern.captions.last', '')
  const kept = useLocalStorage<unknown>('lectern.captions.style', {})
  const lines = shallowRef<CueNode[][]>([])
  const isElsewhere = useElsewhere(element)
  const tries = useMending(element, renew)
  let shown = ''
  const language = computed(() => (tracks().some((track) => track.language === chosen.value) ? chosen.value : ''))

  // By the clock rather than by `activeCues`: browsers do not look at cues that arrive while the picture stands still.
  const read = (): void => {
    const at = element.value?.currentTime ?? 0
    const track = element.value && captionsOf(element.value).find(({ mode }) => mode === 'hidden')
    const now = [...(track?.cues ?? [])].filter(({ startTime, endTime }) => startTime <= at && at < endTime).map(textOf)
    if (now.join('\n\n') === shown) return
    shown = now.join('\n\n')
    lines.value = now.map(cueNodes)
  }
  const modeOf = (track: TextTrack): TextTrackMode => {
    if (track.language !== language.value) return 'disabled'
    return isElsewhere.value ? 'showing' : 'hidden'
  }
  const apply = (): void => {
    for (const track of element.value ? captionsOf(element.value) : []) {
      const mode = modeOf(track)
      if (track.mode !== mode) track.mode = mode
      track.oncuechange = read
    }
    read()
  }
  watch([language, isElsewhere, tracks], apply, { flush: 'post' })
  useEventListener(element, ['timeupdate', 'seeked'], read)
  // A `<track>` that has loaded; the event does not bubble.
  useEventListener(element, 'load', read, { capture: true })
  // Tracks come after the element, and some browsers turn them on by themselves.
  useEventListener(() => element.value?.textTracks, ['addtrack', 'change'], apply)

  const choose = (wanted: string): void => {
    chosen.value = wanted
    if (wanted !== '') last.value = wanted
  }
  /** On as they were last, or in the first language there is. */
  const toggle = (): void => {
    const [first] = tracks()
    const before = tracks().find((track) => track.language === last.value) ?? first
    choose(language.value === '' ? (before?.language ?? '') : '')
  }
  const style = computed<CaptionStyle>({
    get: () => asCaptionStyle(kept.value),
    set: (wanted) => {
      kept.value = wanted
    },
  })
  return { language, lines, tries, style, choose, toggle, apply }
}
