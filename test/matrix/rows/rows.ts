import type { Contract } from '#contract/contract.ts'
import type { Row } from '../row.ts'
import { announcements } from './announcements.ts'
import { assignments } from './assignments.ts'
import { calendar } from './calendar.ts'
import { captions } from './captions.ts'
import { certificates } from './certificates.ts'
import { content } from './content.ts'
import { courses } from './courses.ts'
import { files } from './files.ts'
import { insights } from './insights.ts'
import { learning, notes, pictures, search, watching } from './learning.ts'
import { media, recipes, versions } from './media.ts'
import { memberships, money, offers, payments, receipts, refunds, seats } from './money.ts'
import { accounts, alerts, audit, grants, helpers, notifications, operations, people, privacy, storefront, tokens, webhooks } from './people.ts'
import { quizzes } from './quizzes.ts'
import { series } from './series.ts'
import { reviews, talk, todo } from './talk.ts'

/** A row for each route of the contract. */
export const rows: { [F in keyof Contract]: { [V in keyof Contract[F]]: object } } = {
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

/** By the names of their routes, for whoever has only those: what a row makes of things suits its own route. */
export const rowsByName = (): Map<string, Row> =>
  new Map(
    Object.entries(rows).flatMap(([feature, verbs]) =>
      // Each is a row of its feature's own type.
      Object.entries(verbs).map(([verb, row]): [string, Row] => [`${feature}.${verb}`, row as Row]),
    ),
  )
