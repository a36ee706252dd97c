import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { OwnReview, ReviewPage, StaffReview } from '#contract/reviews.ts'
import { client } from '../../lib/api.ts'
import { useSession } from '../../lib/session.ts'
import { usePages } from '../money/usePages.ts'

/** What everybody reads of a course's reviews. `published` is the first page as it lies at the edge; the school is asked for what follows. */
export const useReviews = (course: () => string, published: () => ReviewPage | undefined) => {
  const first = published()
  const query = useInfiniteQuery({
    queryKey: ['reviews', 'of', course],
    queryFn: ({ pageParam: page }) => client.reviews.ofCourse({ course: course(), ...(page !== undefined && { page }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    staleTime: Number.POSITIVE_INFINITY,
    ...(first && { initialData: { pages: [first], pageParams: [undefined] } }),
  })
  return {
    summary: computed(() => query.data.value?.pages[0]?.summary),
    list: { data: computed(() => query.data.value?.pages.flatMap(({ reviews }) => reviews)), error: query.error, refetch: query.refetch },
    hasMore: query.hasNextPage,
    isMoving: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  }
}

/** My own, and what I may do. */
export const useOwnReview = (course: () => string) => {
  const { isSignedIn } = useSession()
  const cache = useQueryClient()
  const query = useQuery({
    queryKey: ['reviews', 'mine', course],
    queryFn: () => client.reviews.mine({ course: course() }),
    enabled: computed(() => isSignedIn.value === true),
  })
  const note = async (own: OwnReview): Promise<void> => {
    cache.setQueryData(['reviews', 'mine', course()], own)
    await cache.invalidateQueries({ queryKey: ['reviews', 'of', course()] })
  }
  return {
    own: query.data,
    write: useMutation({ mutationFn: (said: { stars: number; text: string }) => client.reviews.write({ course: course(), ...said }), onSuccess: note }),
    withdraw: useMutation({ mutationFn: () => client.reviews.withdraw({ course: course() }), onSuccess: note }),
  }
}

export const useStaffReviews = (course: () => string, state: () => 'shown' | 'hidden') => {
  const cache = useQueryClient()
  const key = ['reviews', 'staff', course, state] as const
  const pages = usePages(key, async (page) => {
    const { reviews, next } = await client.reviews.forStaff({ course: course(), state: state(), ...(page !== undefined && { page }) })
    return { rows: reviews, next }
  })
  const onSuccess = async (_: StaffReview): Promise<void> => {
    await Promise.all([['reviews'], ['todo']].map((queryKey) => cache.invalidateQueries({ queryKey })))
  }
  return {
    ...pages,
    reply: useMutation({ mutationFn: (said: { review: string; text: string }) => client.reviews.reply(said), onSuccess }),
    judge: useMutation({ mutationFn: (said: { review: string; isHidden: boolean; reason: string }) => client.reviews.judge(said), onSuccess }),
  }
}
