import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import * as z from 'zod/mini'
import type { RepositoryHooks, RepositoryNews } from '#ports/repository.ts'
import type { Secret } from '#ports/secret.ts'

/** GitHub's own bound. */
const MOST_BODY_BYTES = 25 * 1024 * 1024
const SIGNATURE = /^sha256=([0-9a-f]{64})$/

const Payload = z.object({
  ref: z.optional(z.string()),
  number: z.optional(z.number()),
  pull_request: z.optional(z.object({ head: z.object({ ref: z.string() }) })),
  repository: z.optional(z.object({ full_name: z.string() })),
})
type Payload = z.infer<typeof Payload>

type Hook = Parameters<RepositoryHooks['readNews']>[0]

/** Every secret is tried, and each in the same time, whichever holds. */
const holds = (secrets: readonly Secret[], { body, signature }: Hook): boolean => {
  const given = SIGNATURE.exec(signature ?? '')?.[1]
  if (given === undefined) return false
  const claimed = Buffer.from(given, 'hex')
  // A secret that is empty would let anybody sign.
  const results = secrets
    .filter((each) => each.reveal() !== '')
    .map((each) => timingSafeEqual(createHmac('sha256', each.reveal()).update(body).digest(), claimed))
  return results.includes(true)
}

/** JSON, or the form that GitHub sends where nobody chose. */
const payloadOf = (body: Uint8Array): Payload | undefined => {
  const text = Buffer.from(body).toString('utf8')
  try {
    const read = Payload.safeParse(JSON.parse(text.startsWith('payload=') ? (new URLSearchParams(text).get('payload') ?? '') : text))
    return read.success ? read.data : undefined
  } catch {
    // Signed, and yet nothing that is understood: news of another kind.
    return undefined
  }
}

const BRANCH = /^refs\/heads\/(.{1,250})$/

const toldBy = (event: string | undefined, { ref, number, pull_request: pull }: Payload): Omit<RepositoryNews, 'id'> => {
  const branch = BRANCH.exec(ref ?? '')?.[1]
  if (event === 'push' && branch !== undefined) return { kind: 'pushed', branch }
  if (event === 'pull_request' && number !== undefined) return { kind: 'pull-changed', pull: number, ...(pull && { branch: pull.head.ref }) }
  return { kind: 'other' }
}

export const readNews =
  (repository: string, secrets: readonly Secret[]) =>
  (hook: Hook): RepositoryNews | undefined => {
    if (hook.body.length > MOST_BODY_BYTES || !holds(secrets, hook)) return undefined
    const named = /^[\w-]{1,100}$/.exec(hook.delivery ?? '')?.[0]
    const id = named ?? createHash('sha256').update(hook.body).digest('hex')
    const payload = payloadOf(hook.body)
    // An organisation's webhook tells of its other repositories too.
    const isOurs = payload?.repository === undefined || payload.repository.full_name.toLowerCase() === repository.toLowerCase()
    return { id, ...(payload && isOurs ? toldBy(hook.event, payload) : { kind: 'other' }) }
  }
