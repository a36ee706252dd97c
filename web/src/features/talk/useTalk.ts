import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import type { Moderation, Post } from '#contract/talk.ts'
import { client } from '../../lib/api.ts'
import { isSignedIn } from '../../lib/tokens.ts'

/** A lesson of a course, or the board of all of it. */
export type TalkPlace = { course: string; lesson?: string | undefined }

const first = undefined as string | undefined

/** What is talked about at a place; whoever is not in the course is refused. */
export const useThreads = (place: MaybeRefOrGetter<TalkPlace>) => {
  const query = useInfiniteQuery({
    queryKey: ['talk', 'threads', () => toValue(place).course, () => toValue(place).lesson ?? 'board', isSignedIn],
    queryFn: ({ pageParam }) => {
      const { course, lesson } = toValue(place)
      return client.talk.threads({ course, ...(lesson !== undefined && { lesson }), ...(pageParam !== undefined && { page: pageParam }) })
    },
    initialPageParam: first,
    getNextPageParam: ({ next }) => next,
    enabled: () => isSignedIn.value === true,
  })
  const threads = computed(() => query.data.value?.pages.flatMap((page) => page.threads))
  return {
    list: { data: threads, error: query.error, refetch: query.refetch },
    total: computed(() => query.data.value?.pages[0]?.total),
    leave: computed(() => query.data.value?.pages[0]?.leave),
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  }
}

export const useThread = (thread: MaybeRefOrGetter<string>) => {
  const query = useInfiniteQuery({
    queryKey: ['talk', 'thread', thread],
    queryFn: ({ pageParam }) => client.talk.thread({ thread: toValue(thread), ...(pageParam !== undefined && { page: pageParam }) }),
    initialPageParam: first,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  })
  const head = computed(() => query.data.value?.pages[0])
  return {
    query: { data: head, error: query.error, refetch: query.refetch },
    posts: computed(() => query.data.value?.pages.flatMap(({ posts }) => posts) ?? []),
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => query.fetchNextPage(),
  }
}

export type Words = { body: string; mentions: string[] }
export type Beginning = Words & { title: string; isQuestion: boolean; atSeconds?: number | undefined }

/** What one does in a talk; afterwards whatever shows it is asked for again. */
export const useTalkActs = () => {
  const cache = useQueryClient()
  const afresh = async () => {
    await Promise.all([['talk'], ['todo']].map((queryKey) => cache.invalidateQueries({ queryKey })))
  }
  const acting = <I, O>(act: (input: I) => Promise<O>) => useMutation({ mutationFn: act, onSettled: afresh })
  return {
    begin: acting(({ course, lesson, atSeconds, ...words }: TalkPlace & Beginning) =>
      client.talk.begin({ course, ...words, ...(lesson !== undefined && { lesson }), ...(atSeconds !== undefined && { atSeconds }) }),
    ),
    reply: acting((input: Words & { thread: string }) => client.talk.reply(input)),
    edit: acting((input: Words & { thread: string; number: number }) => client.talk.edit(input)),
    remove: acting((input: { thread: string; number: number }) => client.talk.remove(input)),
    vote: acting(({ thread, number, isMyVote }: { thread: string } & Pick<Post, 'number' | 'isMyVote'>) =>
      client.talk.mark({ thread, vote: { number, isUp: !isMyVote } }),
    ),
    read: useMutation({ mutationFn: (input: { thread: string; readUpTo: number }) => client.talk.mark(input) }),
    report: acting((input: { thread: string; number: number; reason: string }) => client.talk.report(input)),
    moderate: acting(({ reason, ...input }: { thread: string; number: number; what: Moderation; reason?: string | undefined }) =>
      client.talk.moderate({ ...input, ...(reason !== undefined && { reason }) }),
    ),
    block: acting((input: { course: string; person: string; isBlocked: boolean; reason?: string }) => client.talk.block(input)),
  }
}
