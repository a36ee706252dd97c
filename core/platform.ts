import type { Contract } from '#contract/contract.ts'
import { accounts } from './accounts/accounts.ts'
import { alerts } from './alerts/alerts.ts'
import { announcements } from './announcements/announcements.ts'
import { assignments } from './assignments/assignments.ts'
import { audit } from './audit/audit.ts'
import { calendar } from './calendar/calendar.ts'
import { captions } from './captions/captions.ts'
import { certificates } from './certificates/certificates.ts'
import { content } from './content/content.ts'
import { courses } from './courses/courses.ts'
import { files } from './files/files.ts'
import { grants } from './grants/grants.ts'
import type { Feature } from './handlers.ts'
import { helpers } from './helpers/helpers.ts'
import { insights } from './insights/insights.ts'
import { learning } from './learning/learning.ts'
import { media } from './media/media.ts'
import { memberships } from './memberships/memberships.ts'
import { money } from './money/money.ts'
import { notes } from './notes/notes.ts'
import { notices } from './notices/notices.ts'
import { notifications } from './notifications/notifications.ts'
import { offers } from './offers/offers.ts'
import { operations } from './operations/operations.ts'
import { payments } from './payments/payments.ts'
import { people } from './people/people.ts'
import { pictures } from './pictures/pictures.ts'
import { privacy } from './privacy/privacy.ts'
import { quizzes } from './quizzes/quizzes.ts'
import { receipts } from './receipts/receipts.ts'
import { recipes } from './recipes/recipes.ts'
import { refunds } from './refunds/refunds.ts'
import { reviews } from './reviews/reviews.ts'
import { search } from './search/search.ts'
import { seats } from './seats/seats.ts'
import { series } from './series/series.ts'
import { storefront } from './storefront/storefront.ts'
import { talk } from './talk/talk.ts'
import { todo } from './todo/todo.ts'
import { tokens } from './tokens/tokens.ts'
import { versions } from './versions/versions.ts'
import { watching } from './watching/watching.ts'
import { webhooks } from './webhooks/webhooks.ts'

/** Every feature that keeps a part of the contract: one left out does not compile. */
export const features: { [K in keyof Contract]: Feature<Contract[K]> } = {
  accounts,
  alerts,
  announcements,
  assignments,
  audit,
  calendar,
  captions,
  certificates,
  content,
  courses,
  files,
  grants,
  helpers,
  insights,
  learning,
  media,
  memberships,
  money,
  notes,
  notifications,
  offers,
  operations,
  payments,
  people,
  pictures,
  privacy,
  quizzes,
  receipts,
  recipes,
  refunds,
  reviews,
  search,
  seats,
  series,
  storefront,
  talk,
  todo,
  tokens,
  versions,
  watching,
  webhooks,
}

const parts = [...Object.values(features), notices]

export const hearings = parts.flatMap((part) => part.hearings)
export const timers = parts.flatMap((part) => part.timers)
