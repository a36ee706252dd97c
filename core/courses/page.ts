import type { PublishedCourse } from '#contract/catalogue.ts'
import { escapeHtml } from '#core/html.ts'
import type { Settings } from '#ports/world.ts'

/** JSON inside a script element: `<` would let a title end it. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c')

const metadata = (course: PublishedCourse, { url, schoolName }: Settings): string => {
  const address = `${url}/courses/${course.slug}`
  const describing = course.summary || course.title
  const meta = [
    ['name', 'description', describing],
    ['property', 'og:type', 'website'],
    ['property', 'og:site_name', schoolName],
    ['property', 'og:title', course.title],
    ['property', 'og:description', describing],
    ['property', 'og:url', address],
    ['name', 'twitter:card', 'summary'],
  ].map(([kind, name, content]) => `<meta ${kind}="${name}" content="${escapeHtml(content ?? '')}">`)
  const data = {
    '@context': 'https://schema.org',
    '@type': 'Course',
    name: course.title,
    description: describing,
    url: address,
    provider: { '@type': 'Organization', name: schoolName, sameAs: url },
  }
  return [...meta, `<link rel="canonical" href="${escapeHtml(address)}">`, `<script type="application/ld+json">${scriptJson(data)}</script>`].join('\n')
}

/** What search engines and people without scripts read, until the app takes its place. */
const reading = (course: PublishedCourse): string => {
  const sections = course.sections.map(
    ({ title, lessons }) => `<h2>${escapeHtml(title)}</h2><ol>${lessons.map((lesson) => `<li>${escapeHtml(lesson.title)}</li>`).join('')}</ol>`,
  )
  return `<main><h1>${escapeHtml(course.title)}</h1><p>${escapeHtml(course.summary)}</p><p>${escapeHtml(course.teacher)}</p>${sections.join('')}</main>`
}

/** The app's own page with a course's title, metadata and text in it, for search engines and link previews. */
export const coursePage = ({ shell, course, settings }: { shell: string; course: PublishedCourse; settings: Settings }): string =>
  shell
    .replace(/<title>[^<]*<\/title>/, () => `<title>${escapeHtml(course.title)} · ${escapeHtml(settings.schoolName)}</title>\n${metadata(course, settings)}`)
    .replace(/<div id="app">\s*<\/div>/, () => `<div id="app"><noscript>${reading(course)}</noscript></div>`)
