import type { quizzes as contract } from '#contract/quizzes.ts'
import type { Feature } from '#core/handlers.ts'
import { answered, begin, openQuiz, sat } from './attempts.ts'
import { addBank, bankHearings, listBanks, readBank, removeBank, writeBank } from './banks.ts'
import { shownAttempt, shownQuiz } from './shown.ts'
import { tallyHearings } from './tallies.ts'
import { write } from './write.ts'

export const quizzes: Feature<typeof contract> = {
  handlers: {
    open: shownQuiz,
    start: async (world, actor, { lesson }) => shownAttempt(world, await begin(world, actor, lesson)),
    attempt: async (world, actor, { lesson, number }) => shownAttempt(world, await sat(world, (await openQuiz(world, actor, lesson)).ids, number)),
    answer: async (world, actor, input) => shownAttempt(world, await answered(world, actor, input)),
    write,
    banks: listBanks,
    addBank,
    bank: readBank,
    writeBank,
    removeBank,
  },
  hearings: [...bankHearings, ...tallyHearings],
  timers: [],
}
