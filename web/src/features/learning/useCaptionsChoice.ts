import { useEventListener, useLocalStorage } from '@vueuse/core'
import { shallowRef } from 'vue'

const captionsOf = (video: HTMLVideoElement): TextTrack[] => [...video.textTracks].filter(({ kind }) => kind === 'captions' || kind === 'subtitles')

/** Captions stay as someone chose them, from lesson to lesson; off until then, whatever the browser would do by itself. */
export const useCaptionsChoice = () => {
  const language = useLocalStorage('lectern.captions', '')
  const tracks = shallowRef<TextTrackList>()
  const video = shallowRef<HTMLVideoElement>()

  useEventListener(tracks, 'change', () => {
    if (video.value) language.value = captionsOf(video.value).find(({ mode }) => mode === 'showing')?.language ?? ''
  })

  const apply = (element: HTMLVideoElement) => {
    for (const track of captionsOf(element)) track.mode = track.language === language.value ? 'showing' : 'disabled'
    // Heard only from now on: what was set above is not a choice.
    setTimeout(() => {
      video.value = element
      tracks.value = element.textTracks
    })
  }

  return { apply }
}
