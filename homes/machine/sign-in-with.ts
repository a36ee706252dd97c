import * as z from 'zod'
import { secret } from '#ports/secret.ts'

/** Secrets and tokens of whoever signs in go there: sealed, save to a provider on this machine. */
const isSealed = (issuer: string): boolean => {
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'https:' || ['localhost', '127.0.0.1'].includes(hostname)
}

const Provider = z.strictObject({
  name: z.string().min(1).max(40),
  issuer: z.url({ protocol: /^https?$/, abort: true }).refine(isSealed, 'an address that begins with https://'),
  clientId: z.string().min(1),
  clientSecret: z
    .string()
    .min(1)
    .transform((text) => secret(text))
    .optional(),
})

const parsed = (text: string, context: z.RefinementCtx): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // Nothing of it is quoted: there are secrets in it.
    context.addIssue('a list as JSON: [{"name":"Google","issuer":"https://accounts.google.com","clientId":"…","clientSecret":"…"}]')
    return z.NEVER
  }
}

/** Other OpenID providers by which people may sign in, as one line of JSON. */
export const SIGN_IN_WITH = z
  .string()
  .transform(parsed)
  .pipe(z.array(Provider).max(8))
  .transform((all) => all.map(({ clientSecret, ...rest }) => ({ ...rest, clientSecret })))
  .refine((all) => new Set(all.map(({ name }) => name.toLowerCase())).size === all.length, 'names that differ from each other')
