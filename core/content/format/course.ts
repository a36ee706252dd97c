import * as z from 'zod/mini'
import type { Money } from '#contract/base.ts'
import type { CompletionRule } from '#contract/completion.ts'
import { inWords, minorDigits } from '#contract/currency.ts'
import { SectionOpening } from '#contract/opening.ts'
import { CourseDocument, type Reading, SectionDocument } from './documents.ts'
import type { KnownKeys } from './findings.ts'
import { joined } from './front-matter.ts'
import { isMoment } from './moment.ts'
import { filled, read, said, YesNo } from './said.ts'

const FREE = 'free'
const MOST_MINOR = 100_000_000

/** `49 EUR`, `49.00 EUR`, `7500 JPY`. Counted without fractions of a number, which would not be exact. */
const amountIn = (text: string): Money | undefined => {
  const [, whole = '', fraction = '', currency = ''] = /^(\d{1,9})(?:\.(\d{1,4}))? ([A-Z]{3})$/.exec(text) ?? []
  const digits = minorDigits(currency)
  const amountMinor = Number(whole + fraction.padEnd(digits, '0'))
  return currency === '' || fraction.length > digits || amountMinor > MOST_MINOR ? undefined : { amountMinor, currency }
}

type Prices = { price: Money | undefined; otherPrices: Money[] }

/** The first is the school's own; it alone may be `free`. */
const pricesIn = (said: string | string[]): Prices | undefined => {
  const [first = FREE, ...others] = typeof said === 'string' ? [said] : said
  const [price, otherPrices] = [amountIn(first), others.flatMap((each) => amountIn(each) ?? [])]
  return (price ?? first) && (price || first === FREE) && otherPrices.length === others.length ? { price, otherPrices } : undefined
}

const PRICE_SAYS = 'has to be an amount and a currency, such as 49.00 EUR, a list of them, or free'

const Price = z.pipe(
  z
    .union([z.string(), z.array(z.string()).check(z.minLength(1), z.maxLength(21))], PRICE_SAYS)
    .check(z.refine((text) => pricesIn(text) !== undefined, PRICE_SAYS)),
  z.transform((text): Prices => pricesIn(text) ?? { price: undefined, otherPrices: [] }),
)

const PERCENT = /^([1-9]\d|100) ?%$/

const Completion = z.pipe(
  z.string().check(z.refine((text) => text === 'learner' || PERCENT.test(text), 'has to be a share that is watched, such as 90 %, from 10 to 100, or learner')),
  z.transform((text): CompletionRule => (text === 'learner' ? { by: 'learner' } : { by: 'watching', percent: Number(PERCENT.exec(text)?.[1]) })),
)

const DAYS = /^([1-9]\d{0,3}) days?$/

const openingIn = (text: string): SectionOpening | undefined => {
  const days = DAYS.exec(text)?.[1]
  if (days === undefined) return isMoment(text) ? { by: 'date', at: new Date(text).toISOString() } : undefined
  return SectionOpening.safeParse({ by: 'days', days: Number(days) }).data
}

const OPENS_SAYS = 'has to be days after a learner’s beginning, such as 7 days, up to 3650, or a moment such as 2026-06-01T18:00+02:00'

const Opens = z.pipe(
  z.string().check(z.refine((text) => openingIn(text) !== undefined, OPENS_SAYS)),
  z.transform((text) => openingIn(text)),
)

const { id, title, summary, outcomes, teacher, requires } = CourseDocument.shape

const isEachOnce = (names: readonly string[]): boolean => new Set(names).size === names.length

const CourseHead = z.object({
  ...{ title, id, summary, outcomes, price: z.optional(Price), completion: z.optional(Completion), teacher, published: z._default(YesNo, true) },
  ...{ sequential: z._default(YesNo, false), after: requires },
  sections: z._default(
    z.array(z.extend(SectionDocument, { opens: z.optional(Opens) })).check(
      z.maxLength(100),
      z.refine((list) => isEachOnce(list.map(({ folder }) => folder)), 'a folder is named twice'),
    ),
    [],
  ),
})

const KNOWN: KnownKeys = { '': Object.keys(CourseHead.shape), sections: ['folder', 'title', 'id', 'opens'] }

/** Reads the file of a course. */
export const readCourse = (file: string): Reading<CourseDocument> =>
  read(file, {
    head: CourseHead,
    known: KNOWN,
    make: ({ price, published, sequential, after, ...head }, description) =>
      CourseDocument.safeParse(
        said({
          ...{ ...head, price: price?.price, otherPrices: price?.otherPrices, isPublished: published, isSequential: sequential, requires: after, description },
        }),
      ),
  })

const completionHead = (rule: CompletionRule | undefined): string | undefined => {
  if (rule === undefined) return undefined
  return rule.by === 'learner' ? 'learner' : `${rule.percent} %`
}

const priceHead = ({ price, otherPrices }: CourseDocument): string | string[] | undefined => {
  const own = price && inWords(price)
  return otherPrices.length === 0 ? own : [own ?? FREE, ...otherPrices.map(inWords)]
}

const openingHead = (opens: SectionOpening | undefined): string | undefined => {
  if (opens?.by !== 'days') return opens?.at
  return opens.days === 1 ? '1 day' : `${opens.days} days`
}

/** Writes the file of a course, so that reading it gives the same course. */
export const writeCourse = (course: CourseDocument): string =>
  joined(
    said({
      title: course.title,
      id: course.id,
      summary: course.summary === '' ? undefined : course.summary,
      outcomes: filled(course.outcomes),
      price: priceHead(course),
      completion: completionHead(course.completion),
      teacher: course.teacher,
      published: course.isPublished ? undefined : false,
      sequential: course.isSequential || undefined,
      after: filled(course.requires),
      sections: filled(course.sections.map(({ opens, ...section }) => said({ ...section, opens: openingHead(opens) }))),
    }),
    course.description,
  )
