import { attachment } from './disposition.ts'

/** Who answers: `media`, `files` and `catalogue` are prefixes of the object store, `site` is the built web app, `app` is the program. */
export type Origin = 'media' | 'files' | 'catalogue' | 'site' | 'app'

export type Behaviour = {
  /** CloudFront's path pattern: `*` is any run of characters, `/` among them. The first row that matches decides. */
  pattern: string
  origin: Origin
  /** Only with a grant signed by one of the school's keys: media by cookies, files by a URL each. */
  isSigned: boolean
  methods: 'read' | 'all'
  /** What the viewer is told; `stored` lets what the object was written with win. The program says for itself. */
  cacheControl: { value: string; precedence: 'edge' | 'stored' } | undefined
  headers: Readonly<Record<string, string>>
  /** `page`: one name below the pattern is the object `catalogue/pages/<name>.html`; `shell`: no such file means the app's index.html. */
  lookup: 'path' | 'page' | 'shell'
}

export const READ_METHODS: readonly string[] = ['GET', 'HEAD']

const SAFE = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' } as const

/** For bytes that people gave us: opened by themselves they can run nothing, whatever they turn out to be. */
export const INERT = { ...SAFE, 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" } as const

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "frame-src 'self'",
].join('; ')

/** Every HTML page the edge sends. */
const PAGE = {
  ...SAFE,
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const

const app = (pattern: string): Behaviour => ({ pattern, origin: 'app', isSigned: false, methods: 'all', cacheControl: undefined, headers: {}, lookup: 'path' })

/** A page may be kept but is asked for again each time: a deployment or a publication shows at once. */
const FRESH = { value: 'no-cache', precedence: 'edge' } as const

const page = (pattern: string): Behaviour => ({
  pattern,
  origin: 'catalogue',
  isSigned: false,
  methods: 'read',
  cacheControl: FRESH,
  headers: PAGE,
  lookup: 'page',
})

/** One table for every edge: the machine's own reads it at each request, a distribution is made from it. */
export const BEHAVIOURS: readonly Behaviour[] = [
  {
    pattern: '/media/*',
    origin: 'media',
    isSigned: true,
    methods: 'read',
    // Kept by the browser, but asked for again each time: a grant that has ended holds at once, and a segment made anew is seen.
    cacheControl: { value: 'private, no-cache', precedence: 'edge' },
    headers: INERT,
    lookup: 'path',
  },
  {
    pattern: '/files/*',
    origin: 'files',
    isSigned: true,
    methods: 'read',
    cacheControl: { value: 'private, no-store', precedence: 'edge' },
    // Saved, never shown; an object's own name takes the place of the bare word.
    headers: { ...INERT, 'content-disposition': attachment(undefined) },
    lookup: 'path',
  },
  {
    pattern: '/catalogue/*',
    origin: 'catalogue',
    isSigned: false,
    methods: 'read',
    cacheControl: { value: 'public, max-age=60', precedence: 'stored' },
    headers: INERT,
    lookup: 'path',
  },
  ...['/courses/*', '/offers/*'].map(page),
  {
    pattern: '/assets/*',
    origin: 'site',
    isSigned: false,
    methods: 'read',
    // The build names each file after its contents.
    cacheControl: { value: 'public, max-age=31536000, immutable', precedence: 'edge' },
    headers: SAFE,
    lookup: 'path',
  },
  ...['/api/*', '/auth/*', '/hooks/*', '/uploads/*', '/sandbox', '/sandbox/*'].map(app),
  { pattern: '*', origin: 'site', isSigned: false, methods: 'read', cacheControl: FRESH, headers: PAGE, lookup: 'shell' },
]

/** `*` and `?` as CloudFront reads them, over whole strings and in time that no pattern can blow up. */
export const matchesPattern = (pattern: string, text: string): boolean => {
  let [at, from, star, resume] = [0, 0, -1, 0]
  while (at < text.length) {
    const wanted = pattern[from]
    if (wanted === '*') {
      star = from
      resume = at
      from += 1
    } else if (wanted === '?' || wanted === text[at]) {
      from += 1
      at += 1
    } else if (star >= 0) {
      // The last star takes one character more; earlier ones never need to.
      from = star + 1
      resume += 1
      at = resume
    } else return false
  }
  while (pattern[from] === '*') from += 1
  return from === pattern.length
}

/** The row that decides for a raw path (no query, never decoded or normalised). */
export const behaviourOf = (path: string): Behaviour => {
  const found = BEHAVIOURS.find(({ pattern }) => matchesPattern(pattern, path))
  if (!found) throw new Error('The table of behaviours has no default row.')
  return found
}
