import type { quizzes as contract } from '#contract/quizzes.ts'
import type { Feature } from '#core/handlers.ts'

export const quizzes: Feature<typeof contract> = { handlers: {}, hearings: [], timers: [] }
