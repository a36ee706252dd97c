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
  const revisionOf = (language: string) => query.data.value?.tracks.find((track) => track.language === language)?.revision

  const uploading = useMutation({
    mutationFn: async ({ language, file }: { language: string; file: File }) => {
      const text = captionText(new Uint8Array(await file.arrayBuffer()))
      const read = readCaptions(text)
      if ('fault' in read) return { kind: 'file' as const, file: file.name, fault: read.fault }
      const revision = revisionOf(language)
      await client.captions.upload({ video: video(), language, label: languageName(language), text, ...(revision !== undefined && { revision }) })
      return undefined
    },
    onMutate: () => {
      trouble.value = undefined
    },
    onSuccess: (fault, { language }) => {
      trouble.value = fault
      if (!fault) told.uploaded(languageName(language))
      return reload()
    },
    onError: fail,
  })
  const publishing = useMutation({
    mutationFn: ({ language, revision }: CaptionTrack) => client.captions.publish({ video: video(), language, revision }),
    onSuccess: ({ label }) => {
      told.published(label)
      return reload()
    },
    onError: fail,
  })
  const removing = useMutation({
    mutationFn: ({ language }: CaptionTrack) => client.captions.remove({ video: video(), language }),
    onSuccess: (_, { label }) => {
      told.removed(label)
      return reload()
    },
    onError: fail,
  })
  const asking = useMutation({
    mutationFn: (language: string) => client.captions.transcribe({ video: video(), language, label: languageName(language) }),
    onMutate: () => {
      trouble.value = undefined
    },
    onSuccess: (desk) => cache.setQueryData(captionsKey(video(), 'all'), desk),
    onError: fail,
  })

  return {
    ...{ query, trouble, uploading, publishing, removing, asking },
    isListening: computed(() => query.data.value !== undefined && isListening(query.data.value)),
  }
}
