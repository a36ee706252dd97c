import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { type Question, SentQuestion } from '#contract/questions.ts'

/** The id of a question that was given none: the same whenever the same words are read again. */
const ownId = (prompt: string, nth: number): string => `qst_${createHash('sha256').update(`${nth} ${prompt}`).digest('hex').slice(0, 20)}`

/** Questions of which each has an id; those that have none are named by what they ask. */
export const named = (questions: readonly SentQuestion[]): Question[] => {
  const taken = new Set(questions.flatMap(({ id }) => id ?? []))
  return questions.map((question) => {
    if (question.id !== undefined) return { ...question, id: question.id }
    let nth = 1
    while (taken.has(ownId(question.prompt, nth))) nth += 1
    const id = ownId(question.prompt, nth)
    taken.add(id)
    return { ...question, id }
  })
}

/** Whether `named` gives it this id again, so that nobody need write it down. */
export const isOwnId = ({ id, prompt }: Question, among: readonly Question[]): boolean =>
  id === ownId(prompt, 1) && among.filter((each) => each.prompt === prompt).length === 1

export const sharesIds = (questions: readonly SentQuestion[]): boolean => {
  const ids = questions.flatMap(({ id }) => id ?? [])
  return new Set(ids).size < ids.length
}

/** As lessons store them; the oldest have no ids. */
export const StoredQuestions = z.pipe(
  z.array(SentQuestion),
  z.transform((questions: SentQuestion[]) => named(questions)),
)
