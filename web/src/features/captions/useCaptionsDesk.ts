import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, shallowRef } from 'vue'
import type { CaptionsDesk, CaptionTrack } from '#contract/captions.ts'
import { type CaptionFault, readCaptions } from '#contract/cues.ts'
import { client, wordsOf } from '../../lib/api.ts'
import { captionText } from './caption-file.ts'
import { languageName } from './languages.ts'

const POLL_MS = 2000

/** Queries of one video's captions: the list and the cues of every language. */
export const captionsKey = (video: string, ...more: string[]): string[] => ['captions', video, ...more]

const isListening = ({ listening }: CaptionsDesk): boolean => listening?.state === 'asked' || listening?.state === 'working'

type Told = {
  uploaded(language: string): void
  published(label: string): void
  removed(label: string): void
}

type Trouble = { kind: 'words'; words: string } | { kind: 'file'; file: string; fault: CaptionFault }

/** A video's captions in every language, and what can be done with each as a whole. */
export const useCaptionsDesk = (video: () => string, told: Told) => {
  const cache = useQueryClient()
  const trouble = shallowRef<Trouble>()
  const query = useQuery({
    queryKey: ['captions', video, 'all'],
    queryFn: () => client.captions.all({ video: video() }),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data && isListening(data) ? POLL_MS : false),
  })
  const reload = () => cache.invalidateQueries({ queryKey: captionsKey(video()) })
  const fail = (error: unknown): void => {
    trouble.value = { kind: 'words', words: wordsOf(error) }
    void reload()
  }
  const act = <I, O>(send: (input: I) => Promise<O>, then: (answer: O, input: I) => void) =>
    useMutation({
      mutationFn: send,
      onMutate: () => {
        trouble.value = undefined
      },
      onSuccess: (answer: O, input: I) => {
        then(answer, input)
        return reload()
      },
      onError: fail,
    })

  const sendFile = async ({ language, file }: { language: string; file: File }): Promise<Trouble | undefined> => {
    const text = captionText(new Uint8Array(await file.arrayBuffer()))
    const read = readCaptions(text)
    if ('fault' in read) return { kind: 'file', file: file.name, fault: read.fault }
    const revision = query.data.value?.tracks.find((track) => track.language === language)?.revision
    await client.captions.upload({ video: video(), language, label: languageName(language), text, ...(revision !== undefined && { revision }) })
    return undefined
  }
  const uploading = act(sendFile, (fault, { language }) => {
    trouble.value = fault
    if (!fault) told.uploaded(languageName(language))
  })
  const publishing = act(
    ({ language, revision }: CaptionTrack) => client.captions.publish({ video: video(), language, revision }),
    ({ label }) => told.published(label),
  )
  const removing = act(
    ({ language }: CaptionTrack) => client.captions.remove({ video: video(), language }),
    (_, { label }) => told.removed(label),
  )
  const asking = act(
    (language: string) => client.captions.transcribe({ video: video(), language, label: languageName(language) }),
    (desk) => cache.setQueryData(captionsKey(video(), 'all'), desk),
  )

  return {
    ...{ query, trouble, uploading, publishing, removing, asking },
    isListening: computed(() => query.data.value !== undefined && isListening(query.data.value)),
  }
}
