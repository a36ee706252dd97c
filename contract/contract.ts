import { accounts } from './accounts.ts'
import { captions } from './captions.ts'
import { courses } from './courses.ts'
import { learning } from './learning.ts'
import { media } from './media.ts'
import { operations } from './operations.ts'
import { payments } from './payments.ts'
import { recipes } from './recipes.ts'

/** The whole promise. A feature is one word here, in `core/`, and in `web/src/features/`. */
export const contract = { accounts, captions, courses, learning, media, operations, payments, recipes }
export type Contract = typeof contract
