import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { client } from '../../lib/api.ts'
import { fromField } from './moments.ts'

export type Question = { email?: string | undefined; lesson?: string | undefined; at?: string | undefined }

/** What is asked, kept in the address so that it can be sent on, and the school's answer. */
export const useAccess = () => {
  const route = useRoute()
  const router = useRouter()
  const said = (key: string): string | undefined => {
    const value = route.query[key]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const email = computed(() => said('email'))
  const lesson = computed(() => said('lesson'))
  const at = computed(() => fromField(said('at') ?? ''))
  const isAsked = computed(() => email.value !== undefined && lesson.value !== undefined)

  const query = useQuery({
    queryKey: ['grants', 'explain', email, lesson, at],
    queryFn: () => client.grants.explain({ email: email.value ?? '', lesson: lesson.value ?? '', ...(at.value !== undefined && { at: at.value }) }),
    enabled: isAsked,
    staleTime: 0,
    // Moving through time, the page stays as it is until the next verdict is there.
    placeholderData: (before, asked) => (asked?.queryKey[2] === email.value && asked?.queryKey[3] === lesson.value ? before : undefined),
  })

  /** Asks something else; what is left out is no longer asked. */
  const ask = async ({ email: who, lesson: what, at: then }: Question): Promise<void> => {
    await router.push({ query: { ...(who && { email: who }), ...(what && { lesson: what }), ...(then && { at: then }) } })
  }
  /** The same at another moment; undefined is now. */
  const move = async (to: string | undefined): Promise<void> => {
    const { at: _, ...rest } = route.query
    await router.replace({ query: to === undefined ? rest : { ...rest, at: to } })
  }
  return { ...{ email, lesson, at, isAsked, query }, ...{ ask, move } }
}
