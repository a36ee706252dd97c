import type { Offer } from '#contract/offers.ts'
import { escapeHtml } from '#core/html.ts'
import type { About } from '#core/shell.ts'
import type { Shown } from '#core/storefront/brand.ts'

const reading = ({ title, summary, courses }: Offer): string => {
  const links = courses.map((course) => `<li><a href="/courses/${escapeHtml(course.slug)}">${escapeHtml(course.title)}</a></li>`)
  return `<main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(summary)}</p><ul>${links.join('')}</ul></main>`
}

/** What the page of an offer is about. */
export const aboutOffer = (offer: Offer, school: Shown): About => {
  const { id, title, summary } = offer
  const path = `/offers/${id}`
  const data = { '@context': 'https://schema.org', '@type': 'Product', name: title, description: summary || title, url: `${school.url}${path}` }
  return { title, summary, path, data, reading: reading(offer) }
}
