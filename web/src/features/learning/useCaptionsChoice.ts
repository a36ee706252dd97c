import { useLocalStorage } from '@vueuse/core'

const captionsOf = (video: HTMLVideoElement): TextTrack[] => [...video.textTracks].filter(({ kind }) => kind === 'captions' || kind === 'subtitles')

/** Captions stay as someone chose them, from lesson to lesson; off until then, whatever the browser would do by itself. */
export const useCaptionsChoice = () => {
  const language = useLocalStorage('lectern.captions', '')

  const apply = (video: HTMLVideoElement): void => {
    for (const track of captionsOf(video)) track.mode = track.language === language.value ? 'showing' : 'disabled'
  }

  // Told by the menu, not by the tracks: those change by themselves too, when a stream ends.
  const keep = (video: HTMLVideoElement): void => {
    language.value = captionsOf(video).find(({ mode }) => mode === 'showing')?.language ?? ''
  }

  return { apply, keep }
}
