import type { PublishedCourse } from '#contract/catalogue.ts'
import type { PublishedPreview } from '#contract/published-page.ts'
import { escapeHtml } from '#core/html.ts'
import type { About } from '#core/shell.ts'
import type { Shown } from '#core/storefront/brand.ts'
import { salesData } from './sales.ts'

const dataOf = (course: PublishedCourse, { url, schoolName }: Shown): object => {
  const { title, summary, slug } = course
  const sales = salesData(course)
  const about = {
    '@context': 'https://schema.org',
    '@type': 'Course',
    name: title,
    description: summary || title,
    url: `${url}/courses/${slug}`,
    provider: { '@type': 'Organization', name: schoolName, sameAs: url },
    ...sales.course,
  }
  return sales.questions ? [about, sales.questions] : about
}

/** What search engines and people without scripts read, until the app takes its place. */
const reading = (course: PublishedCourse): string => {
  const sections = course.sections.map(
    ({ title, lessons }) => `<h2>${escapeHtml(title)}</h2><ol>${lessons.map((lesson) => `<li>${escapeHtml(lesson.title)}</li>`).join('')}</ol>`,
  )
  return `<main><h1>${escapeHtml(course.title)}</h1><p>${escapeHtml(course.summary)}</p><p>${escapeHtml(course.teacher)}</p>${sections.join('')}</main>`
}

/** What the page of a course is about, for search engines and link previews. */
export const aboutCourse = (course: PublishedCourse, school: Shown): About => {
  const { title, summary, slug } = course
  return { title, summary, path: `/courses/${slug}`, data: dataOf(course, school), reading: reading(course), isQuoted: true }
}

/** What the page of a free preview is about. */
export const aboutPreview = ({ view: { id, title, about, curriculum } }: PublishedPreview, { url }: Shown): About => {
  const { course } = curriculum
  const [summary, path] = [about.summary ?? `${title} · ${course.title}`, `/learn/${course.slug}/${id}`]
  const data = {
    ...{ '@context': 'https://schema.org', '@type': 'LearningResource', name: title, description: summary, url: `${url}${path}`, isAccessibleForFree: true },
    isPartOf: { '@type': 'Course', name: course.title, url: `${url}/courses/${course.slug}` },
  }
  const reading = `<main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(summary)}</p><p><a href="/courses/${escapeHtml(course.slug)}">${escapeHtml(course.title)}</a></p></main>`
  return { title, summary, path, data, reading }
}
