import { publicationRecords } from '#core/courses/records.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { reviewRecords } from '#core/reviews/records.ts'
import { write } from './write.ts'

/** The teacher is told once of each review that somebody reports. */
const reported = hearing('notices.review-reported', 'review.reported', async (world, { review: id, course }, { id: event }) => {
  const [review, publication] = [await reviewRecords.get(world.tables, { id }), await publicationRecords.get(world.tables, { id: course })]
  if (!review || !publication) return
  const reason = review.value.reports[0]?.reason ?? ''
  const content = {
    subject: `A review of “${publication.value.title}” was reported`,
    paragraphs: [`Somebody reported what ${review.value.name} wrote of your course:`, `“${reason}”`, 'It stays in sight until you decide otherwise.'],
    action: { label: 'Look at the reviews', url: `${world.settings.url}/teach/courses/${course}/page#reviews` },
  }
  await write(world, { id: `${id}.reported`, event, kind: 'notice', person: publication.value.teacherId, content })
})

/** Letters about reviews. */
export const reviewLetters: readonly Hearing[] = [reported]
