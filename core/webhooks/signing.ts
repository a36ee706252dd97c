import { createHmac } from 'node:crypto'

/** As the Standard Webhooks specification 1.0.0 writes them: `whsec_` and the key in base64. */
const SECRET_PREFIX = 'whsec_'

export const secretOf = (key: string): string => `${SECRET_PREFIX}${Buffer.from(key, 'base64url').toString('base64')}`

type Signed = { id: string; at: Date; body: string }

/** `v1,<signature>` of each secret, HMAC-SHA256 over id, seconds and body. */
const signatureOf = (secrets: readonly string[], { id, at, body }: Signed): string =>
  secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
      return `v1,${createHmac('sha256', key)
        .update(`${id}.${Math.floor(at.getTime() / 1000)}.${body}`)
        .digest('base64')}`
    })
    .join(' ')

export const headersOf = (secrets: readonly string[], signed: Signed): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'Lectern (webhooks)',
  'webhook-id': signed.id,
  'webhook-timestamp': String(Math.floor(signed.at.getTime() / 1000)),
  'webhook-signature': signatureOf(secrets, signed),
})
