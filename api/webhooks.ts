import { noteSecurity } from '#core/audit/security.ts'
import { storeRepositoryNews } from '#core/content/inbox.ts'
import { storeNews } from '#core/payments/inbox.ts'
import type { Payments } from '#ports/payments.ts'
import type { Repository, RepositoryHooks } from '#ports/repository.ts'
import type { World } from '#ports/world.ts'

export type HookRequest = { body: Uint8Array; signature: string | undefined }
export type HookAnswer = { status: number; body: string }

/** A home reads no more of a hook's body than this and one byte. */
export const MOST_HOOK_BYTES = 256 * 1024

type Storing = Pick<World, 'tables' | 'clock' | 'ids' | 'log'>

/** 2xx only for what is on the disk: whoever sent it sends everything else again. */
const stored = async ({ log }: Storing, about: Record<string, string>, store: () => Promise<unknown>): Promise<HookAnswer> => {
  try {
    await store()
  } catch (error) {
    log.error('webhook could not be stored', error, about)
    return { status: 503, body: 'not stored, send it again' }
  }
  return { status: 200, body: 'stored' }
}

/** Nobody is told what was wrong with it; the operator is told that it came. */
const unsigned = ({ log }: Storing, what: 'hooks.stripe' | 'hooks.github'): HookAnswer => {
  noteSecurity(log, 'forged', { what })
  return { status: 400, body: 'signature does not hold' }
}

/**
 * Stripe's webhook, four steps: cap, verify over the raw bytes, one insert, 200. It calls nobody and decides nothing, and
 * never answers 2xx for what is not on the disk: Stripe sends everything else again for three days.
 */
export const stripeHook =
  (world: Storing & { payments: Pick<Payments, 'readNews'> }) =>
  async ({ body, signature }: HookRequest): Promise<HookAnswer> => {
    if (body.byteLength > MOST_HOOK_BYTES) return { status: 413, body: 'too large' }
    const news = world.payments.readNews(body, signature)
    if (!news) return unsigned(world, 'hooks.stripe')
    return stored(world, { hook: news.id, type: news.type }, () => storeNews(world, news, new TextDecoder().decode(body)))
  }

/** Headers of GitHub's webhooks, as they are named in lower case. */
export const GITHUB_HEADERS = { signature: 'x-hub-signature-256', event: 'x-github-event', delivery: 'x-github-delivery' } as const

export type GithubHookRequest = { body: Uint8Array } & Record<keyof typeof GITHUB_HEADERS, string | undefined>

/** A push tells of up to 2048 commits with the names of their files; one that is larger still is not missed, since the school looks by itself too. */
export const MOST_GITHUB_HOOK_BYTES = 1024 * 1024

/** GitHub gives a UUID. It is a key of ours, and the signature does not cover it. */
const DELIVERY = /^[\w-]{1,100}$/

/** What of a repository a webhook is judged by. */
export type HookedRepository = RepositoryHooks & Pick<Repository, 'branch'>

/**
 * GitHub's webhook, the same four steps. It says only that there may be something to read: a push to another branch, a ping, and
 * whatever else GitHub tells is answered and forgotten.
 */
export const githubHook =
  (world: Storing & { repository: HookedRepository | undefined }) =>
  async (request: GithubHookRequest): Promise<HookAnswer> => {
    const { repository } = world
    if (!repository) return { status: 404, body: 'no repository is set up' }
    if (request.body.byteLength > MOST_GITHUB_HOOK_BYTES) return { status: 413, body: 'too large' }
    const news = repository.readNews(request)
    if (!news) return unsigned(world, 'hooks.github')
    if (!DELIVERY.test(news.id)) return { status: 400, body: 'no delivery' }
    const isElsewhere = news.kind === 'pushed' && news.branch !== undefined && news.branch !== repository.branch
    if (news.kind === 'other' || isElsewhere) return { status: 200, body: 'nothing to do' }
    return stored(world, { hook: news.id, type: news.kind }, () => storeRepositoryNews(world, news))
  }
