import { useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import { type Cue, readCaptions, spokenText } from '#contract/cues.ts'
import type { Playback } from '#contract/watching.ts'
import { fetchMedia } from '../../lib/media-host.ts'
import { playbackFor } from '../watching/opened.ts'

type Track = Playback['captions'][number]

const REFUSED = 403

/** The words of a caption file. The player's cookies open it; where they have run out, new ones are asked for. */
const fetchCues = async ({ url }: Track, lesson: string): Promise<Cue[]> => {
  let answer = await fetchMedia(url)
  if (answer.status === REFUSED) {
    await playbackFor(lesson)
    answer = await fetchMedia(url)
  }
  if (!answer.ok) throw new Error(`The captions were answered ${answer.status}.`)
  const read = readCaptions(await answer.text())
  if ('cues' in read) return read.cues.map((cue) => ({ ...cue, text: spokenText(cue.text) }))
  if (read.fault.kind === 'no-cues') return []
  throw new Error(`Captions that cannot be read: ${read.fault.kind}.`)
}

/** What is said in a lesson, in a language of one's choice. */
export const useTranscript = (lesson: string, tracks: () => readonly Track[], isWanted: () => boolean) => {
  const language = ref<string>()
  const track = computed(() => tracks().find((each) => each.language === language.value) ?? tracks()[0])
  const query = useQuery({
    queryKey: ['learning', 'transcript', lesson, () => track.value?.url],
    queryFn: () => (track.value ? fetchCues(track.value, lesson) : []),
    enabled: () => track.value !== undefined && isWanted(),
  })
  return { query, track, choose: (wanted: string) => (language.value = wanted) }
}
