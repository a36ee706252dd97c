import type { Settings } from '#ports/world.ts'
import { escapeHtml } from './html.ts'

/** JSON inside a script element: `<` would let a title end it. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c')

/** What a page of the app is about. `data` is schema.org's, `reading` HTML for those who have no scripts. */
type About = { title: string; summary: string; path: string; data: object; reading: string }

const metadata = ({ url, schoolName }: Settings, { title, summary, path, data }: About): string => {
  const address = `${url}${path}`
  const describing = summary || title
  const meta = [
    ['name', 'description', describing],
    ['property', 'og:type', 'website'],
    ['property', 'og:site_name', schoolName],
    ['property', 'og:title', title],
    ['property', 'og:description', describing],
    ['property', 'og:url', address],
    ['name', 'twitter:card', 'summary'],
  ].map(([kind, name, content]) => `<meta ${kind}="${name}" content="${escapeHtml(content ?? '')}">`)
  return [...meta, `<link rel="canonical" href="${escapeHtml(address)}">`, `<script type="application/ld+json">${scriptJson(data)}</script>`].join('\n')
}

/** The app's own page with title, metadata and text in it, for search engines and link previews. */
export const pageWith = (shell: string, settings: Settings, about: About): string =>
  shell
    .replace(/<title>[^<]*<\/title>/, () => `<title>${escapeHtml(about.title)} · ${escapeHtml(settings.schoolName)}</title>\n${metadata(settings, about)}`)
    .replace(/<div id="app">\s*<\/div>/, () => `<div id="app"><noscript>${about.reading}</noscript></div>`)
