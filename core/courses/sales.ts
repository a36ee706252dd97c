import type { PublishedCourse } from '#contract/catalogue.ts'
import type { SalesPage } from '#contract/sales-page.ts'
import { Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import { lessonRecords, type StoredCourse } from './records.ts'

/** A trailer is a video of this very course that everybody may watch. */
export const checkTrailer = async (tables: Tables, { id, sections }: StoredCourse, { trailer }: SalesPage): Promise<void> => {
  if (trailer === undefined) return
  const lesson = (await lessonRecords.get(tables, { id: trailer }))?.value
  const isHere = lesson?.course === id && sections.some(({ lessons }) => lessons.includes(trailer))
  if (!isHere || lesson.kind !== 'video' || !lesson.isPreview) throw new Refusal('bad-input', 'A trailer is a video lesson of this course with a free preview.')
}

/** Of a copy of the course: its trailer is the copy's own. */
export const copiedSales = ({ trailer, ...sales }: SalesPage, names: ReadonlyMap<string, string>): SalesPage => {
  const own = trailer === undefined ? undefined : names.get(trailer)
  return { ...sales, ...(own !== undefined && { trailer: own }) }
}

/** Letters and signs without what Markdown means by them, for whoever reads no Markdown. */
const plain = (markdown: string): string =>
  markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`#>~]/g, '')
    .replace(/\s+/g, ' ')
    .trim()

/** What search engines are told of reviews and questions: only what the page itself shows. */
export const salesData = ({ rating, sales }: PublishedCourse): { course: object; questions: object | undefined } => ({
  course: rating
    ? { aggregateRating: { '@type': 'AggregateRating', ratingValue: rating.average, reviewCount: rating.count, bestRating: 5, worstRating: 1 } }
    : {},
  questions:
    sales && sales.questions.length > 0
      ? {
          '@context': 'https://schema.org',
          '@type': 'FAQPage',
          mainEntity: sales.questions.map(({ question, answer }) => ({
            '@type': 'Question',
            name: question,
            acceptedAnswer: { '@type': 'Answer', text: plain(answer) },
          })),
        }
      : undefined,
})
