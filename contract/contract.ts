import { accounts } from './accounts.ts'
import { alerts } from './alerts.ts'
import { announcements } from './announcements.ts'
import { assignments } from './assignments.ts'
import { audit } from './audit.ts'
import { calendar } from './calendar.ts'
import { captions } from './captions.ts'
import { certificates } from './certificates.ts'
import { content } from './content.ts'
import { courses } from './courses.ts'
import { files } from './files.ts'
import { grants } from './grants.ts'
import { helpers } from './helpers.ts'
import { insights } from './insights.ts'
import { learning } from './learning.ts'
import { media } from './media.ts'
import { memberships } from './memberships.ts'
import { money } from './money.ts'
import { notes } from './notes.ts'
import { notifications } from './notifications.ts'
import { offers } from './offers.ts'
import { operations } from './operations.ts'
import { payments } from './payments.ts'
import { people } from './people.ts'
import { pictures } from './pictures.ts'
import { privacy } from './privacy.ts'
import { quizzes } from './quizzes.ts'
import { receipts } from './receipts.ts'
import { recipes } from './recipes.ts'
import { refunds } from './refunds.ts'
import { reviews } from './reviews.ts'
import { search } from './search.ts'
import { seats } from './seats.ts'
import { series } from './series.ts'
import { storefront } from './storefront.ts'
import { talk } from './talk.ts'
import { todo } from './todo.ts'
import { tokens } from './tokens.ts'
import { versions } from './versions.ts'
import { watching } from './watching.ts'
import { webhooks } from './webhooks.ts'

/** The whole promise. A feature is one word here, in `core/`, and in `web/src/features/`. */
export const contract = {
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
export type Contract = typeof contract
