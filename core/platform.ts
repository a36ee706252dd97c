import type { Contract } from '#contract/contract.ts'
import { accounts } from './accounts/accounts.ts'
import { captions } from './captions/captions.ts'
import { content } from './content/content.ts'
import { courses } from './courses/courses.ts'
import { files } from './files/files.ts'
import { grants } from './grants/grants.ts'
import type { Feature } from './handlers.ts'
import { learning } from './learning/learning.ts'
import { media } from './media/media.ts'
import { memberships } from './memberships/memberships.ts'
import { money } from './money/money.ts'
import { notices } from './notices/notices.ts'
import { offers } from './offers/offers.ts'
import { operations } from './operations/operations.ts'
import { payments } from './payments/payments.ts'
import { receipts } from './receipts/receipts.ts'
import { recipes } from './recipes/recipes.ts'
import { refunds } from './refunds/refunds.ts'
import { seats } from './seats/seats.ts'
import { series } from './series/series.ts'
import { watching } from './watching/watching.ts'

/** Every feature that keeps a part of the contract: one left out does not compile. */
export const features: { [K in keyof Contract]: Feature<Contract[K]> } = {
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

const parts = [...Object.values(features), notices]

export const hearings = parts.flatMap((part) => part.hearings)
export const timers = parts.flatMap((part) => part.timers)
