import { accounts } from './accounts.ts'
import { captions } from './captions.ts'
import { content } from './content.ts'
import { courses } from './courses.ts'
import { files } from './files.ts'
import { grants } from './grants.ts'
import { learning } from './learning.ts'
import { media } from './media.ts'
import { memberships } from './memberships.ts'
import { money } from './money.ts'
import { offers } from './offers.ts'
import { operations } from './operations.ts'
import { payments } from './payments.ts'
import { receipts } from './receipts.ts'
import { recipes } from './recipes.ts'
import { refunds } from './refunds.ts'
import { seats } from './seats.ts'
import { series } from './series.ts'
import { watching } from './watching.ts'

/** The whole promise. A feature is one word here, in `core/`, and in `web/src/features/`. */
export const contract = {
  accounts,
  captions,
  content,
  courses,
  files,
  grants,
  learning,
  media,
  memberships,
  money,
  offers,
  operations,
  payments,
  receipts,
  recipes,
  refunds,
  seats,
  series,
  watching,
}
export type Contract = typeof contract
