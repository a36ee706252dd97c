export type WebhookPost = { url: string; headers: Readonly<Record<string, string>>; body: string }

/**
 * `said`: the first bytes of the answer, as text. `not-public`: the address is not on the public internet, nor one that the owner has named, and
 * nobody was asked · `no-answer`: nobody answered in time, or not in HTTP.
 */
export type WebhookAnswer = { status: number; said: string } | { fault: 'not-public' | 'no-answer'; says: string }

/** Sends what the school tells other programs, at addresses that its admins have written down. */
export type Webhooks = {
  /** Whether an address may be told at all, by how it is written: where its name leads is looked at with each post. */
  allows(url: string): boolean
  /** One POST, whatever it is answered with; redirects are not followed. */
  post(post: WebhookPost): Promise<WebhookAnswer>
}

export const WEBHOOK_LIMITS = { seconds: 10, saidBytes: 1024 } as const
