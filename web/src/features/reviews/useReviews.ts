import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import type { OwnReview, ReviewSummary, StaffReview } from '#contract/reviews.ts'
import { client } from '../../lib/api.ts'
import { useSession } from '../../lib/session.ts'
import { usePages } from '../money/usePages.ts'

/** What everybody reads of a course's reviews; `summary` is that of the first page. */
export const useReviews = (course: () => string) => {
  const summary = useQuery({
    queryKey: ['reviews', 'of', course],
    queryFn: async (): Promise<ReviewSummary> => (await client.reviews.ofCourse({ course: course() })).summary,
  })
  const pages = usePages(['reviews', 'pages', course], async (page) => {
    const { reviews, next } = await client.reviews.ofCourse({ course: course(), ...(page !== undefined && { page }) })
    return { rows: reviews, next }
  })
  return { summary: summary.data, ...pages }
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
    await Promise.all(['of', 'pages'].map((part) => cache.invalidateQueries({ queryKey: ['reviews', part, course()] })))
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
  const onSuccess = async (_: StaffReview): Promise<void> => cache.invalidateQueries({ queryKey: ['reviews'] })
  return {
    ...pages,
    reply: useMutation({ mutationFn: (said: { review: string; text: string }) => client.reviews.reply(said), onSuccess }),
    judge: useMutation({ mutationFn: (said: { review: string; isHidden: boolean; reason: string }) => client.reviews.judge(said), onSuccess }),
  }
}
