import type { PublishedCourse } from '#contract/catalogue.ts'
import { escapeHtml } from '#core/html.ts'
import { pageWith } from '#core/shell.ts'
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

/** The app's own page with a course's title, metadata and text in it, for search engines and link previews. */
export const coursePage = ({ shell, course, settings }: { shell: string; course: PublishedCourse; settings: Shown }): string => {
  const { title, summary, slug } = course
  return pageWith(shell, settings, { title, summary, path: `/courses/${slug}`, data: dataOf(course, settings), reading: reading(course), isQuoted: true })
}
