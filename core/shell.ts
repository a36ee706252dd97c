import { PUBLISHED, type PublishedPage } from '#contract/published-page.ts'
import type { Shown } from '#core/storefront/brand.ts'
import { escapeHtml } from './html.ts'

/** Where a home puts the app's own page, and publishing finds it. */
export const SHELL_KEY = 'web/index.html'

/** JSON inside a script element: `<` would let a title end it. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c')

/** What a page of the app is about. `data` is schema.org's, `reading` HTML for those who have no scripts; `isQuoted`: other sites can ask what to say of it. */
export type About = { title: string; summary: string; path: string; data: object; reading: string; isHome?: boolean; isQuoted?: boolean }

/** In the first paint already, by `web/public/first.js`: a `<style>` of its own would need a policy that lets anybody's in. */
const colour = ({ accent }: Shown): string[] => (accent ? [`<meta name="lectern-accent" content="${accent.hue} ${accent.chroma}">`] : [])

/** How a site that links here finds out what to say (oEmbed 1.0 §4). */
const discovery = ({ url }: Shown, { title, path, isQuoted }: About): string[] => {
  if (!isQuoted) return []
  const asked = `${url}/api/oembed?url=${encodeURIComponent(`${url}${path}`)}`
  return [`<link rel="alternate" type="application/json+oembed" href="${escapeHtml(asked)}" title="${escapeHtml(title)}">`]
}

const metadata = (school: Shown, about: About): string => {
  const { title, summary, path, data } = about
  const { url, schoolName, logo } = school
  const address = `${url}${path}`
  const describing = summary || title
  const meta = [
    ['name', 'description', describing],
    ['property', 'og:type', 'website'],
    ['property', 'og:site_name', schoolName],
    ['property', 'og:title', title],
    ['property', 'og:description', describing],
    ['property', 'og:url', address],
    ...(logo === undefined ? [] : [['property', 'og:image', `${url}${logo}`]]),
    ['name', 'twitter:card', 'summary'],
  ].map(([kind, name, content]) => `<meta ${kind}="${name}" content="${escapeHtml(content ?? '')}">`)
  const script = `<script type="application/ld+json">${scriptJson(data)}</script>`
  return [...meta, `<link rel="canonical" href="${escapeHtml(address)}">`, ...discovery(school, about), ...colour(school), script].join('\n')
}

/** What the app shows, as it is first shown; and what it shows that from, for the app to take it up. */
export type Drawn = { html: string; page: PublishedPage }

const shown = ({ reading }: About, drawn: Drawn | undefined): { within: string; beside: string } =>
  drawn === undefined
    ? { within: `<noscript>${reading}</noscript>`, beside: '' }
    : { within: drawn.html, beside: `\n<script type="application/json" id="${PUBLISHED}">${scriptJson(drawn.page)}</script>` }

/** The app's own page with title, metadata and what it shows in it: for the first paint, search engines and link previews. */
export const pageWith = (shell: string, school: Shown, about: About, drawn?: Drawn): string => {
  const { within, beside } = shown(about, drawn)
  const title = about.isHome ? school.schoolName : `${about.title} · ${school.schoolName}`
  return shell
    .replace(/<title>[^<]*<\/title>/, () => `<title>${escapeHtml(title)}</title>\n${metadata(school, about)}`)
    .replace(/<link rel="icon"[^>]*>/, (usual) =>
      school.icon === undefined ? usual : `<link rel="icon" href="${escapeHtml(school.icon)}" type="image/png" />`,
    )
    .replace(/<div id="app"([^>]*)>\s*<\/div>/, (_whole, attributes: string) => `<div id="app"${attributes}>${within}</div>${beside}`)
}
