import type { AskedQuestion, MarkedAnswer } from '#contract/questions.ts'

/** By question, which options are chosen; both count from 0. */
export type Answers = readonly (readonly number[])[]

export const nothingChosen = (questions: readonly AskedQuestion[]): Answers => questions.map(() => [])

/** An option is chosen, or left again where several may be. */
export const withChoice = (answers: Answers, { question, option, kind }: { question: number; option: number; kind: AskedQuestion['kind'] }): Answers =>
  answers.map((chosen, place) => {
    if (place !== question) return chosen
    if (kind === 'single') return [option]
    return chosen.includes(option) ? chosen.filter((each) => each !== option) : [...chosen, option].toSorted((a, b) => a - b)
  })

/** Questions with one right answer that have none yet. Of the others, none may be right. */
export const unanswered = (questions: readonly AskedQuestion[], answers: Answers): number[] =>
  questions.flatMap(({ kind }, place) => (kind === 'single' && (answers[place]?.length ?? 0) === 0 ? [place] : []))

export const sentAnswers = (answers: Answers): { question: number; options: number[] }[] =>
  answers.map((options, question) => ({ question, options: [...options] }))

export const rightOf = (marked: readonly MarkedAnswer[]): number => marked.filter(({ isRight }) => isRight).length
