import { hexOf, USUAL_ACCENT } from '#contract/accent.ts'
import type { Catalogue, CatalogueEntry } from '#contract/catalogue.ts'
import type { Offer } from '#contract/offers.ts'
import type { Home, LegalPage } from '#contract/storefront.ts'
import { escapeHtml } from '#core/html.ts'
import type { Shows } from '#core/published.ts'
import type { About } from '#core/shell.ts'
import type { Shown } from './brand.ts'

/** What the school's own files are made of. */
export type Storefront = { school: Shown; home: Home; legal: readonly LegalPage[]; catalogue: Catalogue; offers: readonly Offer[]; previews: readonly string[] }

const XML = '<?xml version="1.0" encoding="UTF-8"?>'
const MOST_FEED_ENTRIES = 50

/** https://www.sitemaps.org/protocol.html: at most 50,000 addresses. */
export const sitemapOf = ({ school, legal, catalogue, previews }: Storefront): string => {
  const address = (path: string, changed?: string): string =>
    `<url><loc>${escapeHtml(school.url + path)}</loc>${changed === undefined ? '' : `<lastmod>${escapeHtml(changed)}</lastmod>`}</url>`
  const courses = catalogue.courses.map(({ slug, publishedAt }) => address(`/courses/${slug}`, publishedAt))
  const lines = [address('/'), ...courses, ...legal.map((page) => address(`/legal/${page}`)), ...previews.map((path) => address(path))].slice(0, 50_000)
  return `${XML}\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${lines.join('\n')}\n</urlset>\n`
}

/**
 * Pages of one's own have nothing to be found in; a certificate is shown by whose name is on it. Lessons are not among them: some are free
 * previews, and of all others the page itself says that it is not to be listed.
 */
const PRIVATE = ['/api/', '/auth/', '/learning', '/orders/', '/purchases', '/receipts/', '/invitations/', '/certificates/', '/teach', '/school/', '/signed-in']

/** RFC 9309. */
export const robotsOf = ({ school }: Storefront): string =>
  ['User-agent: *', ...PRIVATE.map((path) => `Disallow: ${path}`), '', `Sitemap: ${school.url}/sitemap.xml`, ''].join('\n')

const entryOf = ({ school }: Storefront, course: CatalogueEntry): string => {
  const address = escapeHtml(`${school.url}/courses/${course.slug}`)
  return `<entry><id>${address}</id><title>${escapeHtml(course.title)}</title><link href="${address}"/><updated>${escapeHtml(course.publishedAt)}</updated><author><name>${escapeHtml(course.teacher)}</name></author><summary>${escapeHtml(course.summary || course.title)}</summary></entry>`
}

/** Newest courses first; Atom, RFC 4287. */
export const feedOf = (storefront: Storefront): string => {
  const { school, catalogue } = storefront
  const newest = catalogue.courses.toSorted((a, b) => b.publishedAt.localeCompare(a.publishedAt)).slice(0, MOST_FEED_ENTRIES)
  const [home, self] = [escapeHtml(`${school.url}/`), escapeHtml(`${school.url}/feed.xml`)]
  // What is new is never older than its newest entry; an empty feed is from the beginning.
  const updated = newest[0]?.publishedAt ?? '1970-01-01T00:00:00.000Z'
  const head = `<id>${home}</id><title>${escapeHtml(school.schoolName)}</title><link href="${home}"/><link rel="self" href="${self}"/><updated>${escapeHtml(updated)}</updated><author><name>${escapeHtml(school.schoolName)}</name></author>`
  return `${XML}\n<feed xmlns="http://www.w3.org/2005/Atom">\n${head}\n${newest.map((course) => entryOf(storefront, course)).join('\n')}\n</feed>\n`
}

const SHIPPED_ICONS = [
  { src: '/icons/192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
  { src: '/icons/512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
  { src: '/icons/maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
]

/** https://www.w3.org/TR/appmanifest/ */
export const manifestOf = ({ school }: Storefront): string => {
  const { schoolName, tagline, accent = USUAL_ACCENT, icon } = school
  return JSON.stringify({
    ...{ id: '/', start_url: '/learning', scope: '/', display: 'standalone', name: schoolName, short_name: schoolName.slice(0, 30) },
    ...(tagline && { description: tagline }),
    ...{ theme_color: hexOf(accent, 'light'), background_color: '#fcfcfb' },
    icons: icon === undefined ? SHIPPED_ICONS : [{ src: icon, sizes: 'any', type: 'image/png', purpose: 'any' }],
  })
}

const organisation = ({ school: { url, schoolName, tagline, logo } }: Storefront) => ({
  ...{ '@context': 'https://schema.org', '@type': 'EducationalOrganization', name: schoolName, url },
  ...(tagline && { description: tagline }),
  ...(logo !== undefined && { logo: `${url}${logo}` }),
})

const reading = ({ school, home, catalogue }: Storefront): string => {
  const hero = home.sections.find((section) => section.kind === 'hero' && section.isOn)
  const title = hero?.kind === 'hero' && hero.title ? hero.title : school.schoolName
  const courses = catalogue.courses.map(
    ({ slug, title: name, summary }) => `<li><a href="/courses/${escapeHtml(slug)}">${escapeHtml(name)}</a> ${escapeHtml(summary)}</li>`,
  )
  return `<main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(school.tagline)}</p><ul>${courses.join('')}</ul></main>`
}

/** What the home page is about: for search engines and link previews. */
export const aboutHome = (storefront: Storefront): About => {
  const { schoolName: title, tagline: summary } = storefront.school
  return { title, isHome: true, summary, path: '/', data: organisation(storefront), reading: reading(storefront) }
}

/** Of a large catalogue the home page shows the newest ones at first; the browser asks for all there are once it has. */
const MOST_AT_FIRST = 24

/** The courses that the home page shows at first: those it names, and the newest. */
export const coursesFirst = ({ home, catalogue: { courses } }: Storefront): Exclude<Shows['courses'], undefined> => {
  const named = new Set(home.sections.flatMap((section) => (section.kind === 'featured' ? section.courses : [])))
  const entries = courses.filter(({ id }, place) => place < MOST_AT_FIRST || named.has(id))
  return { entries, isWhole: entries.length === courses.length }
}

const LEGAL_TITLES: Record<LegalPage, string> = { imprint: 'Imprint', privacy: 'Privacy', terms: 'Terms', refunds: 'Refunds' }

/** What a legal page is about. */
export const aboutLegal = (page: LegalPage, { url, schoolName }: Shown): About => {
  const [title, path] = [LEGAL_TITLES[page], `/legal/${page}`]
  const data = {
    '@context': 'https://schema.org',
    '@type': 'WebPage',
    name: title,
    url: `${url}${path}`,
    isPartOf: { '@type': 'WebSite', name: schoolName, url },
  }
  return { title, summary: `${title} · ${schoolName}`, path, data, reading: `<main><h1>${escapeHtml(title)}</h1></main>` }
}
