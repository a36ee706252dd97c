import { useToast } from '@nuxt/ui/composables'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Note } from '#contract/notes.ts'
import { client, wordsOf } from '../../lib/api.ts'
import { isSignedIn } from '../../lib/tokens.ts'

/** What a key of the player asks for, and the second it was pressed at. */
export type Wish = { what: 'note' | 'bookmark'; seconds: number }
export type NotePlace = { course: string; lesson: string }
export type Words = { body: string; atSeconds?: number | undefined }

/** By where they are in the video, then by when they were written; what belongs to no second first. */
export const inOrder = (notes: readonly Note[]): Note[] => notes.toSorted((a, b) => (a.atSeconds ?? -1) - (b.atSeconds ?? -1) || (a.at < b.at ? -1 : 1))

export const useLessonNotes = (place: MaybeRefOrGetter<NotePlace>) => {
  const query = useQuery({
    queryKey: ['notes', 'lesson', () => toValue(place).lesson, isSignedIn],
    queryFn: () => client.notes.list(toValue(place)),
    enabled: () => isSignedIn.value === true,
  })
  return { data: computed(() => query.data.value && inOrder(query.data.value.notes)), error: query.error, refetch: query.refetch }
}

const first = undefined as string | undefined

export const useAllNotes = () => {
  const query = useInfiniteQuery({
    queryKey: ['notes', 'all'],
    queryFn: ({ pageParam }) => client.notes.list(pageParam === undefined ? {} : { page: pageParam }),
    initialPageParam: first,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  })
  return {
    list: { data: computed(() => query.data.value?.pages.flatMap(({ notes }) => notes)), error: query.error, refetch: query.refetch },
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  }
}

/** Every note of mine, for a file of them. */
export const everyNote = async (): Promise<Note[]> => {
  const { notes, next } = await client.notes.list({})
  for (let page = next; page !== undefined; ) {
    const more = await client.notes.list({ page })
    notes.push(...more.notes)
    page = more.next
  }
  return notes
}

const wordsWith = ({ body, atSeconds }: Words) => ({ body, ...(atSeconds !== undefined && { atSeconds }) })

export const useNoteActs = () => {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryClient()
  const onSettled = () => cache.invalidateQueries({ queryKey: ['notes'] })
  const add = useMutation({ mutationFn: ({ lesson, ...words }: Words & { lesson: string }) => client.notes.add({ lesson, ...wordsWith(words) }), onSettled })
  const change = useMutation({
    mutationFn: ({ note, ...words }: Words & { note: Note }) =>
      client.notes.change({ course: note.course.id, lesson: note.lesson.id, note: note.id, ...wordsWith(words) }),
    onSettled,
  })
  const failed = (error: unknown) => void toast.add({ title: wordsOf(error), color: 'error', icon: 'i-lucide-circle-alert' })
  const undo = ({ lesson, body, atSeconds }: Note) => add.mutate({ lesson: lesson.id, body, atSeconds }, { onError: failed })
  const remove = useMutation({
    mutationFn: (note: Note) => client.notes.remove({ course: note.course.id, lesson: note.lesson.id, note: note.id }),
    onSettled,
    onError: failed,
    onSuccess: (_, note) => {
      const actions = note.lesson.isOpen ? [{ label: t('notes.undo'), color: 'neutral' as const, variant: 'outline' as const, onClick: () => undo(note) }] : []
      toast.add({ title: t('notes.removed'), icon: 'i-lucide-trash-2', color: 'neutral', actions })
    },
  })
  return { add, change, remove, failed }
}
