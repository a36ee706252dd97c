import { attachment } from './disposition.ts'
import { ASSET, answerHeaders, INERT, pageHeaders, type Sites, transportHeaders } from './headers.ts'

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
  /** Of the program's own answers these hold only where it says nothing else. */
  headers: Readonly<Record<string, string>>
  /** Pages of this origin may read the answers, refusals among them, with their cookies; undefined where that is the same origin anyway. */
  readableFrom: string | undefined
  /**
   * `page`: one name below the pattern is the object `catalogue/pages/<name>.html`, `place`: the whole path is, names and all:
   * `catalogue/pages/legal/imprint.html`; `home`: it is `catalogue/pages/_home.html`; `root`: a name at
   * the root that is an object below `catalogue/`; `shell`: no such file means the app's index.html.
   */
  lookup: 'path' | 'page' | 'place' | 'home' | 'root' | 'shell'
}

/** Whether a row's answers are pages that the school has published, and the app's own page where there is none. */
export const isPage = ({ lookup }: Pick<Behaviour, 'lookup'>): boolean => ['page', 'place', 'home'].includes(lookup)

export const READ_METHODS: readonly string[] = ['GET', 'HEAD']

const PLAIN = { isSigned: false, methods: 'read', readableFrom: undefined, lookup: 'path' } as const

const app = (pattern: string): Behaviour => ({ ...PLAIN, pattern, origin: 'app', methods: 'all', cacheControl: undefined, headers: answerHeaders })

/** A page may be kept but is asked for again each time: a deployment or a publication shows at once. */
const FRESH = { value: 'no-cache', precedence: 'edge' } as const

/** Files of the school that have their place at the root. */
const ROOT_FILES = ['sitemap.xml', 'feed.xml', 'robots.txt', 'manifest.webmanifest'] as const

/** What a grant opens: for pages of the school alone, on whichever of its hosts it is served. */
const locked = ({ url, mediaUrl }: Sites): Pick<Behaviour, 'isSigned' | 'methods' | 'readableFrom' | 'lookup' | 'headers'> => {
  if (mediaUrl === url) return { ...PLAIN, isSigned: true, headers: INERT }
  return { ...PLAIN, isSigned: true, readableFrom: url, headers: { ...INERT, 'cross-origin-resource-policy': 'same-site' } }
}

/** One table for every edge: the machine's own reads it at each request, a distribution is made from it. */
export const behavioursOf = (sites: Sites): readonly Behaviour[] => {
  const page = (pattern: string): Behaviour => ({ ...PLAIN, pattern, origin: 'catalogue', cacheControl: FRESH, headers: pageHeaders(sites), lookup: 'page' })
  const behindLock = locked(sites)
  const transport = transportHeaders(sites)
  const rows: Behaviour[] = [
    {
      ...behindLock,
      pattern: '/media/*',
      origin: 'media',
      // Kept by the browser, but asked for again each time: a grant that has ended holds at once, and a segment made anew is seen.
      cacheControl: { value: 'private, no-cache', precedence: 'edge' },
    },
    {
      ...behindLock,
      pattern: '/files/*',
      origin: 'files',
      cacheControl: { value: 'private, no-store', precedence: 'edge' },
      // Saved, never shown; an object's own name takes the place of the bare word.
      headers: { ...behindLock.headers, 'content-disposition': attachment(undefined) },
    },
    { ...PLAIN, pattern: '/catalogue/*', origin: 'catalogue', cacheControl: { value: 'public, max-age=60', precedence: 'stored' }, headers: INERT },
    ...['/courses/*', '/offers/*'].map(page),
    ...['/legal/*', '/learn/*'].map((pattern): Behaviour => ({ ...page(pattern), lookup: 'place' })),
    { ...page('/'), lookup: 'home' },
    // Where whoever looks for them expects them; publishing writes them.
    ...ROOT_FILES.map((name): Behaviour => ({ ...PLAIN, pattern: `/${name}`, origin: 'catalogue', cacheControl: FRESH, headers: INERT, lookup: 'root' })),
    {
      ...PLAIN,
      pattern: '/assets/*',
      origin: 'site',
      // The build names each file after its contents.
      cacheControl: { value: 'public, max-age=31536000, immutable', precedence: 'edge' },
      headers: ASSET,
    },
    ...['/api/*', '/auth/*', '/hooks/*', '/uploads/*', '/sandbox', '/sandbox/*', '/.well-known/security.txt'].map(app),
    { ...PLAIN, pattern: '*', origin: 'site', cacheControl: FRESH, headers: pageHeaders(sites), lookup: 'shell' },
  ]
  return rows.map((row) => ({ ...row, headers: { ...row.headers, ...transport } }))
}

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

/** The row of a table that decides for a raw path (no query, never decoded or normalised). */
export const behaviourIn = (table: readonly Behaviour[], path: string): Behaviour => {
  const found = table.find(({ pattern }) => matchesPattern(pattern, path))
  if (!found) throw new Error('The table of behaviours has no default row.')
  return found
}
