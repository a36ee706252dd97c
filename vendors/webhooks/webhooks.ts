import { isIP } from 'node:net'
import { WEBHOOK_LIMITS, type WebhookAnswer, type Webhooks } from '#ports/webhooks.ts'
import { isPublicAddress } from '../links/addresses.ts'
import { guardedFetch, isAskable, Unreachable } from '../links/guarded-fetch.ts'
import { hostOf, type LineOptions } from '../links/line.ts'

export type WebhookOptions = LineOptions & {
  /** Hosts that the owner has named: told wherever they are, by HTTP and at any port too. */
  hosts?: readonly string[]
  seconds?: number
}

const faultOf = (error: unknown): WebhookAnswer => ({
  fault: error instanceof Unreachable && error.because === 'address' ? 'not-public' : 'no-answer',
  says: error instanceof Error ? error.message : String(error),
})

/** Tells other programs, by the guard that looks where an address leads. A POST goes on to nowhere else. */
export const openWebhooks = ({ hosts = [], seconds = WEBHOOK_LIMITS.seconds, ...outside }: WebhookOptions = {}): Webhooks => {
  const ask = guardedFetch({ allowedHosts: hosts, seconds, mostBytes: WEBHOOK_LIMITS.saidBytes, isCut: true, ...outside })
  return {
    allows: (text) => {
      if (!URL.canParse(text)) return false
      const url = new URL(text)
      if (url.hash !== '' || !isAskable(url, hosts)) return false
      return hosts.includes(hostOf(url)) || isIP(hostOf(url)) === 0 || isPublicAddress(hostOf(url))
    },
    post: async ({ url, headers, body }) => {
      try {
        const { status, body: said } = await ask(url, { method: 'POST', headers: { ...headers }, body })
        return { status, said: new TextDecoder().decode(said) }
      } catch (error) {
        return faultOf(error)
      }
    },
  }
}
