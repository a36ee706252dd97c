/*
 * What Mozilla's HTTP Observatory (version 2) says of an answer, by its published rules: github.com/mdn/mdn-http-observatory,
 * src/grader/charts.js and src/analyzer/tests. Of a hundred points some are taken; more are given only to who has kept ninety.
 */

export type Answer = { url: string; headers: Headers; cookies: readonly string[]; html: string }
type Judged = { rule: string; points: number }

const FOR_EXTRA = 90
const SIX_MONTHS_SECONDS = 15_768_000
const BROAD = ['ftp:', 'http:', 'https:', '*', 'http://*', 'http://*.*', 'https://*', 'https://*.*']
const INLINE = ["'unsafe-inline'", 'data:']
const PRIVATE = ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin']

/** Directives and their sources; the first of a name counts (CSP 3 §2.2.1). */
export const directivesOf = (policy: string): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const part of policy.split(';')) {
    const [name = '', ...sources] = part.trim().split(/\s+/)
    if (name !== '' && !found.has(name)) found.set(name, sources)
  }
  return found
}

const policyPoints = (policy: string | null): Judged => {
  if (policy === null) return { rule: 'no policy', points: -25 }
  const csp = directivesOf(policy)
  const of = (name: string): string[] => csp.get(name) ?? csp.get('default-src') ?? ['*']
  const has = (name: string, wrong: readonly string[]): boolean => of(name).some((source) => wrong.includes(source))
  const isPlain = (source: string): boolean => /^(http|ftp):/.test(source)
  const active = [...csp].filter(([name]) => name !== 'img-src' && name !== 'media-src').flatMap(([, sources]) => sources)
  if (has('script-src', [...BROAD, ...INLINE]) || has('object-src', BROAD)) return { rule: 'unsafe scripts', points: -20 }
  if (active.some(isPlain)) return { rule: 'plain HTTP in the policy', points: -20 }
  if (has('script-src', ["'unsafe-eval'"]) || has('style-src', ["'unsafe-eval'"])) return { rule: 'eval', points: -10 }
  if ([...of('img-src'), ...of('media-src')].some(isPlain)) return { rule: 'pictures over plain HTTP', points: -10 }
  if (has('style-src', [...BROAD, ...INLINE])) return { rule: 'unsafe styles', points: 0 }
  const isClosed = csp.get('default-src')?.join() === "'none'"
  return isClosed ? { rule: 'default-src none', points: 10 } : { rule: 'no unsafe', points: 5 }
}

const isSession = (cookie: string): boolean => /^[^=]*(login|session|sess|sid|auth|jwt|token)[^=]*=/i.test(cookie)

const cookiePoints = (cookies: readonly string[]): Judged => {
  const lacking = (attribute: RegExp): string[] => cookies.filter((cookie) => !attribute.test(cookie))
  if (cookies.length === 0) return { rule: 'no cookies', points: 0 }
  if (lacking(/; ?secure(;|$)/i).some(isSession)) return { rule: 'a session without Secure', points: -40 }
  if (lacking(/; ?httponly(;|$)/i).some(isSession)) return { rule: 'a session without HttpOnly', points: -30 }
  if (lacking(/; ?secure(;|$)/i).length > 0) return { rule: 'a cookie without Secure', points: -20 }
  return lacking(/; ?samesite=(lax|strict)(;|$)/i).length > 0 ? { rule: 'secure cookies', points: 0 } : { rule: 'SameSite cookies', points: 5 }
}

const sharingPoints = (headers: Headers): Judged => {
  const isOpen = headers.get('access-control-allow-origin') === '*' && headers.get('access-control-allow-credentials') === 'true'
  return { rule: 'CORS', points: isOpen ? -50 : 0 }
}

const referrerPoints = (told: string | null): Judged => {
  if (told === null) return { rule: 'no referrer policy', points: 0 }
  return { rule: `referrer ${told}`, points: PRIVATE.includes(told) ? 5 : -5 }
}

const transportPoints = (told: string | null): Judged => {
  if (told === null) return { rule: 'no HSTS', points: -20 }
  return { rule: 'HSTS', points: Number(/max-age=(\d+)/.exec(told)?.[1] ?? 0) >= SIX_MONTHS_SECONDS ? 0 : -10 }
}

/** Scripts from elsewhere need `integrity`; ours come from the page's own origin, which neither gives points nor takes any. */
const integrityPoints = ({ html, url }: Answer): Judged => {
  const sources = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"[^>]*>/g)]
  const foreign = sources.filter(([, source]) => new URL(source ?? '', url).origin !== new URL(url).origin)
  if (foreign.length === 0) return { rule: 'scripts of its own', points: 0 }
  return foreign.every(([tag]) => tag.includes('integrity=')) ? { rule: 'integrity', points: 5 } : { rule: 'foreign scripts', points: -5 }
}

const framePoints = (headers: Headers): Judged => {
  if (directivesOf(headers.get('content-security-policy') ?? '').has('frame-ancestors')) return { rule: 'frame-ancestors', points: 5 }
  return { rule: 'X-Frame-Options', points: /^(deny|sameorigin)$/i.test(headers.get('x-frame-options') ?? '') ? 0 : -20 }
}

const resourcePoints = (told: string | null): Judged => {
  if (told === null || told === 'cross-origin') return { rule: 'no CORP', points: 0 }
  return { rule: 'CORP', points: told === 'same-origin' || told === 'same-site' ? 10 : -5 }
}

/** Points and what they are for. Redirection from plain HTTP is the proxy's before a school, and its own answers take none for it. */
export const observed = (answer: Answer): { score: number; because: string } => {
  const { headers } = answer
  const judged = [
    policyPoints(headers.get('content-security-policy')),
    cookiePoints(answer.cookies),
    sharingPoints(headers),
    referrerPoints(headers.get('referrer-policy')),
    transportPoints(headers.get('strict-transport-security')),
    integrityPoints(answer),
    { rule: 'nosniff', points: headers.get('x-content-type-options') === 'nosniff' ? 0 : -5 },
    framePoints(headers),
    resourcePoints(headers.get('cross-origin-resource-policy')),
  ]
  const sumOf = (isCounted: (points: number) => boolean): number => judged.reduce((sum, { points }) => sum + (isCounted(points) ? points : 0), 0)
  const kept = 100 + sumOf((points) => points < 0)
  const because = judged.map(({ rule, points }) => `${rule} ${points}`).join(', ')
  return { score: Math.max(0, kept >= FOR_EXTRA ? kept + sumOf((points) => points > 0) : kept), because }
}
