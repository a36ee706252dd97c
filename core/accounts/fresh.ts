import type { Actor } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'

/** So long after a sign-in one may still change what signs one in; the provider's own pages keep to the same. */
const FRESH_MS = 15 * 60_000

/** Whoever finds a browser open, or a token of a script, changes nothing by which they could come back. @throws Refusal for a sign-in of a while ago, or none */
export const askFreshSignIn = ({ clock }: Pick<World, 'clock'>, { session }: Actor): void => {
  const isFresh = session !== undefined && clock.now().getTime() - Date.parse(session.since) < FRESH_MS
  if (!isFresh) throw new Refusal('sign-in-again', 'Sign in again first.')
}
