import type { Settings } from '#ports/world.ts'

/** Where a school's parts are reached: what its pages may talk to, and whose pages may read its media. */
export type Sites = Pick<Settings, 'url' | 'mediaUrl' | 'connects'>

type Headers = Readonly<Record<string, string>>

/** What no page of the school asks for, so that nothing that gets into one can. */
const UNUSED = ['accelerometer', 'bluetooth', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'hid', 'magnetometer', 'microphone', 'midi', 'payment']
const MORE_UNUSED = ['serial', 'usb', 'xr-spatial-tracking']
const PERMISSIONS = [...UNUSED, ...MORE_UNUSED].map((name) => `${name}=()`).join(', ')

export const SAFE = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' } as const

/** Of every answer that a browser may show as a page, whoever makes it. */
const SHOWN = {
  ...SAFE,
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': PERMISSIONS,
  'x-frame-options': 'DENY',
} as const

/** For bytes that people gave us: opened by themselves they can run nothing, whatever they turn out to be. */
export const INERT = { ...SAFE, 'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox" } as const

/** For the app's own scripts and styles: a worker goes by the policy that its script comes with, so that what it may load is for the page's to say. */
export const ASSET = { ...SAFE, 'content-security-policy': "object-src 'none'; base-uri 'none'; frame-ancestors 'none'" } as const

/** HTTPS alone, for two years, as browsers' lists ask; it says nothing of hosts beside these. A school without HTTPS cannot say so. */
export const transportHeaders = ({ url }: Pick<Sites, 'url'>): Headers =>
  new URL(url).protocol === 'https:' ? { 'strict-transport-security': 'max-age=63072000' } : {}

/**
 * Who may make markup of text: Vue for `v-html`, DOMPurify for what it has looked through, and `lectern` (web/src/lib/trusted.ts) for the
 * player's own templates and the address of the service worker. Anybody else who tries is stopped.
 */
const TRUSTED = "trusted-types vue dompurify lectern; require-trusted-types-for 'script'"

/** For pages on which nothing makes markup of text: whatever tries is stopped, and no policy can be made that would let it. */
export const NO_MARKUP = "require-trusted-types-for 'script'; trusted-types 'none'"

const pagePolicy = ({ url, mediaUrl, connects }: Sites): string => {
  const media = mediaUrl === url ? [] : [mediaUrl]
  const from = (...sources: readonly string[]): string => sources.join(' ')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    from("img-src 'self' data: blob:", ...media),
    from("media-src 'self' blob:", ...media),
    from("connect-src 'self'", ...media, ...connects),
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    // Players of films that a text names; nothing is fetched from there before somebody presses play.
    "frame-src 'self' https://www.youtube-nocookie.com https://player.vimeo.com",
    TRUSTED,
  ].join('; ')
}

/** Every page the edge sends. */
export const pageHeaders = (sites: Sites): Headers => ({ ...SHOWN, 'content-security-policy': pagePolicy(sites) })

/** What the program answers by itself, unless it says otherwise: JSON, a line of text, a redirect. Shown as a page it could do nothing. */
export const answerHeaders: Headers = {
  ...SHOWN,
  'content-security-policy': `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; ${NO_MARKUP}`,
}
