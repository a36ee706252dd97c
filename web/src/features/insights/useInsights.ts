import { useQuery } from '@tanstack/vue-query'
import { type MaybeRefOrGetter, toValue } from 'vue'
import type { LearnerOrder } from '#contract/insights.ts'
import { client } from '../../lib/api.ts'
import { usePages } from '../money/usePages.ts'

/** Figures of a course go out of date by themselves: each visit asks anew, and shows what it has meanwhile. */
const fresh = { staleTime: 0 }
/** While the learners of before are being counted, what is shown grows by itself. */
const COUNTING_MS = 2000

export const useOverview = (course: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ['insights', 'overview', course],
    queryFn: () => client.insights.overview({ course: toValue(course) }),
    ...fresh,
    refetchInterval: ({ state }) => (state.data?.isGathering ? COUNTING_MS : false),
  })

export const useRevenue = (course: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ['insights', 'revenue', course], queryFn: () => client.insights.revenue({ course: toValue(course) }), ...fresh })

export const useLearner = (course: MaybeRefOrGetter<string>, person: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ['insights', 'learner', course, person],
    queryFn: () => client.insights.learner({ course: toValue(course), person: toValue(person) }),
    ...fresh,
  })

export const useHeat = (lesson: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ['insights', 'heat', lesson], queryFn: () => client.insights.heat({ lesson: toValue(lesson) }), ...fresh })

export const useItems = (lesson: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ['insights', 'items', lesson], queryFn: () => client.insights.quiz({ lesson: toValue(lesson) }), ...fresh })

type Looked = { course: MaybeRefOrGetter<string>; order: MaybeRefOrGetter<LearnerOrder>; search: MaybeRefOrGetter<string> }

/** Learners of a course, page by page; each row knows what its page said of the whole. */
export const useLearners = ({ course, order, search }: Looked) =>
  usePages(
    ['insights', 'learners', course, order, search],
    async (page) => {
      const words = toValue(search)
      const { learners, next, ...whole } = await client.insights.learners({
        ...{ course: toValue(course), order: toValue(order) },
        ...(words !== '' && { search: words }),
        ...(page !== undefined && { page }),
      })
      return { rows: [{ learners, ...whole }], ...(next !== undefined && { next }) }
    },
    { everyMs: (shown) => (shown?.[0]?.isGathering ? COUNTING_MS : undefined) },
  )

/** The whole table, put together from its parts. */
export const learnersTable = async (course: string): Promise<{ fileName: string; csv: string }> => {
  let part = await client.insights.exportLearners({ course })
  let csv = part.csv
  while (part.next !== undefined) {
    part = await client.insights.exportLearners({ course, page: part.next })
    csv += part.csv
  }
  return { fileName: part.fileName, csv }
}
