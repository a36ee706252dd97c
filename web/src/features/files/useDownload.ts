import { useMutation } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { LessonFile } from '#contract/files.ts'
import { client, refusalOf, wordsOf } from '../../lib/api.ts'
import { text } from '../../lib/i18n.ts'

/** Hands a URL to the browser, which saves what comes: the page stays, whatever the answer. */
export const saveFrom = (url: string): void => {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

/** Fetches a URL for a file at the moment it is wanted, for it holds only minutes. */
export const useDownload = (lesson: () => string) => {
  const asking = useMutation({
    mutationFn: ({ id }: LessonFile) => client.files.download({ lesson: lesson(), file: id }),
    onSuccess: ({ url }) => saveFrom(url),
  })
  const of = computed(() => asking.variables.value?.id)
  return {
    download: (file: LessonFile): void => asking.mutate(file),
    isAsking: ({ id }: LessonFile): boolean => asking.isPending.value && of.value === id,
    hasBegun: computed(() => (asking.isSuccess.value ? asking.variables.value : undefined)),
    /** Why this file is not on its way, in words. */
    failureOf: ({ id }: LessonFile): string => {
      const { value: error } = asking.error
      if (!error || of.value !== id) return ''
      return refusalOf(error) === 'not-found' ? text('files.gone') : wordsOf(error)
    },
  }
}
