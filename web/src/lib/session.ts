import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { type ComputedRef, computed, type Ref } from 'vue'
import type { Me, School } from '#contract/accounts.ts'
import { hasRole, type Role } from '#contract/roles.ts'
import { client } from './api.ts'
import { browserName } from './device.ts'
import { language } from './language.ts'
import { atMost } from './pauses.ts'
import { forgetMine } from './store.ts'
import { accessToken, askSchoolOnce, forget, isSignedIn, leave, manager, type Users } from './tokens.ts'

/** What ours hears besides what it has to: the language it writes letters in, and where whoever opens a letter's link in another browser wants to go. */
const besides = ({ signIn: { pages } }: School, returnTo: string) => (pages ? {} : { ui_locales: language.value, extraQueryParams: { return_to: returnTo } })

/** Leaves the app for the sign-in page; afterwards the browser comes back to `returnTo`. */
export const signIn = async (returnTo: string): Promise<void> => leave({ state: { returnTo }, ...besides(await askSchoolOnce(), returnTo) })

/** The same for someone who has no account yet. */
export const signUp = async (returnTo: string): Promise<void> => {
  const school = await askSchoolOnce()
  const { pages } = school.signIn
  await leave({ ...(!pages && { prompt: 'create' }), state: { returnTo }, ...besides(school, returnTo) }, pages?.signUp)
}

const LONGEST_PARTING_MS = 1_500

/** Videos of this browser end with the sign-in; a school that cannot be reached keeps nobody from leaving. */
const endStreams = async (): Promise<void> => {
  const ended = client.watching.leave({ browser: browserName() }).catch(() => undefined)
  await atMost(LONGEST_PARTING_MS, ended)
}

/** Ends the session by the provider's own page, which knows nobody's tokens: those are given back first. */
const leaveBy = async (page: string, users: Users): Promise<void> => {
  await atMost(
    LONGEST_PARTING_MS,
    users.revokeTokens(['refresh_token']).catch(() => undefined),
  )
  await forget()
  location.assign(page)
}

export const signOut = async (): Promise<void> => {
  await endStreams()
  forgetMine()
  const users = await manager()
  const { pages } = (await askSchoolOnce()).signIn
  if (pages) return leaveBy(pages.signOut, users)
  const user = await users.getUser()
  await users.signoutRedirect(user?.id_token ? { id_token_hint: user.id_token } : {})
}

// Only a path of our own: whatever else came back in the state leads home.
const ownPath = (state: unknown): string => {
  const returnTo = typeof state === 'object' && state !== null && 'returnTo' in state ? state.returnTo : undefined
  return typeof returnTo === 'string' && /^\/(?![/\\])/.test(returnTo) ? returnTo : '/'
}

/** Ends a sign-in on the callback page; answers where to go on. */
export const finishSignIn = async (): Promise<string> => {
  const user = await (await manager()).signinRedirectCallback()
  isSignedIn.value = true
  return ownPath(user.state)
}

export type Session = {
  /** Undefined while unknown and when signed out. */
  me: ComputedRef<Me | undefined>
  isSignedIn: Ref<boolean | undefined>
  isInstructor: ComputedRef<boolean>
  /** Teaches, or helps with a course that is another's. */
  isTeaching: ComputedRef<boolean>
  isSupport: ComputedRef<boolean>
  isAdmin: ComputedRef<boolean>
  isOwner: ComputedRef<boolean>
}

/** Who I am. */
export const useSession = (): Session => {
  if (isSignedIn.value === undefined) accessToken().catch(() => undefined)
  const { data } = useQuery({ queryKey: ['accounts', 'me'], queryFn: () => client.accounts.me({}), enabled: () => isSignedIn.value === true })
  const me = computed(() => (isSignedIn.value ? data.value : undefined))
  const is = (role: Role): ComputedRef<boolean> => computed(() => me.value !== undefined && hasRole(me.value, role))
  return {
    ...{ me, isSignedIn },
    isInstructor: is('instructor'),
    isTeaching: computed(() => me.value !== undefined && (me.value.helps || hasRole(me.value, 'instructor'))),
    isSupport: is('support'),
    isAdmin: is('admin'),
    isOwner: is('owner'),
  }
}

/** Drops everything kept about the person who was here. */
export const useForget = (): (() => void) => {
  const cache = useQueryClient()
  return () => cache.clear()
}

/** The school's public facts. */
export const useSchool = (): ComputedRef<School | undefined> => {
  const { data } = useQuery({ queryKey: ['school'], queryFn: askSchoolOnce, staleTime: Number.POSITIVE_INFINITY })
  return computed(() => data.value)
}
