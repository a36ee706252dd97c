import type { Actor } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'

/** So long after a sign-in one may still change what signs one in; the machine's provider of sign-ins keeps to the same on its own pages. */
export const FRESH_SECONDS = 15 * 60

/** Whoever finds a browser open, or a token of a script, changes nothing by which they could come back. @throws Refusal for a sign-in of a while ago, or none */
export const askFreshSignIn = ({ clock }: Pick<World, 'clock'>, { session }: Actor): void => {
  const isFresh = session !== undefined && clock.now().getTime() - Date.parse(session.since) < FRESH_SECONDS * 1000
  if (!isFresh) throw new Refusal('sign-in-again', 'Sign in again first.')
}
