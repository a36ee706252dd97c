import type { Stoppable } from '#contract/notifications.ts'
import type { Settings } from '#ports/world.ts'

/** How letters of a kind are stopped; of a daily letter, which holds several kinds, by choosing on the page. */
export const stoppingOf = ({ url }: Settings, token: string, kind: Stoppable = 'daily'): { unsubscribeUrl: string; pageUrl: string; settingsUrl: string } => {
  return { unsubscribeUrl: `${url}/api/letters/${token}/${kind}`, pageUrl: `${url}/letters/${token}/${kind}`, settingsUrl: `${url}/notifications/settings` }
}
