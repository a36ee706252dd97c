import { storeNews } from '#core/payments/inbox.ts'
import type { Payments } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'

export type HookRequest = { body: Uint8Array; signature: string | undefined }
export type HookAnswer = { status: number; body: string }

/** A home reads no more of a hook's body than this and one byte. */
export const MOST_HOOK_BYTES = 256 * 1024

/**
 * Stripe's webhook, four steps: cap, verify over the raw bytes, one insert, 200. It calls nobody and decides nothing, and
 * never answers 2xx for what is not on the disk: Stripe sends everything else again for three days.
 */
export const stripeHook =
  (world: Pick<World, 'tables' | 'clock' | 'ids' | 'log'> & { payments: Pick<Payments, 'readNews'> }) =>
  async ({ body, signature }: HookRequest): Promise<HookAnswer> => {
    if (body.byteLength > MOST_HOOK_BYTES) return { status: 413, body: 'too large' }
    const news = world.payments.readNews(body, signature)
    if (!news) return { status: 400, body: 'signature does not hold' }
    try {
      await storeNews(world, news, new TextDecoder().decode(body))
    } catch (error) {
      world.log.error('webhook could not be stored', error, { hook: news.id, type: news.type })
      return { status: 503, body: 'not stored, send it again' }
    }
    return { status: 200, body: 'stored' }
  }
