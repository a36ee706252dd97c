import type { Offer } from '#contract/offers.ts'
import { escapeHtml } from '#core/html.ts'
import { pageWith } from '#core/shell.ts'
import type { Shown } from '#core/storefront/brand.ts'

const reading = ({ title, summary, courses }: Offer): string => {
  const links = courses.map((course) => `<li><a href="/courses/${escapeHtml(course.slug)}">${escapeHtml(course.title)}</a></li>`)
  return `<main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(summary)}</p><ul>${links.join('')}</ul></main>`
}

/** The app's own page with an offer's title, metadata and courses in it. Prices are the app's to tell, as they are at that moment. */
export const offerPage = ({ shell, offer, settings }: { shell: string; offer: Offer; settings: Shown }): string => {
  const { id, title, summary } = offer
  const path = `/offers/${id}`
  const data = { '@context': 'https://schema.org', '@type': 'Product', name: title, description: summary || title, url: `${settings.url}${path}` }
  return pageWith(shell, settings, { title, summary, path, data, reading: reading(offer) })
}
