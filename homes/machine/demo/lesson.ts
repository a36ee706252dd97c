import type { AssignmentRules } from '#contract/assignments.ts'
import type { SentQuestion } from '#contract/questions.ts'
import type { SalesPage } from '#contract/sales-page.ts'

/** One slide of a lecture that is made at the first start. */
export type DemoSlide = { heading: string; lines: string[]; seconds: number }

/** A page to take home, made at the first start. */
export type DemoHandout = { name: string; title: string; lines: string[] }

export type DemoLesson = { title: string; text: string; isPreview?: boolean; handout?: DemoHandout } & (
  | { kind: 'article' }
  | { kind: 'video'; slides: DemoSlide[] }
  | { kind: 'quiz'; questions: SentQuestion[] }
  | { kind: 'assignment'; rules: AssignmentRules }
)

export type DemoCourse = {
  title: string
  summary: string
  description: string
  outcomes: string[]
  amountMinor: number
  isPublished: boolean
  sales?: SalesPage
  sections: { title: string; lessons: DemoLesson[] }[]
}
